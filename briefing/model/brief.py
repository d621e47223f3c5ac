"""An edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from briefing.model.change import Changes, Correction
from briefing.model.failure import Failure
from briefing.model.report import Report
from briefing.model.standing import Standing
from briefing.model.story import Story
from briefing.model.summary import Sentence

Day = date
"""A date, under a name that a field called `date` does not hide."""


@dataclass(frozen=True, slots=True)
class Section:
    """The stories of one topic by rank; `slug` is `OTHER` for those without one.

    Attributes:
        stories: those told in full.
        noted: those told in one line; their reports have no sentences.
    """

    slug: str
    title: str
    stories: tuple[Story, ...]
    noted: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """What an edition covers, ``since < t <= until``; None: since the beginning.

    What came at the moment of the build belongs to the edition. The window is told to the
    reader and selects runs; which articles are in is decided by the editions' claims.
    """

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked, what answered and what became of it, in this edition's window.

    Attributes:
        sources: number of sources asked.
        answered: how many of them answered.
        documents: documents read.
        articles: articles that belong to the edition.
        left_out: why something that was read is not shown, with how many; keys from `LEFT_OUT`.
    """

    sources: int
    answered: int
    documents: int
    articles: int
    left_out: tuple[tuple[str, int], ...] = ()


LEFT_OUT: Final = frozenset(
    {
        "failed",  # could not be read or had no text (listed as failures)
        "earlier",  # already in an earlier edition
        "missed",  # belonged to a due date that had no edition
    }
)


@dataclass(frozen=True, slots=True)
class Brief:
    """The dated whole: all that a template may print.

    Attributes:
        title: the brief's name.
        language: BCP 47 tag of the interface's words.
        zone: IANA name of the reader's zone.
        date: the edition's date in that zone.
        window: which articles belong to it.
        top_lines: the most important sentences, each the first of its story.
        sections: in the topics' order, `OTHER` last; sections without stories included.
        coverage: figures for the footer.
        failures: what went wrong, in a fixed order.
        corrections: articles of earlier editions that were edited since.
        standings: of all its stories, shown or not, the first ranked first; empty in editions
            that showed all they had.
        changes: since the last edition; None if there is none.
    """

    title: str
    language: str
    zone: str
    date: Day
    window: Window
    top_lines: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    coverage: Coverage
    failures: tuple[Failure, ...] = ()
    corrections: tuple[Correction, ...] = ()
    standings: tuple[Standing, ...] = ()
    changes: Changes | None = None

    def reports(self) -> Iterator[Report]:
        """Yield each report of its stories, in the order shown."""
        for section in self.sections:
            for story in (*section.stories, *section.noted):
                yield from story.reports

    def claims(self) -> dict[str, tuple[str, str]]:
        """Return article id → revision and story of all that belongs to it, shown or not."""
        shown = {
            report.article_id: (report.revision, story.id)
            for section in self.sections
            for story in (*section.stories, *section.noted)
            for report in story.reports
        }
        ranked = {
            article: (revision, each.story)
            for each in self.standings
            for article, revision in each.articles
        }
        return shown | ranked


@dataclass(frozen=True, slots=True)
class EarlierBrief:
    """What an edition showed: of a `Brief` what later editions are compared with."""

    date: Day
    top_lines: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    corrections: tuple[Correction, ...] = ()
