"""Foreign markup as plain text, and plain text as a page."""

from __future__ import annotations

import html
import re
from typing import Final

TITLE_LENGTH: Final = 1_000
"""Characters of a title that are kept."""

_TAG: Final = re.compile(r"<[^<>]*>")
_INLINE_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|script|small"
    r"|span|strike|strong|style|sub|sup|tt|u|wbr)"
    r"(?:\s[^<>=]{0,200}=[^<>]*)?\s{0,9}/?>",
    re.IGNORECASE,
)
"""Only tags that titles have, with nothing or attributes in them: “a<b and c>d” is none."""

_UNSEEN: Final = re.compile(
    r"<(script|style)\b[^<>]*>.*?(?:</\1\s{0,9}>|\Z)|<!--[^>]*>?",
    re.IGNORECASE | re.DOTALL,
)
"""What browsers do not show; without an end it reaches to the end, as with them."""

_TEXT_FIRST: Final = re.compile(
    r"(?:\s|<(?!(?i:script|style)\b)/?[A-Za-z][^<>]*>)*[^\s<&]"
)
"""Markup with a character in it, after nothing but blanks and tags that hide nothing."""

_PARAGRAPH: Final = re.compile(r"<[pP]")
_INVISIBLE: Final = frozenset("\u00ad\u200c\u200d\u200e\u200f")
"""Characters of words: soft hyphen, joiners, marks of direction."""

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")


def plain(markup: str) -> str:
    """Return the text of HTML `markup` on one line; good enough to measure and compare."""
    shown = _UNSEEN.sub(" ", markup) if "<" in markup else markup
    return " ".join(html.unescape(_TAG.sub(" ", shown)).split())


def has_text(markup: str) -> bool:
    """Tell whether `plain` leaves anything of `markup`; mostly its beginning says so."""
    return _TEXT_FIRST.match(markup) is not None or plain(markup) != ""


def title_text(markup: str) -> str | None:
    """Return a title without tags, entities and line ends; None if nothing is left.

    Titles that were escaped twice, as many feeds do, come out right as well.
    """
    text = markup[: 4 * TITLE_LENGTH]
    if "<" in text or "&" in text:
        text = _unescaped(text)
    if "  " in text or not text.isprintable():
        text = " ".join(_storable(text).split())
    text = text.strip()
    if len(text) > TITLE_LENGTH:
        text = text[:TITLE_LENGTH].rstrip()
    return text or None


def _unescaped(text: str) -> str:
    for _ in range(2):
        text = html.unescape(_untagged(text))
    return _untagged(text)


def _untagged(text: str) -> str:
    if "<" not in text:
        return text
    # A title that only names a tag has no end of it, and is not cut off there.
    if "</" in text or "<!" in text:
        text = _UNSEEN.sub("", text)
    return _INLINE_TAG.sub("", text)


def paragraphs(text: str) -> str:
    """Return plain `text` as HTML: a paragraph for each part between blank lines."""
    parts = (part.strip() for part in _BLANK_LINE.split(text.replace("\r\n", "\n")))
    return "\n".join(f"<p>{html.escape(part)}</p>" for part in parts if part)


def page(title: str | None, markup: str) -> bytes:
    """Return a page, in UTF-8, with `markup` as its article."""
    head = f"<title>{html.escape(title)}</title>" if title else ""
    inner = markup if _PARAGRAPH.search(markup) else f"<p>{markup}</p>"
    whole = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8">{head}</head>\n'
        f"<body><article>\n{inner}\n</article></body></html>\n"
    )
    return whole.encode("utf-8", "replace")


def language_tag(value: object) -> str | None:
    """Return `value` as a BCP 47 tag; None if it is not one in form."""
    tag = value.strip().replace("_", "-") if isinstance(value, str) else ""
    return tag if _LANGUAGE.fullmatch(tag) else None


def _storable(text: str) -> str:
    """Return `text` without lone surrogates and control characters."""
    return "".join(
        one if one.isprintable() or one.isspace() or one in _INVISIBLE else " "
        for one in text.encode("utf-8", "replace").decode("utf-8")
    )
