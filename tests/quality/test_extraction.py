"""How much of an article comes out of a web page, and how little else."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.clean.bylines import stated_names
from briefing.clean.json_ld import ARTICLES, is_kind, json_ld
from briefing.clean.markup import parse_html
from briefing.clean.metadata import page_metadata
from briefing.clean.names import authors
from briefing.clean.page import read_page
from briefing.clean.urls import site_name
from briefing.text import parse_date

PAGES = (
    Path(__file__).parents[3]
    / "shared"
    / "data"
    / "extraction"
    / "scrapinghub.jsonl.xz"
)
FLOOR = 0.972
"""F1 over the 181 pages; measured .9724 with trafilatura 2.3.1 as the second opinion; trafilatura alone .9525 by this test."""
METADATA = {"title": 0.84, "date": 0.92, "author": 0.87, "same authors": 0.82}
"""Floors of the shares that agree with the pages' own JSON-LD once that is taken out; on 97, 96,
81 and 81 pages. “author”: all whom JSON-LD names are found; “same authors”: and nobody else. On
four of the 81 pages no author is to be seen, on one JSON-LD leaves out who the page names."""

pytestmark = [
    pytest.mark.quality,
    pytest.mark.slow,
    pytest.mark.skipif(
        not PAGES.is_file(), reason="../shared/data/extraction is not here"
    ),
]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text)
    return Counter(
        tuple(tokens[at : at + 4]) for at in range(max(1, len(tokens) - 3)) if tokens
    )


def f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Score pairs of found and true text as the benchmark does."""
    precisions, recalls = [], []
    for found, true in ((shingles(one), shingles(other)) for one, other in pairs):
        right = (found & true).total()
        precisions.append(right / found.total() if found else float(not true))
        recalls.append(right / true.total() if true else float(not found))
    precision = sum(precisions) / len(precisions)
    recall = sum(recalls) / len(recalls)
    return 2 * precision * recall / (precision + recall)


def test_scrapinghub():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with lzma.open(PAGES, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    pairs = [
        (read_page(row["html"], url=row["url"], fetched=now).text, row["text"])
        for row in rows
    ]
    assert f1(pairs) >= FLOOR


def test_metadata_without_json_ld():
    """What a page without JSON-LD would give, against the JSON-LD of pages that have it."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    right: Counter[str] = Counter()
    told: Counter[str] = Counter()
    with lzma.open(PAGES, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        page = parse_html(row["html"])
        assert page is not None
        nodes, by_id = json_ld(page.tree)
        gold = next((node for node in nodes if is_kind(node, ARTICLES)), None)
        site = site_name(row["url"])
        stated = page_metadata(page.tree, site=site, fetched=now)
        for script in list(page.tree.iter("script")):
            script.drop_tree()
        found = page_metadata(page.tree, site=site, fetched=now)
        if gold is None:
            continue
        # What the page shows is no gold where JSON-LD names the outlet alone.
        outlets = filter(None, (stated.outlet, site))
        persons = names(authors(stated_names(gold, by_id), outlets=outlets))
        ours = names(found.author)
        title = folded(unescape(str(gold.get("headline") or "")))
        date = day(gold.get("datePublished"), now)
        for what, one, agrees in (
            ("title", title, title == folded(found.title or "")),
            ("date", date, date == day_of(found.dates, now)),
            ("author", persons, persons <= ours),
            ("same authors", persons, persons == ours),
        ):
            told[what] += bool(one)
            right[what] += bool(one) and agrees
    print({what: round(right[what] / count, 3) for what, count in told.items()})
    for what, floor in METADATA.items():
        assert right[what] / told[what] >= floor, (what, right, told)


def names(authors: str | None) -> set[str]:
    return set(authors.casefold().split(", ")) if authors else set()


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def day(stamp: object, now: datetime) -> str | None:
    """Return the day in UTC, None if there is none."""
    zone = ZoneInfo("UTC")
    found = parse_date(str(stamp or ""), language="en", zone=zone, now=now)
    return found.moment.date().isoformat() if found else None


def day_of(stamps: Iterable[str], now: datetime) -> str | None:
    return next(filter(None, (day(stamp, now) for stamp in stamps)), None)
