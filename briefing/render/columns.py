"""Plain text in a column, as mail programs show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup
from rich.cells import cell_len, chop_cells

from briefing.text import one_line

WIDTH: Final = 78
"""Columns of a line of mail (RFC 5322, 2.1.1: 78 characters should be the most)."""

_LONGEST: Final = 100_000
"""Characters of one printed value; longer ones end in an ellipsis."""

_INDENT: Final = re.compile(r" *(?:[-*] |\d{1,3}\. )?")
_ADDRESS: Final = re.compile(r"(?:https?|mailto):\S")
_RULE: Final = re.compile(r"[-=]{9,}$")


class Plain(Markup):
    """Text that is plain already; what is formatted into it becomes one line."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: object, /) -> Plain:
        """Return `s` on one line without control characters, or as it is if it is plain."""
        return s if isinstance(s, cls) else cls(one_line(str(s), limit=_LONGEST))


def in_column(text: str, *, width: int = WIDTH) -> str:
    """Return `text` with lines of at most `width` columns and single empty lines.

    Lines are broken at blanks, and where a word is wider than the line, as in scripts
    without blanks, inside it; addresses stay whole. What continues a line is set in as far
    as the text behind its "- ", "* " or "1. ". Wide characters count two columns.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _broken(line.rstrip(), width) if line.strip() else [""]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n") + "\n"


def _broken(line: str, width: int) -> Iterator[str]:
    indent = _INDENT.match(line)
    assert indent is not None
    now, used = indent[0], cell_len(indent[0])
    further = " " * used
    first = True
    for word in _words(line[indent.end() :], width - used):
        wide = cell_len(word)
        if not first and used + 1 + wide > width:
            yield now
            now, used, first = further, len(further), True
        now, used = (
            (now + word, used + wide) if first else (f"{now} {word}", used + 1 + wide)
        )
        first = False
    yield now


def _words(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        if cell_len(word) <= width or _ADDRESS.match(word):
            yield word
        else:
            yield from chop_cells(word, max(width, 2))
