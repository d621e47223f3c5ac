"""What stands before the root element of an XML text: declaration, comments, document type."""

from __future__ import annotations

import re
from typing import Final

_BLANK: Final = re.compile(r"[\s\ufeff\0]*")
_PIECES: Final = (("<?", "?>"), ("<!--", "-->"))
_TYPE: Final = "<!DOCTYPE"
_SUBSET: Final = re.compile(r"<!DOCTYPE[^<>\[]{0,1000}\[", re.IGNORECASE)
_SUBSET_END: Final = re.compile(r"\]\s{0,99}>")
_ENTITY: Final = re.compile(
    r"<!ENTITY\s{1,99}([A-Za-z][\w.-]{0,99})\s{1,99}(?:\"([^\"&%<]{0,999})\"|'([^'&%<]{0,999})')\s{0,99}>"
)


def root_at(text: str) -> int:
    """Return where the root element of XML `text` begins; -1 if its prolog has no end."""
    at = _after_blanks(text, 0)
    while text.startswith("<", at):
        if text[at : at + len(_TYPE)].upper() == _TYPE:
            end = _type_end(text, at)
        else:
            marks = next((two for two in _PIECES if text.startswith(two[0], at)), None)
            if marks is None:
                return at
            found = text.find(marks[1], at + len(marks[0]))
            end = found + len(marks[1]) if found >= 0 else -1
        if end < 0:
            return -1
        at = _after_blanks(text, end)
    return -1


def declared_entities(prolog: str) -> dict[str, str]:
    """Return the entities that a document type declares as plain characters.

    Those made of other entities or of markup are left out: they may expand without end.
    """
    return {name: one or other for name, one, other in _ENTITY.findall(prolog)}


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _type_end(text: str, at: int) -> int:
    subset = _SUBSET.match(text, at)
    if subset is None:
        return text.find(">", at) + 1 or -1
    end = _SUBSET_END.search(text, subset.end())
    return end.end() if end else -1
