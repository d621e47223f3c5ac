"""Stories from edition to edition: what became of them, and since when they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from briefing.group import changes, courses, gone_on
from briefing.group.courses import NAMED
from briefing.model import Claim, Dispute, EarlierBrief, Section, Sentence, Story
from tests.briefs import report, sentences

FIRST = date(2024, 12, 1)
FLOOD = "f" * 12


def told(day: int, *texts: str, story: str = FLOOD, **changed) -> EarlierBrief:
    """Return the edition of a day of December with one story, whose leading report has `texts`."""
    one = Story(story, (report(f"{day:016}", *texts, **changed),))
    return shown(day, one)


def shown(day: int, *stories: Story) -> EarlierBrief:
    section = Section("cuaca", "Cuaca", stories)
    return EarlierBrief(date(2024, 12, day), top_lines=(), sections=(section,))


def test_a_story_is_told_since_its_first_edition() -> None:
    found = courses([told(1, "Hujan turun."), told(2, "Sungai naik.")])[FLOOD]
    assert found.since == FIRST
    assert [one.edition for one in found.episodes] == ["2024-12-01", "2024-12-02"]
    assert [one.report.sentences[0].text for one in found.episodes] == [
        "Hujan turun.",
        "Sungai naik.",
    ]
    assert found.told("id") == ["Hujan turun.", "Sungai naik."]
    assert found.told("en") == []


def test_what_an_edition_knew_of_still_earlier_ones_is_kept() -> None:
    old = courses([told(1, "Hujan turun.")])[FLOOD]
    [section] = told(2, "Sungai naik.").sections
    later = shown(2, gone_on(section.stories[0], old))
    found = courses([later])[FLOOD]
    assert found.since == FIRST
    assert [one.edition for one in found.episodes] == ["2024-12-01", "2024-12-02"]


def test_an_untitled_story_without_news_is_named_as_before() -> None:
    silent = replace(report("b" * 16, title=None), sentences=())
    found = courses(
        [told(1, "Hujan turun.", title=None), shown(2, Story(FLOOD, (silent,)))]
    )
    last = found[FLOOD].episodes[-1]
    assert (last.edition, last.report.sentences[0].text) == (
        "2024-12-02",
        "Hujan turun.",
    )


@pytest.mark.parametrize(
    ("texts", "state"), [((), "unchanged"), (("Sungai surut.",), "developing")]
)
def test_how_a_story_stands(texts: tuple[str, ...], state: str) -> None:
    course = courses([told(1, "Hujan turun.")])[FLOOD]
    now = Story(
        FLOOD, (report("c" * 16, *texts),), sentences=sentences("c" * 16, *texts)
    )
    found = gone_on(now, course)
    assert (found.state, found.since) == (state, FIRST)
    assert found.timeline == course.episodes


def test_numbers_in_dispute_are_shown_once() -> None:
    said: Sentence
    [said] = sentences("c" * 16, "Tiga rumah hanyut.")
    course = courses([told(1, "Tiga rumah hanyut.")])[FLOOD]
    dispute = Dispute("missing", (Claim(3, "Pena", said),))
    now = Story(
        FLOOD,
        (report("c" * 16, "Sungai surut."),),
        sentences=sentences("c" * 16, "Sungai surut."),
        disputes=(dispute,),
    )
    assert gone_on(now, course).disputes == ()


def became(*editions: EarlierBrief, edition: int, ongoing: tuple[str, ...] = ()):
    found = changes(
        courses(editions),
        edition=f"2024-12-{edition:02}",
        previous=editions[-1].key,
        ongoing=ongoing,
    )
    unchanged, closed = (
        [one.id for one in some] for some in (found.unchanged, found.closed)
    )
    return unchanged, closed, found.unnamed


def test_a_story_is_unchanged_while_it_may_go_on() -> None:
    days = [told(1, "Hujan turun."), told(2, "Sungai naik.")]
    assert became(*days, edition=3) == ([FLOOD], [], 0)
    assert became(*days, edition=6) == ([FLOOD], [], 0)
    assert became(*days, edition=3, ongoing=(FLOOD,)) == ([], [], 0)


def test_a_story_is_closed_once() -> None:
    days = [told(1, "Hujan turun."), told(2, "Sungai naik.")]
    assert became(*days, edition=7) == ([], [FLOOD], 0)
    quiet = [*days, shown(7)]
    assert became(*quiet, edition=8) == ([], [], 0)
    for day in range(3, 7):  # daily editions
        assert became(*days, *map(shown, range(3, day)), edition=day)[1] == []
    assert became(*days, *map(shown, range(3, 7)), edition=7)[1] == [FLOOD]


def test_what_one_edition_alone_has_told_is_not_closed() -> None:
    assert became(told(1, "Hujan turun."), edition=7) == ([], [], 0)


def test_few_are_named_and_the_others_counted() -> None:
    stories = [
        Story(f"{number:012}", (report(f"{number:016}", "Hujan."),))
        for number in range(NAMED + 3)
    ]
    days = [shown(day, *stories) for day in (1, 2)]
    unchanged, closed, unnamed = became(*days, edition=3)
    assert (len(unchanged), closed, unnamed) == (NAMED, [], 3)


def test_what_one_edition_alone_has_told_is_counted_not_named() -> None:
    once = told(2, "Kapal tiba.", story="a" * 12).sections[0].stories
    days = [told(1, "Hujan turun."), shown(2, *once)]
    assert became(*days, edition=3) == ([], [], 1)  # of the last edition alone
    again = [*days, told(3, "Sungai naik.")]
    assert became(*again, edition=4) == ([FLOOD], [], 0)


def test_the_window_is_that_of_stories() -> None:
    from briefing.group import DAYS_APART

    assert timedelta(days=4) == DAYS_APART
