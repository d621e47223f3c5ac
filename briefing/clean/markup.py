"""Markup into trees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from briefing.clean.blocks import text_lines

_BRACKETS: Final = 100
"""Square brackets in one line from which they are no links: Python-Markdown takes time
that grows with the square of their number (20,000 of them: over 20 s)."""
_ENDS: Final = re.compile(r"(?i)</(?:body|html)\b[^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.

    Attributes:
        tree: its root element.
        truncated: libxml2 gave up inside it, so that text is missing.
    """

    tree: HtmlElement
    truncated: bool


def parse_html(text: str) -> Page | None:
    """Return the page in `text`, None if there is no element in it.

    libxml2 drops what lies deeper than 256 levels and all that follows without an
    error; `huge_tree` moves that to 2,048 levels and lifts the limit on one text, and
    what is dropped even so is told by `Page.truncated`.
    """
    try:
        return _parsed(text)
    except etree.ParserError:
        return None


def _parsed(text: str) -> Page:
    """Return the page in `text`; raises lxml's `ParserError` if no element is in it."""
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    # Without it lxml asks Python for the class of each element: a tenth of the time.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(HtmlElement))
    # What follows the ends of body and page is still part of the body (HTML, “after body”),
    # but libxml2 puts it into a second tree that nobody reads.
    whole = _ENDS.sub("", text).encode("utf-8", "replace")
    tree = document_fromstring(whole, parser=parser)
    kinds = {error.type_name for error in parser.error_log}
    if "ERR_NO_MEMORY" in kinds:
        raise MemoryError
    return Page(tree, truncated="ERR_RESOURCE_LIMIT" in kinds)


def markdown_blocks(text: str) -> tuple[list[str], str | None]:
    """Return the paragraphs of a Markdown text and its first heading of level one, if any."""
    from markdown import Markdown

    lines = (
        re.sub(r"[\[\]]", r"\\\g<0>", line) if line.count("[") > _BRACKETS else line
        for line in text.split("\n")
    )
    html = Markdown(output_format="html").convert("\n".join(lines))
    page = _parsed(f"<div>{html}</div>")
    heading = next(page.tree.iter("h1"), None)
    title = " ".join(heading.text_content().split()) if heading is not None else None
    return text_lines(page.tree), title or None
