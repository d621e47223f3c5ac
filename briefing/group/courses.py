"""How stories went on from edition to edition, and what became of those that are not told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from briefing.group.corrections import shown
from briefing.group.times import DAYS_APART
from briefing.model import (
    Changes,
    Day,
    EarlierBrief,
    Episode,
    Past,
    Sentence,
    Story,
    Summary,
    date_of,
)

NAMED: Final = 5
"""Stories of earlier editions that are named as unchanged, and as closed."""


@dataclass(frozen=True, slots=True)
class Course:
    """What earlier editions told of one story.

    Attributes:
        id: the story's id.
        since: the date of the first of them.
        episodes: what each told, the oldest first.
        section: slug of the section that it stood in last.
        shown: language and text of the sentences that readers have seen.
        listed: the text of these, and of all other sentences of its reports.
    """

    id: str
    since: Day
    episodes: tuple[Episode, ...]
    section: str
    shown: tuple[tuple[str, str], ...]
    listed: frozenset[str]

    def told(self, language: str) -> list[str]:
        """Return the sentences in `language` that readers have seen."""
        return [text for tag, text in self.shown if tag == language]


def courses(editions: Iterable[EarlierBrief]) -> dict[str, Course]:
    """Return story id → its course through `editions`, the oldest first."""
    told: defaultdict[str, list[tuple[EarlierBrief, str, Story]]] = defaultdict(list)
    for edition in editions:
        for section in edition.sections:
            for story in (*section.stories, *section.noted):
                told[story.id].append((edition, section.slug, story))
    return {ident: _course(found) for ident, found in told.items()}


def _course(told: Sequence[tuple[EarlierBrief, str, Story]]) -> Course:
    first, _, oldest = told[0]
    seen = [
        (report.language, sentence.text)
        for edition, _, story in told
        for report in shown(story, also=edition.top_lines)
        for sentence in report.sentences
    ]
    named = (
        one.text
        for _, _, story in told
        for each in story.reports
        for one in each.sentences
    )
    episodes = list(oldest.timeline)
    for edition, _, story in told:
        episodes.append(_episode(edition.key, story, named=episodes[-1:]))
    _, section, last = told[-1]
    return Course(
        id=last.id,
        since=oldest.since or first.date,
        episodes=tuple(episodes),
        section=section,
        shown=tuple(dict.fromkeys(seen)),
        listed=frozenset([*(text for _, text in seen), *named]),
    )


def _episode(edition: str, story: Story, *, named: Sequence[Episode]) -> Episode:
    """Return what an edition told of a story; if that names it not, as the one before did."""
    opening = (story.sentences or story.reports[0].sentences)[:1]
    articles = {one.article_id for one in opening}
    leading = next(
        (one for one in story.reports if one.article_id in articles), story.reports[0]
    )
    report = replace(leading, sentences=opening)
    if not (opening or leading.title) and named:
        report = named[0].report
    return Episode(edition, report, len(story.outlets))


def gone_on(story: Story, course: Course) -> Story:
    """Return `story`, of which `sentences` say something new, as it goes on.

    It is unchanged if there are none; then nobody is quoted. Numbers in dispute that earlier
    editions have shown are not shown again.
    """
    disputes = tuple(
        each
        for each in story.disputes
        if story.sentences
        and any(one.sentence.text not in course.listed for one in each.claims)
    )
    return replace(
        story,
        state="developing" if story.sentences else "unchanged",
        since=course.since,
        timeline=course.episodes,
        disputes=disputes,
        quotations=story.quotations if story.sentences else (),
    )


def only(
    summaries: Mapping[str, Summary], sentences: Collection[Sentence]
) -> dict[str, Summary]:
    """Return `summaries` with `sentences` in place of their own."""
    return {
        ident: replace(
            one, sentences=tuple(each for each in sentences if each.article_id == ident)
        )
        for ident, one in summaries.items()
    }


def changes(
    told: Mapping[str, Course], *, edition: str, previous: str, ongoing: Collection[str]
) -> Changes:
    """Return what became of the stories that earlier editions told and this one does not.

    A story that the last edition told is unchanged, and one that several did for `DAYS_APART`
    after the last of them; then that is closed, which the next edition says once. Those told
    only once are counted, not named: few of them ever go on. The most often told come first,
    then those of most outlets, the newest, by id.

    Args:
        told: story id → its course.
        edition: the key of this edition.
        previous: the key of the last one.
        ongoing: ids of the stories that this edition tells.
    """
    absent = sorted(
        (one for ident, one in told.items() if ident not in ongoing), key=_rank
    )
    often = [one for one in absent if len(one.episodes) > 1]
    unchanged = [one for one in often if not _is_closed(one, edition)]
    closed = [
        one
        for one in often
        if _is_closed(one, edition) and not _is_closed(one, previous)
    ]
    once = sum(
        len(one.episodes) == 1
        and one.episodes[-1].edition == previous
        and not _is_closed(one, edition)
        for one in absent
    )
    return Changes(
        previous,
        unchanged=tuple(map(_past, unchanged[:NAMED])),
        closed=tuple(map(_past, closed[:NAMED])),
        unnamed=len(unchanged[NAMED:]) + once,
    )


def _is_closed(course: Course, edition: str) -> bool:
    return date_of(edition) - date_of(course.episodes[-1].edition) > DAYS_APART


def _rank(course: Course) -> tuple[int, int, int, str]:
    last = course.episodes[-1]
    day = date_of(last.edition).toordinal()
    return -len(course.episodes), -last.outlets, -day, course.id


def _past(course: Course) -> Past:
    return Past(course.id, course.since, course.episodes[-1], course.section)
