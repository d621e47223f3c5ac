from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.group import ROOM, Room, cut, ranked, within
from briefing.group.ranking import HALF_LIFE, NOVELTY, ORIGINS, RECENCY, SOURCE
from briefing.model import OTHER, RANKED, Published, Report, Standing, Story, TopicHit

NOW = datetime(2024, 9, 6, 8, tzinfo=UTC)
SECTIONS = ("talks", "attacks")


def story(
    ident: str,
    *sources: str,
    topic: str | None = None,
    score: float = 6.0,
    hours: float | None = 1,
    title: str | None = None,
) -> Story:
    """Return a story with one report of each of `sources`, which are their own outlets."""
    published = None if hours is None else Published(NOW - timedelta(hours=hours))
    reports = tuple(
        Report(
            article_id=f"{ident}-{number}",
            revision="r",
            url="u",
            source=source,
            outlet=source,
            language="id",
            sentences=(),
            recipe="",
            title=title,
            published=published,
        )
        for number, source in enumerate(sources or ("s",))
    )
    hits = (TopicHit(topic, score, ("x",)),) if topic else ()
    return Story(ident, reports, hits)


def standings_of(*stories: Story, **options: Any) -> tuple[Standing, ...]:
    given: dict[str, Any] = {"now": NOW, "weights": {}, "novelty": {}}
    return ranked(stories, SECTIONS, **given | options)


def order(*stories: Story, **options: Any) -> list[str]:
    return [each.story for each in standings_of(*stories, **options)]


def sums(*stories: Story, **options: Any) -> dict[str, Standing]:
    return {each.story: each for each in standings_of(*stories, **options)}


@pytest.mark.parametrize(
    ("better", "worse", "options"),
    [
        (story("2", "a", "b"), story("1", "a"), {}),
        (story("2", "a", topic="talks"), story("1", "b"), {}),
        (
            story("2", "a", topic="talks", score=9),
            story("1", "b", topic="talks", score=3),
            {},
        ),
        (story("2", "a", hours=1), story("1", "b", hours=9), {}),
        (story("2", "a", hours=99), story("1", "b", hours=None), {}),
        (story("2", "a"), story("1", "b"), {"weights": {"a": 2.0}}),
        (story("2", "a"), story("1", "b"), {"novelty": {"1": 0.2}}),
        (story("2", "a", hours=None), story("1", "b", "c"), {"pins": ["2"]}),
        (
            story("2", "a", title="Banjir Melanda"),
            story("1", "b", "c", title="Pasar"),
            {"pins": ["banjir"]},
        ),
        (story("1", "a"), story("2", "b"), {}),
    ],
    ids=[
        "origins",
        "topic",
        "score",
        "newest",
        "dated",
        "weight",
        "novelty",
        "pin",
        "pinned term",
        "id",
    ],
)
def test_what_puts_a_story_first(better, worse, options):
    assert order(better, worse, **options) == order(worse, better, **options)
    assert order(better, worse, **options) == [better.id, worse.id]


def test_the_sum_is_made_of_named_terms():
    two = story("1", "a", "b", hours=HALF_LIFE.total_seconds() / 3600)
    found = sums(two, story("2", "c"), weights={"b": 2.0}, novelty={"1": 0.5})["1"]
    terms = dict(found.terms)
    assert list(terms) == list(RANKED)
    assert terms["origins"] == round(ORIGINS * log(3), 4)
    assert terms["source"] == SOURCE * 2
    assert terms["recency"] == RECENCY / 2
    assert terms["novelty"] == NOVELTY / 2
    assert terms["topic"] == terms["crowding"] == terms["pinned"] == 0
    assert found.score == sum(terms.values())
    assert (found.section, found.alone) == (OTHER, None)
    assert found.articles == (("1-0", "r"), ("1-1", "r"))


def test_an_article_of_tomorrow_is_no_more_than_new():
    assert dict(sums(story("1", hours=-99))["1"].terms)["recency"] == RECENCY


def test_a_source_falls_back_with_each_story_that_it_alone_has():
    standings = sums(story("1", "a"), story("2", "a"), story("3", "b"), story("4", "a"))
    crowding = {name: dict(each.terms)["crowding"] for name, each in standings.items()}
    assert list(standings) == ["1", "3", "2", "4"]
    assert crowding["1"] == crowding["3"] == 0 > crowding["2"] > crowding["4"]


def test_a_source_alone_in_an_edition_crowds_nobody():
    standings = sums(*(story(str(n), "a") for n in range(4)))
    assert {dict(each.terms)["crowding"] for each in standings.values()} == {0}


def shapes(standings, room: Room, **options) -> dict[str, str]:
    return {
        each.story: each.cut or each.shape for each in cut(standings, room, **options)
    }


ROOMY = Room(stories=4, of_topic=2, words=100, lines=2, lines_of_topic=1)


