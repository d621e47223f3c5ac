"""What a page shows: the values that templates get besides the brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from briefing.model import NameKind, Report, Sentence

LONG: Final = 120
"""Words of a passage that needs no paragraphs: a summary, not a text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as it is shown.

    Attributes:
        sentence: the sentence.
        report: the report it stands in.
        gap: sentences of the article were passed over before it.
        cut: the sentence goes on, which is not shown: it only names what was told before.
    """

    sentence: Sentence
    report: Report
    gap: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A report as it is shown.

    Attributes:
        report: the report.
        title: its title, None if it has none.
        heading: its first sentence, or the part that can stand for it, if there is no title;
            else None.
        sentences: those not shown whole above, in the article's order.
        outlet: who published it; the source's id if that is unknown.
        copies: other reports that carry the same text; only where they stand is shown.
    """

    report: Report
    title: str | None
    heading: Shown | None
    sentences: tuple[Shown, ...]
    outlet: str
    copies: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        """What it is called where no markup can stand: its title or heading, if it has any."""
        if self.title or self.heading is None:
            return self.title or ""
        return f"{self.heading.sentence.text}{'…' if self.heading.cut else ''}"


@dataclass(frozen=True, slots=True)
class Tag:
    """Another topic that a story fits; `anchor` is None if the page has no such section."""

    title: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one report in a story's summary."""

    report: Report
    outlet: str
    sentences: tuple[Shown, ...]

    @property
    def paragraphs(self) -> Sequence[Sequence[Shown]]:
        """The sentences, those of a long passage by paragraph as in the article."""
        if sum(len(one.sentence.text.split()) for one in self.sentences) <= LONG:
            return [self.sentences]
        found: list[list[Shown]] = []
        end = 0
        for shown in self.sentences:
            # A blank line parts paragraphs, at most one blank sentences.
            if not found or shown.sentence.start > end + 1:
                found.append([])
            found[-1].append(shown)
            end = shown.sentence.end
        return found


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A number in dispute, the sentence that gives it, and its outlet."""

    value: int
    shown: Shown
    outlet: str


@dataclass(frozen=True, slots=True)
class DisputeView:
    """Numbers that outlets give for the same thing; `kind` is a key of `DISPUTED`."""

    kind: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class QuotationView:
    """A sentence that quotes somebody, with its report and outlet."""

    speaker: str
    shown: Shown
    part: Item


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """What an edition, known by its key, told of a story: its first sentence there, if any."""

    edition: str
    item: Item
    shown: Shown | None
    outlets: int


@dataclass(frozen=True, slots=True)
class NameView:
    """A name; `anchor` is its place in the index, None if no other story here has it."""

    name: str
    anchor: str | None
    kind: NameKind = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story: the leading report, the further ones, and other topics it fits.

    `passages` are its summary, without what the heading shows whole. If there are several,
    each names its outlet. If it goes on, `since` is the date of the first edition that told it,
    and `timeline` what each did.
    """

    id: str
    anchor: str
    lead: Item
    passages: tuple[Passage, ...]
    further: tuple[Item, ...]
    tags: tuple[Tag, ...]
    disputes: tuple[DisputeView, ...] = ()
    names: tuple[NameView, ...] = ()
    outlets: int = 1
    origins: tuple[str, ...] = ()
    since: date | None = None
    timeline: tuple[EpisodeView, ...] = ()
    quotations: tuple[QuotationView, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether its further reports are of the leading one's outlet too."""
        lead = self.lead.outlet.casefold()
        return all(one.outlet.casefold() == lead for one in self.further)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A name that several stories have, and these, in the page's order."""

    name: str
    anchor: str
    stories: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A story in one line.

    Attributes:
        anchor: its place on the page.
        lead: the leading report; its title or heading is all that is said.
        further: the other reports' outlets, each once, with a report of theirs.
        since: the date of the first edition that told it, None if it is new.
        day: of the leading report's article; None if it is the edition's own, or not known.
    """

    anchor: str
    lead: Item
    further: tuple[Item, ...]
    since: date | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with the name of its place on the page.

    If it is `OTHER`, `other` is true and templates head it in the interface's words. Stories told
    in one line are `unchanged` where they go on without anything new, `noted` otherwise.
    """

    anchor: str
    title: str
    other: bool
    stories: tuple[StoryView, ...]
    noted: tuple[Line, ...] = ()
    unchanged: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class TopLine:
    """One of the most important sentences, with its story's place on the page.

    `day` is that of its article; None if it is the edition's own, or not known.
    """

    shown: Shown
    outlet: str
    anchor: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PastView:
    """A story of an earlier edition that is only named, and where that edition's page has it."""

    item: Item
    edition: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed since the edition `previous`, its key; `yesterday` if it was the day before.

    Attributes:
        new: number of new stories.
        developing: those that go on.
        repeated: those that came again without anything new.
        unchanged: those that did not come again; `unnamed` is the number of others.
        closed: those that are named for the last time.
    """

    previous: str
    yesterday: bool
    new: int
    developing: tuple[StoryView, ...]
    repeated: tuple[Line, ...]
    unchanged: tuple[PastView, ...]
    unnamed: int
    closed: tuple[PastView, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A sentence that an earlier edition showed, and what stands there now, if anything did."""

    was: Shown | None
    now: Shown | None


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """An article that was edited since the edition `edition`, a key, had shown it.

    Attributes:
        item: the article as it is now.
        before: the article as it was then; its title is shown if it was changed.
        headline: whether it was.
        restored: it is again as that edition had it; `before` is what a correction said.
        edition: that key.
        fetched: when it was read again.
        changes: in the order shown then.
    """

    item: Item
    before: Item
    headline: bool
    restored: bool
    edition: str
    fetched: datetime
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A brief, ready to be laid out.

    Attributes:
        top_lines: those that stand in one of the stories.
        sections: as in the brief, without an empty `OTHER`.
        stories: number of stories told in full.
        articles: number of different articles of these.
        outlets: number of different outlets of these.
        noted: number of stories told in one line.
        index: names that several stories have but not many of them, those of most first, places last.
        unshown: number of stories that are not shown, and of their articles.
        minutes: reading time, at least 1.
        recipes: how sentences were chosen, each way once.
        corrections: what articles of earlier editions no longer say.
        changes: since the last edition; None if there is none.
    """

    top_lines: tuple[TopLine, ...]
    sections: tuple[SectionView, ...]
    stories: int
    articles: int
    outlets: int
    minutes: int
    recipes: tuple[str, ...]
    corrections: tuple[CorrectionView, ...]
    changes: ChangesView | None = None
    index: tuple[IndexEntry, ...] = ()
    noted: int = 0
    unshown: tuple[int, int] = (0, 0)
