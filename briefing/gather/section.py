"""A page that lists articles, as a source: its links that fit a pattern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from briefing.gather.entries import MAX_ENTRIES_READ, Entry, ParsedFeed, unread
from briefing.gather.links import MAX_LINKS, counted_links
from briefing.gather.outcome import answered, failed, without_rest
from briefing.gather.pace import INTERVAL
from briefing.gather.page import usable
from briefing.gather.pattern import matches
from briefing.gather.reading import read_entries
from briefing.gather.response import FetchError, Response
from briefing.gather.visit import Visit
from briefing.model import Failure, Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http


@dataclass(frozen=True, slots=True)
class Section:
    """A section page of a site without a feed.

    Attributes:
        id: the source's id.
        url: of the page that links to the articles.
        pattern: which of its links are articles: see `briefing.gather.pattern`.
        outlet: name of the outlet; None to take the articles' word.
        language: BCP 47 tag; None to find out.
        http: the network reader.
        follow: always; a link alone says nothing.
    """

    id: str
    url: str = field(repr=False)
    pattern: str
    outlet: str | None = None
    language: str | None = None
    interval: timedelta = INTERVAL
    private: bool = False
    http: Http = field(kw_only=True, repr=False, compare=False)
    follow: bool = field(default=True, init=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each page that is newly linked to."""
        visit = Visit.of(self, state, now=now)
        if left := visit.not_asked():
            return left
        try:
            page = usable(visit.ask(self.http))
        except FetchError as error:
            return visit.unanswered(error)
        after = visit.remembered(page)
        if page.status == 304:
            return read_entries(self, None, visit=visit, state=after, known=known)
        links, failures = self._links(page)
        if not links:
            after = replace(after, etag=None, last_modified=None)
            empty = failed(self.id, "empty", f"no link fits {self.pattern}")
            return answered(after, now, (), [*failures, empty])
        entries = tuple(Entry(link=url) for url in links[:MAX_ENTRIES_READ])
        listed = ParsedFeed(entries=entries)
        read = read_entries(self, listed, visit=visit, state=after, known=known)
        read = replace(read, failures=(*failures, *read.failures))
        return without_rest(read, unread(len(links)))

    def _links(self, page: Response) -> tuple[list[str], list[Failure]]:
        """Return the links that are articles, and whether some were not looked at."""
        links, left = counted_links(page)
        fitting = [url for url in links if matches(self.pattern, url, site=self.url)]
        detail = f"{MAX_LINKS} links were looked at, {left} were not"
        return fitting, [failed(self.id, "too-large", detail)] if left else []
