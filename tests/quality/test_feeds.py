"""Every feed of three public collections is read without an uncaught exception.

The archives are read in memory and never unpacked.
"""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from briefing.gather.parsing import parse_feed

FEEDS = Path(__file__).parents[3] / "shared" / "data" / "feeds"
SLOWEST = 2.0
"""Seconds allowed for one feed."""

FLOORS = {
    "feedparser_tests.tar.xz": (2_107, 1_195),
    "feedvalidator_testcases.tar.xz": (2_213, 1_301),
    "miniflux_reader_testdata.tar.xz": (27, 13),
}
"""Files in each archive, and how many of them must at least be read as feeds with entries."""

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
