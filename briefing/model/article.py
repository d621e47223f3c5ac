"""An article, and what is kept of it beside its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from briefing.model.document import Published


@dataclass(frozen=True, slots=True)
class Heading:
    """An article without its text: what it is told apart, dated and credited by.

    Attributes:
        id: 16 hexadecimal digits, from the canonical address; the same for every revision.
        revision: 12 hexadecimal digits, from title and text.
        url: canonical address (see `Document.url` for files).
        link: an http(s) address a reader can open, None if there is none.
        source: id of the source.
        outlet: who published it.
        origin: the agency credited in the text (“Kantor berita Reuters”), None if none is.
        author: the persons who wrote it, joined by “, ”; None if none is named.
        title: None if the article has none.
        language: BCP 47 tag, ``und`` if it cannot be told.
        published: None if neither stated nor inferable.
        fetched: when its document was fetched.
        place: the place of the dateline (“Baghdad”), which is not part of the text.
        truncated: the text is known to be incomplete.
    """

    id: str
    revision: str
    url: str
    source: str
    outlet: str
    language: str
    fetched: datetime
    title: str | None = None
    link: str | None = None
    origin: str | None = None
    author: str | None = None
    published: Published | None = None
    place: str | None = None
    truncated: bool = False

    @property
    def came_out(self) -> datetime:
        """When it was published; of one that does not say it, when it was fetched."""
        return self.published.moment if self.published else self.fetched


@dataclass(frozen=True, slots=True)
class Article(Heading):
    """A cleaned article: no markup, no noise, nothing silently cut off.

    Attributes:
        text: paragraphs joined by a blank line; no other line breaks.
    """

    text: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Profiled:
    """What was counted of an article, as it is kept; `briefing.group` reads it.

    Attributes:
        article_id: the article.
        revision: its revision.
        recipe: what was counted, and how.
        terms: by which articles are grouped.
        shingles: by which copies are found, None where they were left out.
    """

    article_id: str
    revision: str
    recipe: str
    terms: bytes
    shingles: bytes | None = None
