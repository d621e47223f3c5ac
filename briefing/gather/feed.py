"""A feed as a source: its entries, and the pages they lead to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from briefing.gather.address import web_address
from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.markup import page, plain
from briefing.gather.moments import published
from briefing.gather.outcome import answered, failed
from briefing.gather.pace import INTERVAL
from briefing.gather.page import Pages
from briefing.gather.parsing import parse_feed
from briefing.gather.response import FetchError, Response
from briefing.gather.rhythm import rhythm
from briefing.gather.visit import Visit, with_quiet
from briefing.model import Document, Failure, Gathered, SourceState
from briefing.text import digest

if TYPE_CHECKING:
    from briefing.gather.http import Http

log = logging.getLogger(__name__)

MAX_ENTRIES: Final = 500
"""Entries of a feed that are looked at, the newest; news feeds have 10 to 100."""

BUDGET: Final = 120.0
"""Seconds for the pages of one visit; those of the 100 entries that a news feed has at most
take 30 s where each takes 0.3 s. The rest waits for the next visit."""


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS or Atom feed, or a JSON Feed.

    Attributes:
        id: the source's id.
        url: its http or https address; may hold ``user:password@``, which is sent to that
            host and shown nowhere.
        outlet: name of the outlet; None to take the feed's word.
        language: BCP 47 tag; None to take the feed's word.
        follow: read the page of each new entry whose content is not whole.
        interval: the least time between two visits.
        private: addresses that are not public may be connected to, of links too.
        http: the network reader.
    """

    id: str
    url: str = field(repr=False)
    outlet: str | None = None
    language: str | None = None
    follow: bool = True
    interval: timedelta = INTERVAL
    private: bool = False
    http: Http = field(kw_only=True, repr=False, compare=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new entry; none if nothing has changed or is due."""
        asked = Visit.of(
            self.id,
            self.url,
            state,
            now=now,
            interval=self.interval,
            private=self.private,
        )
        if left := asked.not_asked():
            return left
        try:
            response = asked.ask(self.http)
        except FetchError as error:
            return asked.unanswered(error)
        if response.status == 304:
            after = asked.remembered(response)
            return answered(after, now, (), asked.news(after))
        feed = parse_feed(response.body, url=response.url, charset=response.charset)
        if feed.problem is not None:
            return asked.failed(*feed.problem)
        after = asked.remembered(response, rhythm(response.body))
        visit = _Visit(self, feed, asked)
        for entry in newest(feed.entries, source=self.id):
            visit.note(entry, known)
        visit.read()
        if visit.lacking:
            # With validators the feed would be "unchanged" and the entry never read.
            after = replace(after, etag=None, last_modified=None)
        after = with_quiet(after, visit.pages.quiet, now)
        return answered(
            after, now, visit.documents, [*asked.news(after), *visit.failures]
        )


class _Visit:
    """The reading of one feed's entries.

    Attributes:
        documents: one for each new entry, in the feed's order.
        failures: what could not be read.
        lacking: an entry has brought no document although its page may be there later.
        pages: reads the pages.
    """

    def __init__(self, source: Feed, feed: ParsedFeed, asked: Visit) -> None:
        self.documents: list[Document] = []
        self.failures: list[Failure] = []
        self.lacking = False
        self._source = source
        self._feed = feed
        self._now = asked.now
        self.pages = Pages(source.http, asked)
        self._new: dict[str, Entry] = {}

    def note(self, entry: Entry, known: Callable[[str], bool]) -> None:
        """Have `entry` read, unless it was read in this visit or an earlier one."""
        url = address(entry, source=self._source.id)
        if url is None:
            name = entry.title or entry.id
            reason = "unsupported" if entry.link else "empty"
            self.failures.append(failed(self._source.id, reason, entry.link or name))
        elif url not in self._new and not known(url):
            self._new[url] = entry

    def read(self) -> None:
        """Read what is new, the pages of all entries at the same time."""
        wanted = [url for url, entry in self._new.items() if self._leads(entry, url)]
        pages = self.pages.read(wanted, within=BUDGET)
        for url, entry in self._new.items():
            if url in pages:
                self._add_page(entry, url, pages[url])
            elif plain(entry.text):
                self._add(entry, url, _own_text(entry, url))
            else:
                self.failures.append(failed(url, "empty"))
        unasked = sum(page is None for page in pages.values())
        if unasked:
            self.lacking = True
            detail = f"{BUDGET:g} s are over, pages not asked for: {unasked}"
            self.failures.append(failed(self._source.id, "timeout", detail))

    def _leads(self, entry: Entry, url: str) -> bool:
        """Tell whether the article is not in the feed, but on a page."""
        follow = self._source.follow
        return follow and not entry.is_whole and not url.startswith("feed:")

    def _add_page(
        self, entry: Entry, url: str, page: Response | FetchError | None
    ) -> None:
        """Add the page of an entry; without one, what the feed itself says."""
        if isinstance(page, Response):
            self._add(entry, url, page)
            return
        if page is not None:
            self.failures.append(failed(url, page.reason, page.detail))
        if plain(entry.text):
            self._add(entry, url, _own_text(entry, url), incomplete=True)
        else:
            self.lacking = True

    def _add(
        self, entry: Entry, url: str, response: Response, *, incomplete: bool = False
    ) -> None:
        source, feed = self._source, self._feed
        language = source.language or entry.language or feed.language
        self.documents.append(
            Document(
                url=url,
                source=source.id,
                body=response.body,
                media_type=response.media_type,
                fetched=self._now,
                charset=response.charset,
                title=entry.title,
                published=published(entry, language=language, now=self._now),
                language=language,
                outlet=source.outlet or entry.outlet or feed.title,
                incomplete=incomplete,
            )
        )


def _own_text(entry: Entry, url: str) -> Response:
    """Return what the feed itself says of an entry, as if it were a page."""
    body = page(entry.title, entry.text)
    return Response(url, 200, body, media_type="text/html", charset="utf-8")


def newest(entries: Sequence[Entry], *, source: str) -> Sequence[Entry]:
    """Return the newest `MAX_ENTRIES`, in the feed's order; undated ones count as the oldest."""
    if len(entries) <= MAX_ENTRIES:
        return entries
    log.warning("event=capped source=%s entries=%d", source, len(entries))
    oldest = datetime.min.replace(tzinfo=UTC)
    by_date = sorted(
        range(len(entries)),
        key=lambda place: entries[place].published or oldest,
        reverse=True,
    )
    return [entries[place] for place in sorted(by_date[:MAX_ENTRIES])]


def address(entry: Entry, *, source: str) -> str | None:
    """Return the address of an entry's document.

    Its link if that is http(s); else, if it has a text, one made of its id, so that it is
    the same at every visit; else None.
    """
    link = web_address(entry.link)
    if link is not None:
        return link
    if not plain(entry.text):
        return None
    name = entry.id or entry.link or entry.text
    return f"feed:{source}/{digest(name.encode('utf-8', 'replace'))[:16]}"
