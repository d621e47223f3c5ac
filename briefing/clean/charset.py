"""Bytes into characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from briefing.text.charsets import codec_of, marked

_META: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?([\w:.-]{1,40})", re.I
)
_META_BYTES: Final = 4096
"""The standard says 1,024; real pages put scripts before it."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BINARY_SHARE: Final = 0.05
"""Share of undecodable or control characters from which bytes are no text: random bytes
without NUL have 0.12, the worst page of extraction/scrapinghub 0.0001."""

_JUDGED: Final = 50_000
"""Characters that tell whether bytes are text: what is not is not from the beginning."""


def decode(body: bytes, *, declared: str | None, html: bool = False) -> str | None:
    """Return the text in `body`, or None if it is not text.

    A byte order mark counts first, then `declared`, in HTML the page's own word, then
    UTF-8, then Windows-1252.
    """
    text = marked(body)
    if text is not None:
        return _if_text(text)
    if b"\0" in body:
        return None
    for charset in (*_stated(body, declared, html=html), "utf-8"):
        try:
            return _if_text(body.decode(charset))
        except ValueError:
            continue
    return _if_text(_with_errors(body))


def visible(text: str) -> str:
    """Return `text` in normal form C without characters that cannot be seen.

    Control characters, soft hyphens, marks that turn the direction of writing and lone
    surrogates go; white space and the joiners that Arabic and Indic scripts need stay.
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def _stated(body: bytes, declared: str | None, *, html: bool) -> list[str]:
    """Return the charsets that transport and page state, if they are ones we read."""
    names = [declared] if declared else []
    if html and (match := _META.search(body[:_META_BYTES])):
        stated = match[1].decode("ascii")
        # In UTF-16 it could not have been read byte by byte (HTML, 13.2.3.2).
        wide = stated.lower().startswith(("utf-16", "utf-32"))
        names.append("utf-8" if wide else stated)
    return [codec for name in names if (codec := codec_of(name))]


def _with_errors(body: bytes) -> str:
    """Decode bytes that are no clean UTF-8: damaged UTF-8 if most of it is right."""
    damaged = body.decode("utf-8", "replace")
    right = sum(character > "\x7f" for character in damaged) - damaged.count("\ufffd")
    if right >= damaged.count("\ufffd"):
        return damaged
    return body.decode("cp1252", "replace")


def _if_text(text: str) -> str | None:
    judged = text[:_JUDGED]
    strange = len(_CONTROLS.findall(judged))
    return None if strange > _BINARY_SHARE * len(judged) else text
