"""What a feed says, whichever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from briefing.gather.markup import plain

FULL_TEXT: Final = 1_000
"""Characters of text from which a feed's content counts as the whole article: summaries that
feeds of news give are mostly under 600, articles mostly over 1,500."""

MAX_ENTRIES_READ: Final = 5_000
"""Entries of a feed, a section or a sitemap that are read: feedparser takes 0.14 ms and 2 kB for
an empty one, and the store is asked of each whether it is known."""


class Entry(NamedTuple):
    """One entry of a feed.

    Attributes:
        id: as stated, empty if it is not.
        link: absolute if its base is known, empty if there is none; of any scheme.
        title: plain text, None if there is none.
        stamp: the date as written, empty if there is none.
        content: the article as HTML, empty if there is none.
        summary: a shorter text as HTML, empty if there is none.
        language: of this entry, as stated.
        outlet: name of the feed it was taken over from, None if it is this feed's own.
    """

    id: str = ""
    link: str = ""
    title: str | None = None
    stamp: str = ""
    content: str = ""
    summary: str = ""
    language: str | None = None
    outlet: str | None = None

    @property
    def text(self) -> str:
        """The longest text there is, as HTML."""
        return self.content or self.summary

    @property
    def is_whole(self) -> bool:
        """Whether `content` is long enough to be the whole article."""
        # Markup is never shorter than its text.
        return len(self.content) > FULL_TEXT and len(plain(self.content)) > FULL_TEXT


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed, or why it is none.

    Attributes:
        title: plain text, None if there is none.
        link: to the site whose articles it lists, empty if there is none.
        language: BCP 47 tag as stated, None if it is not.
        entries: in the feed's order.
        unread: entries after the first `MAX_ENTRIES_READ`.
        problem: reason and detail of a failure, None if it could be read.
    """

    title: str | None = None
    link: str = ""
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    unread: int = 0
    problem: tuple[str, str] | None = None


def unread(count: int) -> int:
    """Return how many of `count` entries are not read."""
    return max(0, count - MAX_ENTRIES_READ)
