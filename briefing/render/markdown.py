"""Foreign text made safe for Markdown, and still readable as plain text.

Scraped titles are Markdown by accident ("1. Januari", "# tagar") or on purpose. What
would be markup is escaped for both CommonMark 0.31 and Python-Markdown, whose rules
differ: the latter knows no backslash before ``<``, ``&``, ``=``, ``:`` and ``~``, so
these become character references. What cannot be markup where it stands is left alone.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from briefing.render.text import plain

_BLANKS = re.compile(r"\s+")
_ANYWHERE = re.compile(r"[\\`*\[\]{}]")
_REFERENCE = re.compile(r"&(?=[#0-9A-Za-z]|$)")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LEADING_NUMBER = re.compile(r"^(\d+)([.)])(?=\s|$)")
_LEADING_SIGN = re.compile(r"^([-+])(?=[-+\s]|$)")
_TABLE_RULE = re.compile(r"^[-:|\s]+$")
_RULE = str.maketrans({"-": r"\-", ":": "&#58;", "|": "&#124;"})
_REFERENCES = str.maketrans({"<": "&lt;", "~": "&#126;"})


class Markdown(Markup):
    """Text that is Markdown already; what is formatted into it is escaped."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: object, /) -> Markdown:
        """Return `s` escaped, or as it is if it is markup already."""
        return s if isinstance(s, cls) else cls(escape(s))


def escape(value: object) -> str:
    """Return `value` as Markdown that shows its text, on one line; markup stays as it is.

    Runs of white space become one blank, controls are left out.
    """
    if isinstance(value, Markup):
        return str(value)
    text = _BLANKS.sub(" ", plain(str(value))).strip()
    text = _REFERENCE.sub("&amp;", text).translate(_REFERENCES)
    text = text.replace("]:", "]&#58;")
    text = _UNDERSCORE.sub(r"\\_", _ANYWHERE.sub(r"\\\g<0>", text))
    return _escape_ends(text)


def _escape_ends(text: str) -> str:
    """Escape what is markup only at the beginning or the end of a line."""
    if _TABLE_RULE.match(text):
        return text.translate(_RULE)
    text = _LEADING_NUMBER.sub(r"\1\\\2", text)
    text = _LEADING_SIGN.sub(r"\\\1", text)
    if text.startswith(("=", ":")):
        text = f"&#{ord(text[0])};{text[1:]}"
    elif text.startswith(">"):
        text = "\\" + text
    after = text.lstrip("#")
    body = after.rstrip("#")
    return r"\#" * (len(text) - len(after)) + body + r"\#" * (len(after) - len(body))
