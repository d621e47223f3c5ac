"""How much of what a day's page shows was on an earlier day's, with labelled news played by day."""

from __future__ import annotations

import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from briefing.store import open_store
from briefing.text import stop_words
from tests.desk import Desk

SET = Path(__file__).parents[3] / "shared/data/stories/id_stories.dev.jsonl.xz"

ALIKE = 0.7
"""Cosine of the words of two sentences, as they are written and without stop words, from which
one repeats or paraphrases the other. The method has stems, shares, names and numbers instead."""

ANY_EDITION, SAME_STORY = 0.02, 0.005
"""Share of shown sentences that are like one of an earlier edition, and like one of the same
story there; pinned above what was measured."""

HELD = 0.50
"""Share of the sentences in summaries of stories that go on which may be held back."""

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(
        not SET.exists(), reason=f"{SET.name} is not beside the checkout"
    ),
]


@dataclass(frozen=True)
class Line:
    """A sentence on a page."""

    day: str
    story: str
    text: str
    words: frozenset[str]

    def is_like(self, other: Line) -> bool:
        common = len(self.words & other.words)
        return common >= ALIKE * sqrt(len(self.words) * len(other.words)) > 0


@pytest.fixture(scope="module")
def days() -> dict[str, list[dict[str, Any]]]:
    """Return the articles of id_stories.dev by day."""
    found = defaultdict(list)
    with lzma.open(SET, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found[row["date"][:10]].append(row)
    return dict(sorted(found.items()))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    source = '[[source]]\nid = "artikel"\nkind = "folder"\npath = "artikel"\n'
    desk.settings.write_text(
        f'title = "Uji"\nlanguage = "id"\nzone = "Asia/Jakarta"\n{source}'
    )
    (tmp_path / "artikel").mkdir()
    return desk


def page_of(row: dict[str, Any]) -> str:
    """Return an article as a page of its outlet."""
    stated = {
        "@type": "NewsArticle",
        "headline": row["title"],
        "datePublished": f"{row['date']}+07:00",
    }
    lines = filter(str.strip, row["text"].split("\n"))
    return (
        f"<html><head><title>{escape(row['title'])}</title>"
        f'<script type="application/ld+json">{json.dumps(stated)}</script></head><body>'
        f"<article><h1>{escape(row['title'])}</h1>"
        f"{''.join(f'<p>{escape(line)}</p>' for line in lines)}</article></body></html>"
    )


def play(desk: Desk, day: str, rows: list[dict[str, Any]], suffix: str = "") -> None:
    """Collect the articles of a day and build its edition."""
    for row in rows:
        path = desk.folder / "artikel" / f"{row['i']}{suffix}.html"
        path.write_text(page_of(row), encoding="utf-8")
    result = desk.run("build", now=f"{day}T23:59+07:00")
    assert result.exit_code in {0, 3}, result.output


def shown(desk: Desk, day: str) -> Iterator[Line]:
    """Yield the sentences on the page of a day, each once; not what is folded."""
    [brief] = desk.json("show", day)
    stories = {
        report["article_id"]: story["id"]
        for section in brief["sections"]
        for story in section["stories"]
        for report in story["reports"]
    }
    tree = html.fromstring(desk.page(day, kind="html").read_text())
    folded = {one for each in tree.iterfind(".//details") for one in each.iter()}
    known = stop_words("id")
    found = {
        (
            stories.get(one.get("data-article", ""), ""),
            "".join(map(str, one.itertext())),
        )
        for one in tree.iterfind(".//span[@class='sentence']")
        if one not in folded
    }
    for story, text in sorted(found):
        words = re.findall(r"\w+", text.lower())
        yield Line(day, story, text, frozenset(words) - known)


def held(desk: Desk) -> tuple[int, int]:
    """Return how many sentences the summaries of stories that go on have, and how many are not shown."""
    total = kept = 0
    with open_store(f"sqlite:///{desk.store}") as store:
        editions = [
            edition for row in store.editions() if (edition := store.edition(row.key))
        ]
        stories = [
            story
            for edition in editions
            for section in edition.brief.sections
            for story in section.stories
            if story.state != "new"
        ]
        for story in stories:
            for report in story.reports:
                key = (report.article_id, report.revision)
                summary = store.summaries([key], report.recipe)[key]
                if not report.copy_of:
                    total += len(summary.sentences)
                    kept += len(set(summary.sentences) & set(story.sentences))
    return total, total - kept


@pytest.mark.timeout(900)
def test_days_repeat_little(days, desk, capsys):
    earlier: list[Line] = []
    count, alike, same = 0, 0, 0
    for day, rows in days.items():
        play(desk, day, rows)
        today = list(shown(desk, day))
        for line in today:
            near = [one for one in earlier if line.is_like(one)]
            count += 1
            alike += bool(near)
            same += any(one.story == line.story for one in near)
        earlier += today
    total, back = held(desk)
    with capsys.disabled():
        print(
            f"\n{count} sentences shown on {len(days)} days: {alike} ({alike / count:.2%})"
            f" like one of any earlier edition, {same} ({same / count:.2%}) of the same story;"
            f" of {total} in summaries of stories that go on {back} held back"
        )
    assert alike <= ANY_EDITION * count
    assert same <= SAME_STORY * count
    assert back <= HELD * total


def test_the_same_articles_on_two_days(days, desk, capsys):
    """From the same addresses, and from others."""
    rows = max(days.values(), key=len)
    play(desk, "2025-11-01", rows)
    first = {line.text for line in shown(desk, "2025-11-01")}
    play(desk, "2025-11-02", rows)
    play(desk, "2025-11-03", rows, suffix="-lagi")
    second = [line for day in ("2025-11-02", "2025-11-03") for line in shown(desk, day)]
    again = [line for line in second if line.text in first]
    with capsys.disabled():
        print(f"\n{len(first)} sentences on day one, {len(again)} of them again")
    assert first
    assert again == []
