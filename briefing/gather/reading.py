"""The reading of listed entries: which are new, and the pages they lead to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from briefing.gather.edits import edited
from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.freshness import retry_after
from briefing.gather.identity import addressed
from briefing.gather.markup import has_text, page
from briefing.gather.moments import published
from briefing.gather.outcome import answered, failed
from briefing.gather.pace import look_after_left
from briefing.gather.page import Pages
from briefing.gather.pending import (
    MAX_PENDING,
    tried,
    with_pending,
    without_given_up,
)
from briefing.gather.response import FetchError, Response
from briefing.gather.visit import Visit, WebSource, with_quiet
from briefing.model import Document, Failure, Gathered, Pending, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

MAX_ENTRIES: Final = 500
"""New entries that are read in one visit, the newest first; news feeds have 10 to 100."""

BUDGET: Final = 300.0
"""Seconds for the pages of one visit: 300 of one host that is asked once a second. The rest
waits for the next visit."""


class Listing(WebSource, Protocol):
    """A source that lists entries; attributes as for `briefing.gather.Feed`."""

    @property
    def outlet(self) -> str | None: ...  # noqa: D102  # as for `Feed`
    @property
    def language(self) -> str | None: ...  # noqa: D102  # as for `Feed`
    @property
    def follow(self) -> bool: ...  # noqa: D102  # as for `Feed`
    @property
    def http(self) -> Http: ...  # noqa: D102  # as for `Feed`


def read_entries(
    source: Listing,
    feed: ParsedFeed | None,
    *,
    visit: Visit,
    state: SourceState,
    known: Callable[[str], bool],
    lacking: bool = False,
) -> Gathered:
    """Return a document for each entry of `feed` that is new or edited, and for pages that waited.

    Args:
        source: whose entries they are.
        feed: as parsed, or a list of pages as if it were one; None if it is unchanged.
        visit: the visit that brought it.
        state: what is to be remembered of that.
        known: as for `briefing.ports.Source`.
        lacking: entries are missing that the next visit may find.
    """
    reading = _Reading(source, feed or ParsedFeed(), visit, state)
    listed = reading.read(known)
    lacking = lacking or reading.lacking
    if lacking:
        # With validators the feed would be "unchanged" and the entry never read.
        state = replace(state, etag=None, last_modified=None)
    after = with_quiet(state, reading.pages.quiet, visit.now)
    after = with_pending(after, reading.pending)
    if feed is not None:
        after = without_given_up(after, listed)
        after = replace(after, listed=reading.marks)
    told = [*visit.news(after), *reading.failures]
    complete = look_after_left(visit.state, visit.now) if lacking else None
    return answered(after, visit.now, reading.documents, told, complete=complete)


class _Reading:
    """The reading of what one visit brought.

    Attributes:
        documents: one for each new or edited entry, in the feed's order.
        failures: what could not be read.
        lacking: entries are left for the next visit.
        pages: reads the pages.
        pending: pages that wait, by address.
        marks: what is remembered of each entry, to see whether it is edited.
    """

    def __init__(
        self,
        source: Listing,
        feed: ParsedFeed,
        visit: Visit,
        state: SourceState,
    ) -> None:
        self.documents: list[Document] = []
        self.failures: list[Failure] = []
        self.lacking = False
        self.pages = Pages(source.http, visit)
        self.pending = {one.url: one for one in state.pending}
        self.marks = state.listed
        self._source = source
        self._feed = feed
        self._now = visit.now

    def read(self, known: Callable[[str], bool]) -> Collection[str]:
        """Read what is new, what is edited and what waited, all pages at the same time.

        Returns:
            The addresses of all entries.
        """
        listed = self._listed()
        changed, self.marks = edited(listed, self.marks)
        waited = [
            (_entry(one), one.url)
            for one in self.pending.values()
            if self._source.follow and one.due is not None and one.due <= self._now
        ]
        new = [
            (entry, url)
            for entry, url in listed
            if url not in self.pending and (url in changed or not known(url))
        ]
        # Of what changed the new mark is remembered, so it would not be read the next time.
        entries = newest([*waited, *new], moment=self._moment, first=changed)
        wanted = [url for entry, url in entries if self._leads(entry, url)]
        # Asking for nothing would wait for the network's thread all the same: 0.2 ms.
        pages = self.pages.read(wanted, within=BUDGET) if wanted else {}
        for entry, url in entries:
            if url in pages:
                self._add_page(entry, url, pages[url])
            elif has_text(entry.text):
                self._add(entry, url, _own_text(entry, url))
            else:
                self.failures.append(failed(url, "empty"))
        late = sum(found is None for found in pages.values())
        self._tell_left("timeout", f"{BUDGET:g} s are over", late)
        more = len(waited) + len(new) - len(entries)
        self._tell_left("too-large", f"{MAX_ENTRIES} entries were read", more)
        self.lacking = more > 0 or len(self.pending) > MAX_PENDING
        return {url for _, url in listed}

    def _listed(self) -> list[tuple[Entry, str]]:
        """Return the entries with their addresses; one without an address is a failure."""
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
            else:
                found.append((entry, url))
        return found

    def _leads(self, entry: Entry, url: str) -> bool:
        """Tell whether the article is not in the feed, but on a page."""
        follow = self._source.follow
        return follow and not entry.is_whole and not url.startswith("feed:")

    def _tell_left(self, reason: str, why: str, count: int) -> None:
        """Say how many are left for the next visit."""
        if count:
            detail = f"{why}, left for the next visit: {count}"
            self.failures.append(failed(self._source.id, reason, detail))

    def _add_page(
        self, entry: Entry, url: str, found: Response | FetchError | None
    ) -> None:
        """Add the page of an entry; without one, what the feed itself says.

        Where the page was found it still is pending: whether it has a text is not known yet.
        """
        if isinstance(found, Response):
            self._add(entry, url, found)
            return
        if has_text(entry.text):
            self._add(entry, url, _own_text(entry, url), incomplete=True)
        self._wait(entry, url, found)

    def _wait(self, entry: Entry, url: str, error: FetchError | None) -> None:
        """Remember a page that could not be read; None: there was no time for it."""
        before = self.pending.pop(url, None) or self._waiting(entry, url)
        if error is None:
            self.pending[url] = before
            return
        told = error.detail
        if error.reason != "waits":
            interval, now = self._source.interval, self._now
            retry = retry_after(error.headers, now=now)
            before = tried(before, now, interval=interval, retry=retry)
            if before.due is None:
                told = f"{told}; given up after {before.tries} tries".removeprefix("; ")
        self.pending[url] = before
        self.failures.append(failed(url, error.reason, told))

    def _waiting(self, entry: Entry, url: str) -> Pending:
        return Pending(
            url=url,
            title=entry.title,
            published=self._moment(entry),
            language=self._language(entry),
            outlet=self._outlet(entry),
            due=self._now,
        )

    def _moment(self, entry: Entry) -> datetime | None:
        return published(entry, language=self._language(entry), now=self._now)

    def _language(self, entry: Entry) -> str | None:
        return self._source.language or entry.language or self._feed.language

    def _add(
        self, entry: Entry, url: str, response: Response, *, incomplete: bool = False
    ) -> None:
        self.documents.append(
            Document(
                url=url,
                source=self._source.id,
                body=response.body,
                media_type=response.media_type,
                fetched=self._now,
                charset=response.charset,
                title=entry.title,
                published=self._moment(entry),
                language=self._language(entry),
                outlet=self._outlet(entry),
                incomplete=incomplete,
            )
        )

    def _outlet(self, entry: Entry) -> str | None:
        return self._source.outlet or entry.outlet or self._feed.title


def _entry(one: Pending) -> Entry:
    """Return a page that waited as the entry that named it."""
    return Entry(
        link=one.url,
        title=one.title,
        stamp=one.published.isoformat() if one.published else "",
        language=one.language,
        outlet=one.outlet,
    )


def _own_text(entry: Entry, url: str) -> Response:
    """Return what the feed itself says of an entry, as if it were a page."""
    body = page(entry.title, entry.text)
    return Response(url, 200, body, media_type="text/html", charset="utf-8")


def newest(
    entries: Sequence[tuple[Entry, str]],
    *,
    moment: Callable[[Entry], datetime | None],
    first: Collection[str] = (),
) -> Sequence[tuple[Entry, str]]:
    """Return the newest `MAX_ENTRIES`, in the feed's order; undated ones count as the oldest.

    Args:
        entries: with their addresses.
        moment: returns when an entry was published.
        first: addresses of those that go before newer ones.
    """
    if len(entries) <= MAX_ENTRIES:
        return entries
    oldest = datetime.min.replace(tzinfo=UTC)
    by_date = sorted(
        range(len(entries)),
        key=lambda place: (
            entries[place][1] in first,
            moment(entries[place][0]) or oldest,
        ),
        reverse=True,
    )
    return [entries[place] for place in sorted(by_date[:MAX_ENTRIES])]
