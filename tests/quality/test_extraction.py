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

from briefing.clean.json_ld import ARTICLES, is_kind, json_ld
from briefing.clean.markup import parse_html
from briefing.clean.metadata import page_metadata
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
METADATA = {"title": 0.78, "author": 0.67, "date": 0.92}
"""Floors of the shares that agree with the pages' own JSON-LD once that is taken out; on 97, 83
and 96 pages."""

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
        nodes, _ = json_ld(page.tree)
        gold = next((node for node in nodes if is_kind(node, ARTICLES)), None)
        site = site_name(row["url"])
        stated = page_metadata(page.tree, site=site, fetched=now)
        for script in list(page.tree.iter("script")):
            script.drop_tree()
        found = page_metadata(page.tree, site=site, fetched=now)
        if gold is None:
            continue
        for what, one, other in (
            ("title", unescape(str(gold.get("headline") or "")), found.title or ""),
            ("author", gold.get("author") and stated.author, found.author or ""),
            ("date", day(gold.get("datePublished"), now), day_of(found.dates, now)),
        ):
            if isinstance(one, str) and one:
                told[what] += 1
                right[what] += bool(other) and same(what, one, str(other))
    for what, floor in METADATA.items():
        assert right[what] / told[what] >= floor, (what, right, told)


def same(what: str, one: str, other: str) -> bool:
    first, second = (" ".join(each.split()).casefold() for each in (one, other))
    if what == "author":
        return first in second or second in first
    return first == second


def day(stamp: object, now: datetime) -> str | None:
    """Return the day in UTC, None if there is none."""
    zone = ZoneInfo("UTC")
    found = parse_date(str(stamp or ""), language="en", zone=zone, now=now)
    return found.moment.date().isoformat() if found else None


def day_of(stamps: Iterable[str], now: datetime) -> str | None:
    return next(filter(None, (day(stamp, now) for stamp in stamps)), None)
