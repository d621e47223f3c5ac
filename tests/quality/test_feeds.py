"""Every feed of three public collections is read, and none worse than by feedparser.

The archives are read in memory and never unpacked.
"""

from __future__ import annotations

import ast
import calendar
import io
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import feedparser
import pytest

from briefing.gather.charset import decode
from briefing.gather.entries import Entry
from briefing.gather.markup import plain
from briefing.gather.moments import published
from briefing.gather.parsing import parse_feed
from briefing.gather.strict_feed import parse_strict
from briefing.gather.xml_feed import parse_xml
from briefing.text import EARLIEST

FEEDS = Path(__file__).parents[3] / "shared" / "data" / "feeds"
SLOWEST = 2.0
"""Seconds allowed for one feed."""

FLOORS = {
    "feedparser_tests.tar.xz": (2_107, 1_195),
    "feedvalidator_testcases.tar.xz": (2_213, 1_301),
    "miniflux_reader_testdata.tar.xz": (27, 13),
}
"""Files in each archive, and how many of them must at least be read as feeds with entries."""

URL = "http://a.example/dir/feed.xml"

STRICT = {
    "feedparser_tests.tar.xz": 1_140,
    "feedvalidator_testcases.tar.xz": 1_240,
    "miniflux_reader_testdata.tar.xz": 12,
}
"""How many of them must at least be read without feedparser."""

DIFFERENT = {
    "entity_in_doctype.xml",  # feedparser is not given the document type
    "missing-self.xml",  # an entry within an entry's source is no entry of the feed
    "source-entry.xml",
    "entry_content_not_inline.xml",  # HTML as text where XHTML is declared: read as HTML
    "entry_content_not_inline_cdata.xml",
    "entry_summary_not_inline_cdata.xml",
    "link-no-href.xml",  # a link that leads nowhere leaves the id, which is none either
    "valid_dc_all.xml",  # the feed's title comes before its Dublin Core title
}
"""Files of which the two readers say different things."""

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not FEEDS.is_dir(), reason="no ../shared/data/feeds"),
]


def cases(archive: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(FEEDS / archive) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            suffix = Path(member.name).suffix
            if content is not None and suffix in (".xml", ".json", ".html", ".opml"):
                yield member.name, content.read()


@pytest.mark.parametrize("archive", FLOORS)
def test_every_feed_is_read(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    began = perf_counter()
    for name, body in cases(archive):
        start = perf_counter()
        feed = parse_feed(body, url="http://a.example/feed")
        slowest = max(slowest, (perf_counter() - start, name))
        counts["files"] += 1
        counts["with entries"] += bool(feed.entries)
        counts[feed.problem[0] if feed.problem else "read"] += 1
    with capsys.disabled():
        print(f"\n{archive}: {dict(counts)}", end=" ")
        print(
            f"in {perf_counter() - began:.1f} s, slowest {slowest[0]:.3f} s {slowest[1]}"
        )
    files, with_entries = FLOORS[archive]
    assert counts["files"] >= files
    assert counts["with entries"] >= with_entries
    assert slowest[0] < SLOWEST


def said(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "date": entry.stamp,
        "content": plain(entry.content),
        "summary": plain(entry.summary),
        "language": entry.language,
        "outlet": entry.outlet,
    }


@pytest.mark.parametrize("archive", FLOORS)
def test_both_readers_say_the_same(
    archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    different = set()
    read = 0
    for name, body in cases(archive):
        text = decode(body, None)
        quick = parse_strict(text.encode("utf-8", "replace"), url=URL)
        if quick is None:
            continue
        read += 1
        slow = parse_xml(text, url=URL)
        same = (quick.title, quick.language) == (slow.title, slow.language)
        one, other = ([said(each) for each in feed.entries] for feed in (quick, slow))
        if not same or one != other:
            different.add(Path(name).name)
    with capsys.disabled():
        print(f"\n{archive}: {read} read strictly, {len(different)} differently")
    assert read >= STRICT[archive]
    assert different <= DIFFERENT


KEYS = {
    "title": "title",
    "link": "link",
    "id": "id",
    "guid": "id",
    "summary": "summary",
}
EXPECT = re.compile(rb"Expect:\s*(.*?)\s*-->", re.DOTALL)


def wanted(body: bytes) -> tuple[str, str] | None:
    """Return the key of the first entry, or of the feed's title, and what is expected of it."""
    found = EXPECT.search(body)
    source = (
        found[1].decode("utf-8", "replace").removeprefix("not bozo and ")
        if found
        else ""
    )
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if not (isinstance(tree, ast.Compare) and isinstance(tree.ops[0], ast.Eq)):
        return None
    place, value = ast.unparse(tree.left), tree.comparators[0]
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return None
    for name, key in KEYS.items():
        if place == f"entries[0]['{name}']":
            return key, value.value
    if place == "entries[0]['content'][0]['value']":
        return "content", value.value
    return ("feed", value.value) if place == "feed['title']" else None


def flat(text: str | None) -> str:
    """Return a text without markup and blanks, escaped once or twice."""
    return "".join(plain(plain(text or "")).split())


def ours(body: bytes, key: str) -> str:
    feed = parse_feed(body, url="")
    if key == "feed":
        return flat(feed.title)
    return flat(said(feed.entries[0])[key]) if feed.entries else ""


def theirs(body: bytes, key: str) -> str:
    found = feedparser.parse(io.BytesIO(body))
    if key == "feed":
        return flat(found.feed.get("title"))
    entry = found.entries[0] if found.entries else {}
    if key == "content":
        return flat(entry["content"][0]["value"]) if entry.get("content") else ""
    return flat(entry.get(key))


@pytest.mark.filterwarnings("ignore")
def test_no_expectation_is_met_worse_than_by_feedparser(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: Counter[str] = Counter()
    worse = []
    for name, body in cases("feedparser_tests.tar.xz"):
        asked = wanted(body)
        if asked is None:
            continue
        key, value = asked
        expected = flat(value)
        counts["expected"] += 1
        counts["ours"] += (is_ours := ours(body, key) == expected)
        counts["feedparser"] += (is_theirs := theirs(body, key) == expected)
        if is_theirs and not is_ours:
            worse.append(f"{name} {key}: {ours(body, key)!r}, not {expected!r}")
    with capsys.disabled():
        print(f"\nexpectations: {dict(counts)}, worse: {len(worse)}")
        print("\n".join(worse))
    assert worse == []
    assert counts["ours"] >= 555


NOW = datetime(2026, 11, 21, tzinfo=UTC)

OTHER_DATES = {
    "2002-12-31T192030+01:00": "it has a time",
}
"""Dates that are read otherwise than by feedparser, each with the reason."""


def test_dates_are_read_as_by_feedparser(capsys: pytest.CaptureFixture[str]) -> None:
    from feedparser.datetimes import _parse_date

    entries = {
        entry.stamp: entry
        for archive in FLOORS
        for _, body in cases(archive)
        for entry in parse_feed(body, url=URL).entries
    }
    other = {}
    for stamp, entry in entries.items():
        parsed = _parse_date(stamp)
        theirs = parsed and datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        if theirs and EARLIEST <= theirs <= NOW:
            ours = published(entry, language=None, now=NOW)
            if ours is None or ours.replace(microsecond=0) != theirs:
                other[stamp] = (ours, theirs)
    with capsys.disabled():
        print(f"\n{len(entries)} dates, {len(other)} read otherwise: {other}")
    assert set(other) <= set(OTHER_DATES)
