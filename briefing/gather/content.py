"""What a body is, whatever it came by: how large it may be, text or not, of which kind."""

from __future__ import annotations

import codecs
from typing import Final

from briefing.gather.charset import decode

MAX_BYTES: Final = 5_000_000
"""Bytes of the largest file, mail or answer that is read."""

PROBE: Final = 8_192
"""Bytes looked at to tell text from other files."""

_WIDE_MARKS: Final = (
    codecs.BOM_UTF16_LE,  # of UTF-32 too, which begins with it
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)


def looks_binary(body: bytes) -> bool:
    """Tell whether `body` is no text: it has NULs and no mark of UTF-16 or UTF-32."""
    return b"\0" in body[:PROBE] and not body.startswith(_WIDE_MARKS)


def sniffed(body: bytes) -> str:
    """Return the media type of text whose kind nobody states: HTML begins with ``<``."""
    start = decode(body[:PROBE], None).lstrip()
    return "text/html" if start.startswith("<") else "text/plain"
