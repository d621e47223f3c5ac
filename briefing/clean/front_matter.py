"""What a text file says of itself in lines above the text.

    ---
    title: Parliament passes the budget
    date: 2024-03-05 10:30
    url: https://news.example/budget
    outlet: Example Daily
    language: en
    ---

Only such ``key: value`` lines between two lines of ``---`` count; the lists, longer values
and comments of YAML under them are passed over. Python-Markdown's own
``meta`` extension would also take a first line like “Laporan: …” for a key.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from briefing.clean.content import Content, Metadata

_FENCE: Final = re.compile(r"(?:---|\.\.\.)[ \t]*")
_PAIR: Final = re.compile(r"(?P<key>[A-Za-z][\w-]{0,30})[ \t]*:[ \t]*(?P<value>.*)")
_ASIDE: Final = re.compile(r"[ \t]*|[ \t]+\S.*|-[ \t].*|#.*")
"""A line under a key that says nothing by itself: blank, indented, an item, a comment."""
_FOLLOWS: Final = re.compile(r"[>|][+-]?\d?")
"""What YAML writes in place of a value that stands in the lines below."""
_MOST_LINES: Final = 60
_KEYS: Final = {
    "title": ("title", "judul"),
    "date": ("date", "published", "tanggal"),
    "url": ("url", "link", "canonical"),
    "outlet": ("outlet", "publisher", "site"),
    "author": ("author", "authors", "byline", "penulis"),
    "language": ("language", "lang", "bahasa"),
}


def read_plain(text: str) -> Content:
    """Return a plain text and what its front matter states."""
    metadata, rest = split_front_matter(text)
    return Content(rest, metadata)


def read_markdown(text: str) -> Content:
    """Return the text of a Markdown document, and what it states.

    The title is the front matter's, else the first heading of level one.
    """
    from briefing.clean.markup import markdown_blocks

    metadata, rest = split_front_matter(text)
    paragraphs, heading = markdown_blocks(rest)
    if heading and not metadata.title:
        metadata = replace(metadata, title=heading)
    return Content("\n\n".join(paragraphs), metadata)


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Return what the lines above the text state, and the text below them.

    Without front matter, or with any other line inside it, all of `text` is text.
    """
    lines = text.split("\n", _MOST_LINES)
    if _FENCE.fullmatch(lines[0]) is None:
        return Metadata(), text
    pairs: dict[str, str] = {}
    for at, line in enumerate(lines[1:], start=1):
        if _FENCE.fullmatch(line):
            return _stated(pairs), "\n".join(lines[at + 1 :])
        pair = _PAIR.fullmatch(line)
        if pair:
            value = _unquoted(pair["value"].strip())
            pairs[pair["key"].lower()] = "" if _FOLLOWS.fullmatch(value) else value
        elif not _ASIDE.fullmatch(line) or (line.strip() and not pairs):
            break
    return Metadata(), text


def _stated(pairs: dict[str, str]) -> Metadata:
    def value(field: str) -> str | None:
        return next((pairs[key] for key in _KEYS[field] if pairs.get(key)), None)

    date, url = value("date"), value("url")
    return Metadata(
        title=value("title"),
        dates=(date,) if date else (),
        urls=(url,) if url else (),
        outlet=value("outlet"),
        language=value("language"),
        author=value("author"),
    )


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
