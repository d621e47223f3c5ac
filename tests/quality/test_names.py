"""How many stories share a name, on labelled news: why a name has a page from its second story on."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from briefing.group.names import most_named
from briefing.model import Article
from briefing.text import name_slug
from tests.quality.test_stories import Labelled, labelled, needs_sets

__all__ = ["labelled"]
pytestmark = pytest.mark.quality


@needs_sets
def test_most_names_are_of_one_story_alone(
    labelled: list[Labelled],
    capsys: pytest.CaptureFixture[str],
) -> None:
    stories: defaultdict[str, list[Article]] = defaultdict(list)
    for each in labelled:
        stories[each.event].append(each.article)
    found = Counter(
        slug
        for articles in stories.values()
        for slug in {name_slug(one.name) for one in most_named(articles)}
    )
    alone = sum(count == 1 for count in found.values())
    with capsys.disabled():
        print(f"\n{len(stories)} stories, {len(found)} names, {alone} of one alone")
    assert alone > len(found) / 2
