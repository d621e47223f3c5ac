"""What became of what earlier editions told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from briefing.model.report import Report
from briefing.model.story import Episode
from briefing.model.summary import Sentence


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that an edition showed, and what stands in its place; None: nothing did or does."""

    was: Sentence | None
    now: Sentence | None


@dataclass(frozen=True, slots=True)
class Correction:
    """An article that was edited after an edition had shown it.

    Attributes:
        edition: the date of that edition.
        before: the article as that edition showed it.
        after: the article as it is now; its sentences are those of the changes.
        fetched: when it was read again.
        changes: the sentences shown that the article no longer has, in their order.
        headline: its title says something else, too: see those of `before` and `after`.
        restored: it says again what that edition showed, after a correction of it was told:
            `before` and `was` have the words of that correction.
    """

    edition: date
    before: Report
    after: Report
    fetched: datetime
    changes: tuple[Change, ...]
    headline: bool = False
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """A story of earlier editions of which this one has no article.

    Attributes:
        id: the story's id.
        since: the date of the first edition that told it.
        last: what the last one told of it.
        section: slug of the section that it stood in.
    """

    id: str
    since: date
    last: Episode
    section: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the stories of earlier editions that this one has nothing of.

    Attributes:
        previous: the date of the last edition.
        unchanged: those that may still go on, as far as they are named.
        closed: those that are named for the last time.
        unnamed: how many more are unchanged.
    """

    previous: date
    unchanged: tuple[Past, ...] = ()
    closed: tuple[Past, ...] = ()
    unnamed: int = 0
