"""The bytes of a feed as text."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; those of UTF-32 begin like those of UTF-16 and come first."""

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

_WIDER: Final = {"gb2312": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "cp1252"}
"""What is sent under a narrower name than it deserves (WHATWG Encoding §4.2)."""

_REFUSED: Final = frozenset(
    {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7", "undefined"}
)
"""Python's codecs that are no charset of the Web; some take quadratic time."""


def decode(body: bytes, charset: str | None) -> str:
    """Return `body` as text; never fails.

    The order of the standard: byte order mark, then `charset` (the transport's), then the XML
    declaration, then UTF-8, and Windows-1252 with what fits if none of them can be right.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
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
    if body.startswith(tuple(mark for mark, _ in _MARKS)):
        return False  # its mark has to go first
    stated = (charset or "utf-8").lower()
    declared = _DECLARED.match(body)
    if charset is None and declared:
        stated = declared[1].decode("ascii", "replace").lower()
    return stated in ("utf-8", "utf8")


def _decoded(body: bytes, charset: str | None) -> str | None:
    """Return `body` as text if `charset` is known and fits; else None."""
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
        name = _WIDER.get(charset.lower(), name)
        return None if name in _REFUSED else body.decode(name)
    except (LookupError, ValueError):
        return None
