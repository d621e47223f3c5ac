"""The bytes of a feed as text."""

from __future__ import annotations

import re
from typing import Final

from briefing.text.charsets import MARKS, codec_of, marked

_STARTS: Final = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""How XML begins without a mark (XML 1.0, appendix F); the last is EBCDIC."""

_DECLARED: Final = re.compile(
    rb"\s{0,99}<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:+-]{1,40})"
)


def decode(body: bytes, charset: str | None) -> str:
    """Return `body` as text; never fails.

    The order of the standard: byte order mark, then `charset` (the transport's), then the XML
    declaration, then UTF-8, and Windows-1252 with what fits if none of them can be right.
    """
    text = marked(body)
    if text is not None:
        return text
    for start, encoding in _STARTS:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    declared = _DECLARED.match(body)
    stated = declared[1].decode("ascii", "replace") if declared else None
    if stated and stated.lower().startswith(("utf-16", "utf-32", "ucs-")):
        stated = None  # not in a declaration that could be read byte by byte
    for candidate in (charset, stated, "utf-8"):
        text = _decoded(body, candidate)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def is_utf8(body: bytes, charset: str | None) -> bool:
    """Tell whether `decode` would take `body`, if it is well-formed, for UTF-8."""
    if body.startswith(MARKS):
        return False  # its mark has to go first
    stated = (charset or "utf-8").lower()
    declared = _DECLARED.match(body)
    if charset is None and declared:
        stated = declared[1].decode("ascii", "replace").lower()
    return stated in ("utf-8", "utf8")


def _decoded(body: bytes, charset: str | None) -> str | None:
    """Return `body` as text if `charset` is known and fits; else None."""
    codec = codec_of(charset) if charset else None
    try:
        return body.decode(codec) if codec else None
    except ValueError:
        return None
