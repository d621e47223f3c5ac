"""Plain text without its noise, each character still traceable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from briefing.clean.denoise import (
    Dropped,
    ends_in_noise,
    is_noise_line,
    without_noise,
)
from briefing.clean.header import split_header, without_stamps
from briefing.clean.paragraphs import Paragraph, Runs, paragraphs, raw_offset
from briefing.clean.rules import Rules, publishers, rules
from briefing.clean.titles import same_title
from briefing.text.agencies import find_agency
from briefing.text.datelines import Dateline, find_dateline, whole_dateline

PARAGRAPH_BREAK: Final = "\n\n"
_HEADERS: Final = 3
"""Paragraphs above a text: title, byline, dateline."""
_PASSES: Final = 10
"""Most times the rules are gone through; real texts need two."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """What was chosen from a raw text.

    Attributes:
        text: paragraphs joined by a blank line, white space inside them folded.
        runs: offsets in `text` and the offsets in the raw text they come from.
        title: stated or found in the text, of which it is then no part; None if neither.
        outlet: who published it, by the dateline; None if it does not say.
        place: the place of the dateline, None if there is none.
        agency: the news agency credited, None if none is.
        stamps: what was nothing but a date above the text or in the dateline, as it stood.
    """

    text: str
    runs: Runs
    title: str | None = None
    outlet: str | None = None
    place: str | None = None
    agency: str | None = None
    stamps: tuple[str, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the raw text ``text[start:end]`` was chosen from.

        Inside one paragraph the two differ in nothing but white space.

        Raises:
            ValueError: the range is empty or outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no text between {start} and {end}")
        return raw_offset(self.runs, start), raw_offset(self.runs, end - 1) + 1


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is left of a text, and what was cut off it.

    Attributes:
        kept: the paragraphs that are left.
        title: stated or found, None if neither.
        dateline: empty if none was found.
        dropped: noise, with the rules that say so.
        stamps: dates that stood above the text.
    """

    kept: list[Paragraph]
    title: str | None
    dateline: Dateline
    dropped: tuple[Dropped, ...] = ()
    stamps: tuple[str, ...] = ()


def clean_text(
    raw: str,
    *,
    language: str,
    title: str | None = None,
    outlet: str | None = None,
    site: str | None = None,
    noise: Path | None = None,
) -> CleanText:
    """Return the text of `raw` without noise, title and dateline.

    Cleaning the result again with the same title changes nothing.

    Args:
        raw: plain text as it came; its lines are its paragraphs.
        language: BCP 47 tag, ``und`` if not known.
        title: as stated elsewhere; None: a line above the text may be one.
        outlet: who published it, if known: “Name –” is then a dateline.
        site: host of the site it was published on, None if not known.
        noise: file or folder with rules of the operator's own.
    """
    known = rules(noise).by(publishers(outlet, site))
    kept = paragraphs(
        raw,
        language=language,
        is_noise=partial(is_noise_line, rules=known),
        is_closed=partial(ends_in_noise, rules=known),
    )
    cut = _Cut(kept, title, Dateline())
    for _ in range(_PASSES):
        before, cut = cut, _cut(cut, rules=known, outlet=outlet, language=language)
        if cut.kept == before.kept:
            break
    return _chosen(cut, outlet)


def _cut(before: _Cut, *, rules: Rules, outlet: str | None, language: str) -> _Cut:
    """Return what is left after going once through all that is no text."""
    kept, gone = without_noise(
        before.kept,
        rules=rules,
        outlet=outlet or before.dateline.outlet,
        titled=before.title is not None,
    )
    kept, dates = without_stamps(kept, language=language)
    kept, dateline = _without_dateline_alone(
        kept, before.dateline, outlet=outlet, language=language
    )
    title, kept = split_header(_without_title(kept, before.title), before.title)
    kept, dateline = _without_dateline(
        kept, dateline, title=title, outlet=outlet, language=language
    )
    dropped = (*before.dropped, *gone)
    return _Cut(kept, title, dateline, dropped, (*before.stamps, *dates))


def _chosen(cut: _Cut, outlet: str | None) -> CleanText:
    """Return the text that is left, with what was cut off and says something about it."""
    text, runs = _joined(cut.kept)
    dateline = cut.dateline
    signed = [part for rule, part in cut.dropped if rule.credit]
    credits = [dateline.credit, *signed] if dateline.credit else signed
    return CleanText(
        text=text,
        runs=runs,
        title=cut.title,
        outlet=dateline.outlet,
        place=dateline.place,
        agency=find_agency(text, credits, outlet=outlet or dateline.outlet),
        stamps=(*cut.stamps, dateline.stamp) if dateline.stamp else cut.stamps,
    )


def _without_title(kept: list[Paragraph], title: str | None) -> list[Paragraph]:
    """Drop the title where it opens the text, unless nothing else is there."""
    if title is None:
        return kept
    at = 0
    limit = 2 * len(title) + 8
    while at < len(kept) - 1 and len(kept[at]) <= limit:
        if not same_title(kept[at].text, title):
            break
        at += 1
    return kept[at:]


def _without_dateline(
    kept: list[Paragraph],
    before: Dateline,
    *,
    title: str | None,
    outlet: str | None,
    language: str,
) -> tuple[list[Paragraph], Dateline]:
    """Cut the dateline off the first paragraph, if what is left is a text of its own."""
    if not kept:
        return kept, before
    found = find_dateline(kept[0].text, outlet=outlet, language=language)
    if found is None:
        return kept, before
    rest = [kept[0].cut(start=kept[0].start + found.length), *kept[1:]]
    if title is None and split_header(rest, None)[0]:
        return kept, before  # else cleaning again would take it for a title
    return rest, before.or_else(found)


def _without_dateline_alone(
    kept: list[Paragraph],
    before: Dateline,
    *,
    outlet: str | None,
    language: str,
) -> tuple[list[Paragraph], Dateline]:
    """Drop the first paragraph that is a dateline by itself, if it stands above a text."""
    for at, paragraph in enumerate(kept[:_HEADERS]):
        found = whole_dateline(paragraph.text, outlet=outlet, language=language)
        if found and len(kept) > at + 1:
            return [*kept[:at], *kept[at + 1 :]], before.or_else(found)
    return kept, before


def _joined(kept: list[Paragraph]) -> tuple[str, Runs]:
    """Return the text of the paragraphs and where each stretch of it comes from."""
    runs: list[tuple[int, int]] = []
    length = 0
    for paragraph in kept:
        first = raw_offset(paragraph.runs, paragraph.start)
        runs.append((length, first))
        shift = length - paragraph.start
        runs.extend(
            (at + shift, raw)
            for at, raw in paragraph.runs
            if paragraph.start < at < paragraph.end
        )
        length += len(paragraph) + len(PARAGRAPH_BREAK)
    return PARAGRAPH_BREAK.join(paragraph.text for paragraph in kept), tuple(runs)
