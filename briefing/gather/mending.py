"""XML that is not well-formed, made so where nobody can be in doubt what was meant."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Mapping
from html.entities import html5
from typing import Final

_XML: Final = frozenset({"lt", "gt", "amp", "quot", "apos"})
_FAULT: Final = re.compile(
    # CDATA sections and comments are passed over; one without an end reaches to the end.
    r"<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)|<!--(?s:.*?)(?:-->|\Z)"
    r"|&(?:#(?P<number>[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def mended(text: str, *, entities: Mapping[str, str]) -> str:
    """Return `text` with what XML does not allow in it replaced.

    Named entities of HTML become their characters, ampersands that begin nothing are
    escaped, control characters become blanks.

    Args:
        text: XML from its root element on.
        entities: those that its own document type declares.
    """

    def replaced(match: re.Match[str]) -> str:
        found = match[0]
        if match["name"]:
            return _named(match["name"], entities)
        if match["number"]:
            return _numbered(found)
        return "&amp;" if found == "&" else found

    return _NO_XML.sub(" ", _FAULT.sub(replaced, text))


def _named(name: str, entities: Mapping[str, str]) -> str:
    if name in _XML:
        return f"&{name};"
    known = entities.get(name) or html5.get(f"{name};")
    return f"&amp;{name};" if known is None else html.escape(known)


def _numbered(reference: str) -> str:
    """Return a character's reference; a blank for what XML does not allow."""
    figures = reference[2:-1].lower()
    code = int(figures[1:], 16) if figures.startswith("x") else int(figures)
    bad = not code or code > sys.maxunicode or _NO_XML.match(chr(code))
    return " " if bad else reference