def test_places_are_given_by_rank_and_the_rest_is_told_why():
    stories = [
        *(story(f"t{n}", f"s{n}", topic="talks", hours=n) for n in range(4)),
        *(story(f"o{n}", f"r{n}", hours=3 + n) for n in range(3)),
        story("a", "s9", topic="attacks", hours=40),
    ]
    standings = standings_of(*stories)
    found = cut(standings, ROOMY)
    assert [each.story for each in found] == [each.story for each in standings]
    told = {each.story: (each.shape, each.cut) for each in found}
    assert told["t0"] == told["t1"] == told["o0"] == told["o1"] == ("full", "")
    assert told["t2"] == ("line", "topic")
    assert told["t3"] == ("counted", "topic")
    assert told["o2"][1] == told["a"][1] == "brief"


def test_one_section_alone_has_all_the_room():
    stories = [story(f"{n}", f"s{n}", hours=n) for n in range(6)]
    standings = standings_of(*stories)
    shown = [each.shape for each in cut(standings, ROOMY)]
    assert shown == ["full"] * 4 + ["line"] * 2


def test_full_shows_everything():
    stories = [story(f"{n}", "s", topic="talks") for n in range(40)]
    stories += [story(f"o{n}", "t") for n in range(40)]
    standings = standings_of(*stories)
    found = cut(standings, ROOM["full"])
    assert {each.shape for each in found} == {"full"}
    assert within(found, dict.fromkeys(map(str, range(40)), 999), ROOM["full"]) == found


def test_the_last_stories_give_way_when_there_are_no_more_words():
    stories = [story(f"{n}", f"s{n}", hours=n) for n in range(5)]
    standings = cut(standings_of(*stories), ROOMY)
    lengths = {"0": 60, "1": 60, "2": 30, "3": 5}
    found = within(standings, lengths, ROOMY)
    assert [(each.shape, each.cut) for each in found][:4] == [
        ("full", ""),
        ("full", ""),
        ("line", "words"),
        ("line", "words"),
    ]
    assert within(standings, {"0": 999}, ROOMY)[0].shape == "full"


def places(stories, **options) -> Counter[str | None]:
    """Return how many places each source has in a brief, in full and in lines."""
    standings = cut(
        standings_of(*stories),
        ROOM["standard"],
        **options,
    )
    return Counter(each.alone for each in standings if each.shape != "counted")


def day(count: int = 20) -> list[Story]:
    """Return stories of ten sources, of two topics and of none."""
    return [
        story(
            f"{source}{number}",
            source,
            topic=("talks", "attacks", None)[number % 3],
            score=2 + (number * 7 + ord(source)) % 11,
            hours=(number * 5 + ord(source) * 3) % 24,
        )
        for source in "abcdefghij"
        for number in range(count)
    ]


@pytest.mark.parametrize("score", [1.0, 30.0], ids=["weak", "strong"])
@pytest.mark.parametrize("topics", [("talks",), ("talks", "attacks", None)])
def test_a_flood_leaves_others_nine_in_ten_of_their_places(score, topics):
    quiet = places(day())
    flood = [
        story(
            f"a-flood{number}",
            "a",
            topic=topics[number % len(topics)],
            score=score,
            hours=0,
        )
        for number in range(5_000)
    ]
    flooded = places([*day(), *flood])
    assert sum(flooded.values()) == sum(quiet.values())
    others = sum(quiet.values()) - quiet["a"]
    assert sum(flooded.values()) - flooded["a"] >= 0.9 * others


def test_places_that_nobody_else_wants_are_the_floods():
    stories = [story(f"a{n}", "a") for n in range(30)] + [story("b", "b")]
    assert places(stories) == {"a": ROOM["standard"].stories + 11, "b": 1}


def test_a_story_that_the_reader_pinned_is_never_capped():
    stories = [story(f"a{n}", "a") for n in range(3)]
    stories += [story(f"b{n}", f"b{n}") for n in range(9)]
    pins = [f"a{n}" for n in range(3)]
    standings = standings_of(*stories, pins=pins)
    found = cut(standings, ROOMY, per_source=1)
    assert [each.story for each in found if each.shape == "full"][:3] == pins


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["talks", "attacks", None]),
            st.integers(0, 48),
        ),
        max_size=30,
    ),
    st.sampled_from(["short", "standard", "full"]),
)
def test_nothing_is_lost_and_the_order_of_input_does_not_matter(rows, length):
    stories = [
        story(f"{n:02}", source, topic=topic, hours=hours)
        for n, (source, topic, hours) in enumerate(rows)
    ]
    room = ROOM[length]
    found = cut(standings_of(*stories), room)
    assert found == cut(standings_of(*stories[::-1]), room)
    assert sorted(each.story for each in found) == [each.id for each in stories]
    shown = Counter(each.shape for each in found)
    assert shown["full"] <= room.stories
    assert shown["line"] <= room.lines
    assert all((each.shape == "full") == (each.cut == "") for each in found)
    if room.stories < inf and len({each.section for each in found}) > 1:
        full = Counter(each.section for each in found if each.shape == "full")
        assert max(full.values(), default=0) <= room.of_topic


def test_standings_say_nothing_of_what_they_are_not_given():
    bare = replace(story("1", "a"), topics=(TopicHit("unknown", 9.0, ()),))
    assert sums(bare)["1"].section == OTHER
