"""How well topic rules, written for the earlier half of labelled news, fit the later half."""

from __future__ import annotations

import json
import lzma
import tomllib
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from briefing.group import topic_hits
from briefing.model import Topic

SET = Path(__file__).parents[3] / "shared/data/stories/id_stories.dev.jsonl.xz"
RULES = tomllib.loads(
    Path(__file__).with_name("topics.toml").read_text(encoding="utf-8")
)["topic"]
TOPICS = tuple(
    Topic(
        slug=table["slug"],
        title=table["title"],
        any=tuple(table["any"]),
        min_score=table["min_score"],
    )
    for table in RULES
)
FLOORS = {"earlier": 0.96, "later": 0.885}
"""Macro-F1 of the strongest topic by the rules alone; pinned under what was measured."""
TAUGHT = {"earlier": 0.96, "later": 0.875}
"""The same with `EXAMPLES` a topic from the other half: the mean of `DRAWS`."""
EXAMPLES, DRAWS = 10, 10

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(
        not SET.exists(), reason=f"{SET.name} is not beside the checkout"
    ),
]


Half = list[dict[str, Any]]


@pytest.fixture(scope="module")
def halves() -> dict[str, Half]:
    """Return the articles with one label, by half of the days."""
    with lzma.open(SET, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: (row["date"], row["i"]))
    middle = rows[len(rows) // 2]["date"][:10]
    single = [row for row in rows if len(row["topics"]) == 1]
    return {
        "earlier": [row for row in single if row["date"][:10] <= middle],
        "later": [row for row in single if row["date"][:10] > middle],
    }


@pytest.mark.parametrize("half", FLOORS)
def test_the_strongest_topic_is_the_one_a_reader_chose(halves, half, capsys):
    score = macro_f1(halves[half], TOPICS)
    with capsys.disabled():
        print(f"\ntopics, {half} half: macro-F1 {score:.3f}")
    assert score >= FLOORS[half]


@pytest.mark.parametrize("half", TAUGHT)
def test_ten_examples_a_topic_are_learned_from(halves, half, capsys):
    other = halves["later" if half == "earlier" else "earlier"]
    scores = [macro_f1(halves[half], taught(other, draw)) for draw in range(DRAWS)]
    with capsys.disabled():
        print(
            f"\ntopics, {half} half, {EXAMPLES} examples a topic: macro-F1 "
            f"{fmean(scores):.3f} ({min(scores):.3f} to {max(scores):.3f})"
        )
    assert fmean(scores) >= TAUGHT[half]


def taught(rows: Half, draw: int) -> tuple[Topic, ...]:
    """Return the topics with examples from `rows`, others for each `draw`."""

    def label(row: dict[str, Any]) -> str:
        return str(row["topics"][0])

    def lot(row: dict[str, Any]) -> tuple[str, str]:
        return label(row), sha256(f"{draw} {row['i']}".encode()).hexdigest()

    drawn = sorted(rows, key=lot)
    examples = {
        title: [row["title"] for row in some][:EXAMPLES]
        for title, some in groupby(drawn, label)
    }
    return tuple(replace(one, yes=tuple(examples[one.title])) for one in TOPICS)


def macro_f1(rows: Half, topics: tuple[Topic, ...]) -> float:
    """Return the mean over `topics` of F1 of the strongest topic."""
    slugs = {topic.title: topic.slug for topic in topics}
    labelled = []
    for row in rows:
        hits = topic_hits(row["title"], row["text"], topics, language="id")
        said = hits[0].slug if hits else "other"
        labelled.append((slugs[row["topics"][0]], said))
    return fmean(_f1(labelled, topic.slug) for topic in topics)


def _f1(labelled: list[tuple[str, str]], slug: str) -> float:
    right = sum(label == said == slug for label, said in labelled)
    either = sum((label == slug) + (said == slug) for label, said in labelled)
    return 2 * right / either
