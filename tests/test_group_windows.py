"""Articles of any number become stories, lot by lot."""

from __future__ import annotations

from itertools import pairwise

import pytest

from briefing.group import (
    copies,
    group_articles,
    profile_from,
    profiled,
    story_id_of,
    story_ids,
)
from briefing.group.windows import AT_ONCE
from tests.test_group_continued import FLOOD, FLOOD_AGAIN, MARKET, article

TEXTS = (FLOOD, MARKET, FLOOD_AGAIN)
NEWS = [
    article(f"{day:02}{at}", TEXTS[at], days=day) for day in range(9) for at in range(3)
]


def told(articles, **how):
    ordered = sorted(articles, key=lambda one: (one.came_out, one.id))
    return dict(
        story_ids(((one, profile_from(profiled(one))) for one in ordered), **how)
    )


def test_few_are_grouped_as_all_at_once_are():
    found = told(NEWS)
    assert len(NEWS) < AT_ONCE
    assert found == {
        one.id: story_id_of(story)
        for story in group_articles(NEWS, copies=copies(NEWS))
        for one in story
    }


@pytest.mark.parametrize("at_once", [1, 2, 4, 7])
def test_each_has_a_story_however_few_are_read_at_once(at_once):
    assert told(NEWS, at_once=at_once).keys() == {one.id for one in NEWS}


def test_a_story_goes_on_in_the_next_lot():
    floods = [article(f"f{day}", FLOOD_AGAIN, days=day) for day in range(4)]
    stories = told(floods, at_once=1)
    assert set(stories.values()) == {story_id_of(floods[:1])}


def test_it_ends_where_nothing_near_is_remembered():
    floods = [article(f"f{week}", FLOOD, days=7 * week) for week in range(3)]
    stories = [told(floods, at_once=1)[one.id] for one in floods]
    assert all(one != other for one, other in pairwise(stories))


def test_what_was_told_stays_whatever_comes_later():
    before = told(NEWS[:12], at_once=3)
    assert told(NEWS, at_once=3).items() >= before.items()
