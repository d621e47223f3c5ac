"""How well topic rules, written for the earlier half of labelled news, fit the later half."""

from __future__ import annotations

import json
import lzma
import tomllib
from pathlib import Path

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
FLOORS = {"earlier": 0.90, "later": 0.82}
"""Macro-F1 of the strongest topic; pinned under what was measured."""

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(
        not SET.exists(), reason=f"{SET.name} is not beside the checkout"
    ),
]


@pytest.fixture(scope="module")
def halves() -> dict[str, list[tuple[str, str]]]:
    """Return the label and the strongest topic of each article with one label, by half."""
    with lzma.open(SET, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: (row["date"], row["i"]))
    middle = rows[len(rows) // 2]["date"][:10]
    slugs = {topic.title: topic.slug for topic in TOPICS}
    found: dict[str, list[tuple[str, str]]] = {"earlier": [], "later": []}
    for row in rows:
        if len(row["topics"]) == 1:
            hits = topic_hits(row["title"], row["text"], TOPICS, language="id")
            half = "earlier" if row["date"][:10] <= middle else "later"
            found[half].append(
                (slugs[row["topics"][0]], hits[0].slug if hits else "other")
            )
    return found


@pytest.mark.parametrize("half", FLOORS)
def test_the_strongest_topic_is_the_one_a_reader_chose(halves, half, capsys):
    score = sum(_f1(halves[half], topic.slug) for topic in TOPICS) / len(TOPICS)
    with capsys.disabled():
        print(f"\ntopics, {half} half: macro-F1 {score:.3f}")
    assert score >= FLOORS[half]


def _f1(labelled: list[tuple[str, str]], slug: str) -> float:
    right = sum(label == said == slug for label, said in labelled)
    either = sum((label == slug) + (said == slug) for label, said in labelled)
    return 2 * right / either
