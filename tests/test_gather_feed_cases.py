"""Feeds as they come: each a file under cases/feeds, beside what must be read of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.identity import addressed
from briefing.gather.markup import plain
from briefing.gather.moments import published
from briefing.gather.parsing import parse_feed

CASES = Path(__file__).parent / "cases" / "feeds"
NAMES = sorted(path.name.removesuffix(".out.json") for path in CASES.glob("*.out.json"))
NOW = datetime.fromisoformat("2024-12-01T06:30+07:00")
URL = "https://warta.example/rss/feed.xml"


def read(name: str, expected: dict[str, Any]) -> ParsedFeed:
    path = next(
        one for kind in ("xml", "json") if (one := CASES / f"{name}.{kind}").exists()
    )
    url, charset = expected.get("url", URL), expected.get("charset")
    return parse_feed(path.read_bytes(), url=url, charset=charset)


def told(entry: Entry, feed: ParsedFeed) -> dict[str, Any]:
    """What an entry says, in the words of the case files."""
    moment = published(entry, language=entry.language or feed.language, now=NOW)
    addresses = addressed(feed, source="warta", moment=lambda one: None)
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "outlet": entry.outlet,
        "published": moment,
        "content": plain(entry.content),
        "summary": plain(entry.summary),
        "address": next((url for one, url in addresses if one is entry), None),
    }


@pytest.mark.parametrize("name", NAMES)
def test_feeds_as_they_come(name: str) -> None:
    expected = json.loads((CASES / f"{name}.out.json").read_text("utf-8"))
    feed = read(name, expected)
    assert feed.problem is None
    assert feed.title == "Kabar Contoh"
    assert feed.language == expected.get("language", feed.language)
    assert len(feed.entries) == len(expected["entries"])
    for entry, wanted in zip(feed.entries, expected["entries"], strict=True):
        if wanted.get("published"):
            wanted["published"] = datetime.fromisoformat(wanted["published"])
        found = told(entry, feed)
        assert {key: found[key] for key in wanted} == wanted
    if "addresses" in expected:
        addresses = addressed(feed, source="warta", moment=lambda one: None)
        assert len({url for _, url in addresses}) == expected["addresses"]


def test_there_are_enough_cases() -> None:
    assert len(NAMES) >= 38
