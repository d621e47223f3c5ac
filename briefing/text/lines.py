"""Foreign text made fit for a terminal or a log."""

from __future__ import annotations

import re
from typing import Final

_ESCAPES: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves (ECMA-48 §5.4)
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM, APC strings
    r"|\x1b[ -/]*[0-~]?"  # any other escape
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI as one character
)
_UNSEEN: Final = re.compile(
    "[\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
"""What changes a line without being seen: bidi marks and overrides, fillers, tags."""
_BLANKS: Final = re.compile(
    "[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ufffe\uffff\ud800-\udfff]+"
)
"""Blanks, line ends, control characters (C0, C1), and what cannot be printed."""


def one_line(text: str, *, limit: int = 200) -> str:
    """Return `text` as one printable line of at most `limit` characters.

    Terminal escapes and bidi overrides are dropped, runs of blanks, line ends and
    control characters become one blank, and a longer line ends in "…". Joiners that
    Arabic and Indic scripts need are kept.
    """
    # Only the beginning can be shown, so a huge text costs no more than a short one.
    head = text[: 16 * limit + 64]
    seen = _UNSEEN.sub("", _ESCAPES.sub("", head))
    line = _BLANKS.sub(" ", seen).strip()
    if len(line) <= limit and len(head) == len(text):
        return line
    return line[: max(limit - 1, 0)].rstrip() + "…" if limit > 0 else ""
