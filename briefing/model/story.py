"""What the articles on one event say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from briefing.model.report import Report
from briefing.model.summary import Sentence
from briefing.model.topic import TopicHit

NameKind = Literal["person", "organisation", "place", ""]


@dataclass(frozen=True, slots=True)
class Name:
    """Whom or what a story names.

    Attributes:
        name: as most often written.
        kind: empty if that could not be told.
        articles: ids of the articles that have it.
        mentions: how often in all.
    """

    name: str
    kind: NameKind
    articles: tuple[str, ...]
    mentions: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that an outlet gives, and the sentence in which it does."""

    value: int
    outlet: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Dispute:
    """A thing for which outlets give different numbers.

    Attributes:
        what: what is counted, ``dead`` or ``rockets roket fired``: its first word is a key of
            `DISPUTED`.
        claims: the newest first, each outlet once.
    """

    what: str
    claims: tuple[Claim, ...]


DISPUTED: Final = frozenset(
    {"dead", "wounded", "missing", "arrested", "displaced", "rockets", "troops"}
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence that quotes somebody, and who that is, as the sentence names him."""

    speaker: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Episode:
    """What an edition told of a story.

    Attributes:
        edition: the edition's date.
        report: the article whose sentence it showed first, with that sentence; else the leading
            one, without sentences.
        outlets: how many reported it.
    """

    edition: date
    report: Report
    outlets: int


StoryState = Literal[
    "new",  # no earlier edition has told it
    "developing",  # an earlier one has, and there is more to say
    "unchanged",  # an earlier one has, and its new articles say nothing new
]
"""How a story that has articles in an edition stands; of others see `Changes`."""


@dataclass(frozen=True, slots=True)
class Story:
    """Reports about one event.

    Attributes:
        id: 12 hexadecimal digits, from its earliest article: stays the same over days.
        reports: the leading one first.
        topics: the strongest first; empty if none fits.
        sentences: its summary, passages of several of its articles; empty where the leading
            report's sentences are all there is to say.
        disputes: numbers on which its outlets do not agree.
        names: whom and what it names most; empty for a single article.
        quotations: what people say in its articles, beside what its sentences show.
        state: new, developing or unchanged. If it is not new, reports have only those of their
            sentences that say something new, and `sentences` are all that do.
        since: the date of the first edition that told it; None if it is new.
        timeline: what earlier editions told of it, the oldest first.
    """

    id: str
    reports: tuple[Report, ...]
    topics: tuple[TopicHit, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    names: tuple[Name, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    state: StoryState = "new"
    since: date | None = None
    timeline: tuple[Episode, ...] = ()

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that report it, each once, in the reports' order."""
        names = (report.outlet or report.source for report in self.reports)
        return _distinct(names)

    @property
    def origins(self) -> tuple[str, ...]:
        """The independent origins: agencies, and outlets that credit none; in the reports' order.

        Copies have the origin of the article that stands for them, or the agency that any of
        them credits.
        """
        credited = {
            report.copy_of or report.article_id: report.origin
            for report in self.reports
            if report.origin
        }
        standing = {report.article_id: report for report in self.reports}
        names = []
        for report in self.reports:
            first = standing.get(report.copy_of or "", report)
            names.append(
                report.origin
                or credited.get(first.article_id)
                or first.outlet
                or first.source
            )
        return _distinct(names)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, as first written, whatever its case."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())
