"""What a document holds before its noise goes, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page or a text's front matter states, unchecked.

    Attributes:
        title: without the site's name; None if not stated.
        dates: when it was published, as written; the surest first.
        urls: addresses it gives for itself, the surest first; may be relative.
        outlet: name of the site, None if not stated.
        language: as written, None if not stated.
        author: who wrote it, several joined by “, ”; None if not stated.
        body: the article's text as a page states it for machines, None if it does not.
        partial: not everyone is shown the whole article.
    """

    title: str | None = None
    dates: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    outlet: str | None = None
    language: str | None = None
    author: str | None = None
    body: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a document and what the document states about it.

    Attributes:
        text: plain text, its noise still in it.
        metadata: what page or front matter state.
        truncated: part of the text could not be read.
    """

    text: str
    metadata: Metadata = field(default_factory=Metadata)
    truncated: bool = False
