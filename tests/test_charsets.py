"""The charset of feeds and pages, by the standard's order, from the bytes as a server sends them."""

from __future__ import annotations

import codecs
from encodings.aliases import aliases

import pytest

from briefing.clean.charset import decode as page_text
from briefing.gather.charset import decode as feed_text
from briefing.text.charsets import codec_of

WORDS = "Café “kurma”"
NO_CHARSETS = [
    "idna", "punycode", "undefined", "utf-7", "unicode_escape", "unicode-escape",
    "raw_unicode_escape", "hex", "base64", "rot13", "zlib", "\0", "é",
]  # fmt: skip
META = '<meta charset="{}">'
XML = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("body", "transport", "expected"),
    [
        # A byte order mark wins over everything.
        (codecs.BOM_UTF8 + WORDS.encode(), "iso-8859-1", WORDS),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-8", WORDS),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), None, WORDS),
        # Then what the transport says, in the wider sense of the Web.
        (WORDS.encode("cp1252"), "iso-8859-1", WORDS),
        (WORDS.encode("cp1252"), "windows-1252", WORDS),
        ("鎔".encode("gbk"), "gb2312", "鎔"),
        ("日本".encode("shift_jis"), "Shift_JIS", "日本"),
        # What the transport says and cannot be.
        (WORDS.encode("cp1252"), "utf-8", WORDS),
        (WORDS.encode(), "entah", WORDS),
        *[(WORDS.encode(), name, WORDS) for name in NO_CHARSETS],
        (b"a\\x41\\u0042", "unicode_escape", "a\\x41\\u0042"),
        (b"a\\x41\\u0042", "raw-unicode-escape", "a\\x41\\u0042"),
        ("鎔".encode("gbk"), "gbk", "鎔"),
        (WORDS.encode("cp1252"), "latin-1", WORDS),
        (WORDS.encode("cp1252"), "ASCII", WORDS),
        # Nothing is said.
        (WORDS.encode(), None, WORDS),
        (WORDS.encode("cp1252"), None, WORDS),
    ],
)
def test_feeds_and_pages_agree(
    body: bytes, transport: str | None, expected: str
) -> None:
    assert feed_text(body, transport) == expected
    assert page_text(body, declared=transport, html=True) == expected


@pytest.mark.parametrize(
    ("stated", "transport", "sent"),
    [
        ("windows-1252", None, "cp1252"),
        ("windows-1252", "utf-8", "utf-8"),  # the transport wins
        ("utf-8", "windows-1252", "cp1252"),
        ("utf-8", None, "cp1252"),  # said, but cannot be
        ("windows-1252", "utf-8", "cp1252"),
        ("utf-16", None, "utf-8"),  # could not have been read so far
    ],
)
def test_what_the_text_itself_says(
    stated: str, transport: str | None, sent: str
) -> None:
    feed = XML.format(stated) + WORDS
    assert feed_text(feed.encode(sent), transport) == feed
    page = META.format(stated) + WORDS
    assert page_text(page.encode(sent), declared=transport, html=True) == page


def test_every_charset_that_python_knows_or_none() -> None:
    """What is taken for a charset can be read, and says what its letters say."""
    taken = {name for name in (*aliases, *aliases.values()) if codec_of(name)}
    assert {"latin_1", "cp1252", "shift_jis", "koi8_r", "big5", "utf_8"} <= taken
    assert not taken & {"unicode_escape", "raw_unicode_escape", "rot_13", "idna"}
    for name in taken:
        text = "a".encode(codec_of(name) or "").decode(codec_of(name) or "")
        assert text == "a"
