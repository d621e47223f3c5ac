"""The article in a web page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lxml.html import HtmlElement

from briefing.clean.content import Content
from briefing.clean.markup import blocks, parse_html
from briefing.clean.metadata import page_metadata
from briefing.clean.urls import site_name

_PRECISE_SHARE: Final = 0.6
"""Share of the fast result's length that the precise one must reach to be believed.

F1 .968 on extraction/scrapinghub against .962 (fast) and .964 (precise) alone
(held by tests/quality/test_extraction.py).
"""
_BULLET: Final = re.compile(r"^- ")


def read_page(text: str, *, url: str, fetched: datetime) -> Content:
    """Return the article's paragraphs, a blank line between them, and the metadata.

    Args:
        text: the page's HTML.
        url: where it came from.
        fetched: when.
    """
    page = parse_html(text)
    if page is None:
        return Content("")
    _fold_lines(page.tree)
    metadata = page_metadata(page.tree, site=site_name(url), fetched=fetched)
    return Content(extract(page.tree), metadata, truncated=page.truncated)


def extract(tree: HtmlElement) -> str:
    """Return the paragraphs of the article in `tree`, a blank line between them.

    The precise result, unless the fast one is so much longer that the precise one must
    have lost something; a page too short for either gives all its text.
    """
    fast = _extracted(tree, fast=True)
    precise = _extracted(tree, fast=False)
    chosen = precise if len(precise) >= _PRECISE_SHARE * len(fast) else fast
    lines = chosen.split("\n") if chosen else blocks(tree)
    return "\n\n".join(_BULLET.sub("", line) for line in lines if line.strip())


def _extracted(tree: HtmlElement, *, fast: bool) -> str:
    from trafilatura import extract as trafilatura_extract

    text = trafilatura_extract(
        tree,
        fast=fast,
        favor_precision=not fast,
        include_comments=False,
        include_tables=False,
    )
    return text or ""


def _fold_lines(tree: HtmlElement) -> None:
    """Make line ends inside texts blanks: a line of the result is then a paragraph."""
    for element in tree.iter():
        if element.tag in {"pre", "script"}:
            continue
        if element.text and "\n" in element.text:
            element.text = element.text.replace("\n", " ")
        if element.tail and "\n" in element.tail:
            element.tail = element.tail.replace("\n", " ")
