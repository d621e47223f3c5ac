"""What stands above the first sentence of a text: title, dates, kickers, captions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from briefing.clean.paragraphs import (
    LIST_MARK,
    PROSE_LENGTH,
    TITLE_WORDS,
    Paragraph,
    ends_sentence,
    like_title,
)
from briefing.clean.titles import same_title
from briefing.text.dates import stamp_lines

_LINES: Final = 5
"""Most short lines above the first sentence, the title among them."""
_END: Final = 8
"""Characters at the end of a paragraph that tell whether it ends as a sentence does."""
_FULL_WORDS: Final = 5
"""Words from which a line is as likely a title as a longer one."""


def without_stamps(
    kept: list[Paragraph], *, language: str
) -> tuple[list[Paragraph], list[str]]:
    """Return the paragraphs without the dates above them, and those dates.

    Args:
        kept: the paragraphs of a text.
        language: BCP 47 tag.
    """
    lines = [paragraph.text for paragraph in kept]
    stamps = stamp_lines(lines, language=language)
    rest = [paragraph for at, paragraph in enumerate(kept) if at not in stamps]
    return rest, [lines[at] for at in stamps]


def split_header(
    kept: list[Paragraph], title: str | None
) -> tuple[str | None, list[Paragraph]]:
    """Return the title and the paragraphs below it.

    The title is `title` or else the likeliest of the short lines above the first
    sentence; where it is among them, the others are kickers, subtitles and captions,
    and go with it. In any doubt everything stays.

    Args:
        kept: the paragraphs of a text.
        title: as stated, None if it is not.
    """
    lines = _header(kept)
    if title is None and lines and _longer(kept[len(lines) :], lines):
        title = max(lines, key=_likeness)  # the first of those as likely
    if title is None or not any(same_title(line, title) for line in lines):
        return title, kept
    return title, kept[len(lines) :]


def _header(kept: Sequence[Paragraph]) -> list[str]:
    """Return the short lines above the first sentence, none if anything else is there."""
    lines: list[str] = []
    for paragraph in kept[: _LINES + 1]:
        text = paragraph.head(2 * PROSE_LENGTH)
        question = text[-1] in "?!\"'”’" and like_title(text)
        if ends_sentence(paragraph.tail(_END)) and not question:
            return lines
        too_long = len(text) >= 2 * PROSE_LENGTH or len(text.split()) >= TITLE_WORDS
        if too_long or text.endswith((":", ",", ";")) or LIST_MARK.match(text):
            return []
        lines.append(text)
    return []


def _longer(rest: Sequence[Paragraph], lines: Sequence[str]) -> bool:
    """Return whether the text is longer than the longest line above it."""
    return sum(map(len, rest)) > max(map(len, lines))


def _likeness(line: str) -> tuple[bool, int]:
    """Return how much a line is like a title: title case, then up to five words."""
    words = min(len(line.split()), _FULL_WORDS)
    return words >= 3, words + 2 * like_title(line)
