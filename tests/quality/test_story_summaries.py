"""What the articles of one event say together, on labelled Indonesian news."""

from __future__ import annotations

import json
import lzma
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean_text
from briefing.condense import condense, condense_story
from briefing.condense.budget import length
from briefing.condense.said import ALIKE, Told
from briefing.model import Article, Published

SET = Path(__file__).parents[3] / "shared/data/stories/id_stories.dev.jsonl.xz"
JAKARTA = ZoneInfo("Asia/Jakarta")

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(
        not SET.exists(), reason=f"{SET.name} is not beside the checkout"
    ),
]


def _article(row: dict[str, Any]) -> Article:
    moment = datetime.fromisoformat(row["date"]).replace(tzinfo=JAKARTA)
    return Article(
        id=f"{row['i']:016x}",
        revision="",
        url=row["url"],
        source="s",
        outlet="s",
        text=clean_text(row["text"], language="id").text,
        language="id",
        fetched=moment,
        title=row["title"],
        published=Published(moment),
    )


def test_what_stories_say_together(capsys):
    with lzma.open(SET, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    events = defaultdict(list)
    for row in rows:
        events[row["story"]].append(_article(row))
    stories = [members for members in events.values() if len(members) > 1]
    summaries = {one.id: condense(one) for members in stories for one in members}
    found = [condense_story(members, summaries) for members in stories]
    more = [one for one in found if one]
    said = [sum(length(s.text) for s in one) for one in more]
    fifty = [one for members in stories for one in members][:50]
    began = process_time()
    condense_story(fifty, summaries)
    seconds = process_time() - began
    with capsys.disabled():
        print(
            f"\n{len(stories)} stories, {len(more)} with sentences of several articles,"
            f" {sum(said) / len(said):.0f} words; 50 articles in {1000 * seconds:.0f} ms"
        )
    for members, sentences in zip(stories, found, strict=True):
        opening = summaries[members[0].id].sentences
        told = [(s, Told.of(s.text, "id")) for s in sentences]
        for at, (one, words) in enumerate(told):
            for other, others in told[:at]:
                if opening and one in opening and other in opening:
                    continue
                shared = words.words & others.words
                same = len(shared) > 2 * ALIKE * len(words.words | others.words)
                assert not same or words.numbers != others.numbers
