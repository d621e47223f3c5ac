"""Charsets of the Web, and the codecs of Python that read them."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKED: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins the same
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

MARKS: Final = tuple(mark for mark, _ in _MARKED)
"""Byte order marks."""

_CODECS: Final = re.compile(
    r"utf-(?:8|16|32)(?:-[lb]e)?|ascii|iso8859-\d{1,2}|cp\d{3,4}|koi8-\w|gb\w{1,5}|big5\w{0,6}"
    r"|shift_jis\w{0,5}|euc_\w{2,10}|iso2022_\w{2,8}|mac-\w{2,10}|tis-620"
)
"""Those that read charsets. Python has others, some of which take quadratic time."""

_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
"""Charsets that are declared where a wider one is meant (WHATWG Encoding, 4.2)."""


def codec_of(name: str) -> str | None:
    """Return the codec that reads the charset of this name; None if it is none we read."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # Python also knows codecs that are no charsets: idna, punycode, rot13, unicode-escape.
    return _WIDER.get(codec, codec) if _CODECS.fullmatch(codec) else None


def marked(body: bytes) -> str | None:
    """Return the text behind a byte order mark, None if `body` begins with none."""
    for mark, codec in _MARKED:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    return None
