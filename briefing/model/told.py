"""What lists show of an edition and of its stories: no more than a line of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.model.brief import Brief, Day, Section
from briefing.model.report import Report
from briefing.model.story import Story


@dataclass(frozen=True, slots=True)
class ToldEdition:
    """A published edition in a list.

    Attributes:
        key: its key.
        date: its date.
        sha256: hash of its brief; another one means another content.
        stories: how many it tells in full.
    """

    key: str
    date: Day
    sha256: str
    stories: int


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story in a list, as an edition told it.

    Attributes:
        edition: key of the edition.
        place: among the stories of the edition, in the page's order, from 0 on.
        id: the story's.
        full: told in full, not in one line.
        topic: slug and heading of its section.
        lead: the report that names it: that of an earlier edition if this one says nothing.
        reports: the first report of each outlet; of sentences these and the lead have the first
            one, and only where there is no title.
        names: whom and what it names.
    """

    edition: str
    place: int
    id: str
    full: bool
    topic: tuple[str, str]
    lead: Report
    reports: tuple[Report, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldMonth:
    """What stands on a shelf in a month.

    Attributes:
        title: its newest heading then.
        stories: how many different ones.
        begun: how many of these no other month has counted; those of all months together are the
            shelf's different stories.
    """

    title: str
    stories: int
    begun: int


def told_stories(brief: Brief) -> Iterator[ToldStory]:
    """Yield what lists show of the stories of an edition."""
    for place, (section, story, full) in enumerate(_told(brief)):
        first: dict[str, Report] = {}
        for report in story.reports:
            first.setdefault(_folded(report.outlet or report.source), _line(report))
        yield ToldStory(
            brief.key,
            place,
            story.id,
            full,
            (section.slug, section.title),
            _line(_leading(story)),
            tuple(first.values()),
            tuple(one.name for one in story.names),
        )


def _told(brief: Brief) -> Iterator[tuple[Section, Story, bool]]:
    for section in brief.sections:
        yield from ((section, story, True) for story in section.stories)
        yield from ((section, story, False) for story in section.noted)


def _folded(outlet: str) -> str:
    return outlet.strip().casefold()


def _leading(story: Story) -> Report:
    lead = story.reports[0]
    if lead.title or lead.sentences or not story.timeline:
        return lead
    return story.timeline[-1].report


def _line(report: Report) -> Report:
    return replace(
        report, sentences=() if report.title else report.sentences[:1], recipe=""
    )
