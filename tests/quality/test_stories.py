"""How well articles are grouped by event: pair-F on labelled Indonesian news."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing.group import copies, group_articles
from briefing.model import Article, Published

SHARED = Path(__file__).parents[3] / "shared"
SET = SHARED / "data/stories/id_stories.dev.jsonl.xz"
SEEDS = SHARED / "seeds"

FLOOR = 0.90
"""Pair-F over the whole set, pinned under the .93 measured."""

WINDOW_FLOORS = {5: 0.86, 20: 0.87, 80: 0.90}
"""Pair-F with the set cut into windows of so many articles, as a daily brief sees them;
pinned .03 under what was measured. The same threshold must serve them all."""

TITLES_PRECISION, TITLES_RECALL = 0.90, 0.55
"""Pairs rightly joined of all joined, and of all to be joined, on the titles alone; pinned
under the .95 and .61 measured. Precision is .85 without `COMMON_TERMS`."""

needs_set = pytest.mark.skipif(
    not SET.exists(), reason=f"{SET.name} is not beside the checkout"
)
needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seeds are not beside the checkout"
)
pytestmark = pytest.mark.quality

Pairs = tuple[int, int, int]
"""Pairs of articles rightly joined, joined, and to be joined."""


def article(
    ident: str, title: str | None, text: str, published: datetime | None
) -> Article:
    return Article(
        id=ident,
        revision="",
        url=f"file:s/{ident}",
        source="s",
        outlet="",
        text=text,
        language="id",
        fetched=datetime(2025, 12, 1, tzinfo=UTC),
        title=title,
        published=Published(published) if published else None,
    )


def grouped(articles: Sequence[Article]) -> tuple[tuple[Article, ...], ...]:
    return group_articles(articles, copies=copies(articles))


@pytest.fixture(scope="module")
def labelled() -> list[tuple[Article, int]]:
    """Return the articles by date with the number of their event."""
    with lzma.open(SET, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: (row["date"], row["i"]))
    return [
        (
            article(
                str(row["i"]),
                row["title"],
                row["text"],
                datetime.fromisoformat(row["date"]).replace(tzinfo=UTC),
            ),
            row["story"],
        )
        for row in rows
    ]


def pairs(labelled: Sequence[tuple[Article, int]]) -> Pairs:
    event = {each.id: number for each, number in labelled}
    found = grouped([each for each, _ in labelled])
    right = sum(_pairs(event[each.id] for each in story) for story in found)
    joined = sum(len(story) * (len(story) - 1) // 2 for story in found)
    return right, joined, _pairs(event.values())


def _pairs(numbers: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(numbers).values())


def pair_f(counted: Pairs) -> float:
    right, joined, wanted = counted
    return 2 * right / (joined + wanted)


@needs_set
def test_stories_are_as_good_as_they_were(labelled, capsys):
    counted = pairs(labelled)
    with capsys.disabled():
        print(
            f"\nstories: pair-F {pair_f(counted):.3f} (right, joined, wanted: {counted})"
        )
    assert pair_f(counted) >= FLOOR


@needs_set
@pytest.mark.parametrize("size", WINDOW_FLOORS)
def test_small_windows_are_grouped_as_well(labelled, size, capsys):
    windows = [labelled[at : at + size] for at in range(0, len(labelled), size)]
    counts = [pairs(window) for window in windows]
    score = pair_f(
        (
            sum(c[0] for c in counts),
            sum(c[1] for c in counts),
            sum(c[2] for c in counts),
        )
    )
    with capsys.disabled():
        print(f"\nstories: pair-F {score:.3f} in windows of {size}")
    assert score >= WINDOW_FLOORS[size]


@needs_set
def test_bare_titles_are_joined_with_care(labelled, capsys):
    right, joined, wanted = pairs(
        [(replace(each, text=""), number) for each, number in labelled]
    )
    with capsys.disabled():
        print(f"\nstories: titles P {right / joined:.3f} R {right / wanted:.3f}")
    assert right / joined >= TITLES_PRECISION
    assert right / wanted >= TITLES_RECALL


@needs_seeds
def test_five_events_of_one_subject_stay_five_stories():
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    plain = [re.sub(r"\n+", "\n\n", text).strip() for text in texts]
    undated = [article(str(n), None, text, None) for n, text in enumerate(plain)]
    assert len(grouped(undated)) == len(undated) == 5
