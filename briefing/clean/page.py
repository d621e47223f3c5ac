"""The article in a web page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from briefing.clean.blocks import text_lines
from briefing.clean.content import Content
from briefing.clean.main_text import main_text
from briefing.clean.markup import parse_html
from briefing.clean.metadata import page_metadata
from briefing.clean.paging import goes_on
from briefing.clean.urls import site_name

PARAGRAPH_BREAK: Final = "\n\n"
_LIST_MARK: Final = re.compile(r"^- ")
_SHORT: Final = 200
"""Characters below which the text may stand where only a page without scripts shows it."""
_STATED_LONGER: Final = 2
"""How many times longer the text in a page's JSON-LD must be than what is to be seen: a
reader who is shown a teaser still gets the article."""
_NOT_TEXT: Final = ("iframe", "script", "style", "svg")
_OPINION_SIZE: Final = 3_000_000
"""Most characters of a page that trafilatura is asked about: 1 MB of plain paragraphs
takes it 0.4 s, more with tables and lists."""


def read_page(text: str, *, url: str, fetched: datetime) -> Content:
    """Return the article's paragraphs, a blank line between them, and the metadata.

    `Content.truncated` tells that more is behind a paywall, hidden or on further pages, or
    was nested too deeply to be read.

    Args:
        text: the page's HTML.
        url: where it came from.
        fetched: when.
    """
    page = parse_html(text)
    if page is None:
        return Content("")
    stated = page_metadata(page.tree, site=site_name(url), fetched=fetched, url=url)
    truncated = page.truncated or stated.partial or goes_on(page.tree, url=url)
    asked = len(text) <= _OPINION_SIZE
    found, partial = _seen(page.tree, asked=asked)
    if len(found) < _SHORT and _shows_noscript(page.tree):
        found = max(found, _seen(page.tree, asked=asked)[0], key=len)
    if stated.body and len(stated.body) > _STATED_LONGER * len(found):
        found = PARAGRAPH_BREAK.join(_filled(stated.body))
    return Content(
        found or PARAGRAPH_BREAK.join(text_lines(page.tree)),
        stated,
        truncated=truncated or partial,
    )


def _seen(tree: HtmlElement, *, asked: bool) -> tuple[str, bool]:
    """Return the article's text to be seen, and whether there is more for some readers.

    Where the text is not sure, trafilatura decides.
    """
    own = main_text(tree)
    found = "" if own.sure or not asked else _by_trafilatura(tree)
    return found or PARAGRAPH_BREAK.join(own.paragraphs), own.partial


def _by_trafilatura(tree: HtmlElement) -> str:
    from trafilatura import extract

    strip_elements(tree, *_NOT_TEXT, with_tail=False)
    _fold_lines(tree)
    found = extract(tree, include_comments=False)
    return PARAGRAPH_BREAK.join(
        _LIST_MARK.sub("", line) for line in _filled(found or "")
    )


def _fold_lines(tree: HtmlElement) -> None:
    """Make line ends inside texts blanks: a line of the result is then a paragraph."""
    for element in tree.iter():
        if element.tag in {"pre", "script"}:
            continue
        if element.text and "\n" in element.text:
            element.text = element.text.replace("\n", " ")
        if element.tail and "\n" in element.tail:
            element.tail = element.tail.replace("\n", " ")


def _shows_noscript(tree: HtmlElement) -> bool:
    """Make what stands for readers without scripts part of the page; return whether any is."""
    found = list(tree.iter("noscript"))
    for element in found:
        element.tag = "div"
    return bool(found)


def _filled(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip())
