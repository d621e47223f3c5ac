"""The reading of listed entries: which are new, and the pages they lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.identity import addressed
from briefing.gather.markup import page, plain
from briefing.gather.moments import published
from briefing.gather.outcome import answered, failed
from briefing.gather.page import Pages
from briefing.gather.response import FetchError, Response
from briefing.gather.visit import Visit, WebSource, with_quiet
from briefing.model import Document, Failure, Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

MAX_ENTRIES: Final = 500
"""New entries that are read in one visit, the newest first; news feeds have 10 to 100."""

BUDGET: Final = 120.0
"""Seconds for the pages of one visit; those of the 100 entries that a news feed has at most
take 30 s where each takes 0.3 s. The rest waits for the next visit."""

_LOST: Final = frozenset({404, 410})
"""HTTP statuses of pages that will hardly be there at the next visit; an excerpt has to do."""


class Listing(WebSource, Protocol):
    """A source that lists entries; attributes as for `briefing.gather.Feed`."""

    @property
    def outlet(self) -> str | None: ...  # noqa: D102  # as for `Feed`
    @property
    def language(self) -> str | None: ...  # noqa: D102
    @property
    def follow(self) -> bool: ...  # noqa: D102
    @property
    def http(self) -> Http: ...  # noqa: D102


def read_entries(
    source: Listing,
    feed: ParsedFeed,
    *,
    visit: Visit,
    state: SourceState,
    known: Callable[[str], bool],
) -> Gathered:
    """Return a document for each entry of `feed` that is new.

    Args:
        source: whose entries they are.
        feed: as parsed, or a list of pages as if it were one.
        visit: the visit that brought it.
        state: what is to be remembered of that.
        known: as for `briefing.ports.Source`.
    """
    reading = _Reading(source, feed, visit)
    reading.read(known)
    if reading.lacking:
        # With validators the feed would be "unchanged" and the entry never read.
        state = replace(state, etag=None, last_modified=None)
    after = with_quiet(state, reading.pages.quiet, visit.now)
    told = [*visit.news(after), *reading.failures]
    return answered(after, visit.now, reading.documents, told)


class _Reading:
    """The reading of what one visit brought.

    Attributes:
        documents: one for each new entry, in the feed's order.
        failures: what could not be read.
        lacking: an entry waits for the next visit, or its page may be there then.
        pages: reads the pages.
    """

    def __init__(self, source: Listing, feed: ParsedFeed, visit: Visit) -> None:
        self.documents: list[Document] = []
        self.failures: list[Failure] = []
        self.lacking = False
        self.pages = Pages(source.http, visit)
        self._source = source
        self._feed = feed
        self._now = visit.now

    def read(self, known: Callable[[str], bool]) -> None:
        """Read what is new, the pages of all entries at the same time."""
        new = self._new(known)
        entries = newest(new, moment=self._moment)
        wanted = [url for entry, url in entries if self._leads(entry, url)]
        pages = self.pages.read(wanted, within=BUDGET)
        for entry, url in entries:
            if url in pages:
                self._add_page(entry, url, pages[url])
            elif plain(entry.text):
                self._add(entry, url, _own_text(entry, url))
            else:
                self.failures.append(failed(url, "empty"))
        self._leave(
            "timeout",
            f"{BUDGET:g} s are over",
            sum(found is None for found in pages.values()),
        )
        self._leave(
            "too-large", f"{MAX_ENTRIES} entries were read", len(new) - len(entries)
        )

    def _new(self, known: Callable[[str], bool]) -> list[tuple[Entry, str]]:
        """Return the entries that are not kept yet; one without an address is a failure."""
        found = []
        for entry, url in addressed(
            self._feed, source=self._source.id, moment=self._moment
        ):
            if url is None:
                name = entry.title or entry.id
                reason = "unsupported" if entry.link else "empty"
                self.failures.append(
                    failed(self._source.id, reason, entry.link or name)
                )
            elif not known(url):
                found.append((entry, url))
        return found

    def _leads(self, entry: Entry, url: str) -> bool:
        """Tell whether the article is not in the feed, but on a page."""
        follow = self._source.follow
        return follow and not entry.is_whole and not url.startswith("feed:")

    def _leave(self, reason: str, why: str, count: int) -> None:
        """Say how many are left for the next visit."""
        if count:
            self.lacking = True
            detail = f"{why}, left for the next visit: {count}"
            self.failures.append(failed(self._source.id, reason, detail))

    def _add_page(
        self, entry: Entry, url: str, found: Response | FetchError | None
    ) -> None:
        """Add the page of an entry; without one, what the feed itself says."""
        if isinstance(found, Response):
            self._add(entry, url, found)
            return
        if found is not None:
            self.failures.append(failed(url, found.reason, found.detail))
            self.lacking |= found.status not in _LOST
        if plain(entry.text):
            self._add(entry, url, _own_text(entry, url), incomplete=True)
        else:
            self.lacking = True

    def _moment(self, entry: Entry) -> datetime | None:
        return published(entry, language=self._language(entry), now=self._now)

    def _language(self, entry: Entry) -> str | None:
        return self._source.language or entry.language or self._feed.language

    def _add(
        self, entry: Entry, url: str, response: Response, *, incomplete: bool = False
    ) -> None:
        source = self._source
        self.documents.append(
            Document(
                url=url,
                source=source.id,
                body=response.body,
                media_type=response.media_type,
                fetched=self._now,
                charset=response.charset,
                title=entry.title,
                published=self._moment(entry),
                language=self._language(entry),
                outlet=source.outlet or entry.outlet or self._feed.title,
                incomplete=incomplete,
            )
        )


def _own_text(entry: Entry, url: str) -> Response:
    """Return what the feed itself says of an entry, as if it were a page."""
    body = page(entry.title, entry.text)
    return Response(url, 200, body, media_type="text/html", charset="utf-8")


def newest(
    entries: Sequence[tuple[Entry, str]],
    *,
    moment: Callable[[Entry], datetime | None],
) -> Sequence[tuple[Entry, str]]:
    """Return the newest `MAX_ENTRIES`, in the feed's order; undated ones count as the oldest."""
    if len(entries) <= MAX_ENTRIES:
        return entries
    oldest = datetime.min.replace(tzinfo=UTC)
    by_date = sorted(
        range(len(entries)),
        key=lambda place: moment(entries[place][0]) or oldest,
        reverse=True,
    )
    return [entries[place] for place in sorted(by_date[:MAX_ENTRIES])]
