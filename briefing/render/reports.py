"""How one report is shown: its headline, its sentences, its copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Final

from briefing.model import Report, Sentence
from briefing.render.shown import Item, Shown
from briefing.text import headline_end

NAME: Final = 10
"""Words of a sentence that name a story without a title."""

_WORD: Final = re.compile(r"\S+")


def named(report: Report) -> Item:
    """Return a report that is only named: by its title, else by the first words of a sentence."""
    item = item_of(report)
    if item.heading is None:
        return item
    heading = item.heading.sentence
    words = [one.end() for one in islice(_WORD.finditer(heading.text), NAME)]
    end = words[-1] if words else len(heading.text)
    part = replace(heading, end=heading.start + end, text=heading.text[:end])
    cut = part.end < report.sentences[0].end
    return replace(item, heading=replace(item.heading, sentence=part, cut=cut))


def items_of(reports: Sequence[Report]) -> Iterator[Item]:
    """Yield each report that is no copy of another one here, with its copies."""
    standing = {report.article_id for report in reports if report.copy_of is None}
    copies = [report for report in reports if report.copy_of in standing]
    for report in reports:
        if report.copy_of not in standing:
            same = (copy for copy in copies if copy.copy_of == report.article_id)
            yield replace(item_of(report), copies=tuple(map(item_of, same)))


def item_of(report: Report) -> Item:
    """Return a report with its title, or what stands for it, and the rest of its sentences."""
    title = (report.title or "").strip() or None
    shown = list(shown_of(report, report.sentences))
    heading = heading_of(shown[0]) if shown and not title else None
    if heading and heading == shown[0]:
        del shown[0]
    return Item(report, title, heading, tuple(shown), outlet_of(report))


def shown_of(report: Report, sentences: Sequence[Sentence]) -> tuple[Shown, ...]:
    """Return sentences of a report, each with whether any before it are passed over."""
    positions = [sentence.position for sentence in sentences]
    gaps = [False, *(b > a + 1 for a, b in pairwise(positions))]
    return tuple(
        Shown(sentence, report, gap)
        for sentence, gap in zip(sentences, gaps, strict=False)
    )


def heading_of(shown: Shown) -> Shown:
    """Return the part of a sentence that can be the headline, perhaps all of it."""
    sentence = shown.sentence
    end = headline_end(sentence.text, language=shown.report.language)
    part = replace(sentence, end=sentence.start + end, text=sentence.text[:end])
    return replace(shown, sentence=part)


def outlet_of(report: Report) -> str:
    """Return who published it, as far as that is known."""
    return report.outlet.strip() or report.source
