"""A feed as a source: its entries, and the pages they lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.identity import addressed
from briefing.gather.markup import page, plain
from briefing.gather.moments import published
from briefing.gather.outcome import answered, failed, unanswered
from briefing.gather.page import Pages, validators, with_validators
from briefing.gather.parsing import parse_feed
from briefing.gather.response import FetchError, Response
from briefing.model import Document, Failure, Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

MAX_ENTRIES: Final = 500
"""New entries that are read in one visit, the newest first; news feeds have 10 to 100."""

BUDGET: Final = 120.0
"""Seconds for the pages of one visit; those of the 100 entries that a news feed has at most
take 30 s where each takes 0.3 s. The rest waits for the next visit."""

_GONE: Final = frozenset({"404", "410"})
"""HTTP statuses of pages that will hardly be there at the next visit; an excerpt has to do."""


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
        http: the network reader.
    """

    id: str
    url: str = field(repr=False)
    outlet: str | None = None
    language: str | None = None
    follow: bool = True
    http: Http = field(kw_only=True, repr=False, compare=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new entry; none if the feed has not changed."""
        try:
            response = self.http.get(self.url, headers=validators(state, self.url))
        except FetchError as error:
            return unanswered(state, now, failed(self.id, error.reason, error.detail))
        after = with_validators(state, self.url, response)
        if response.status == 304:
            return answered(after, now)
        feed = parse_feed(response.body, url=response.url, charset=response.charset)
        if feed.problem is not None:
            return unanswered(state, now, failed(self.id, *feed.problem))
        return read_entries(self, feed, state=after, known=known, now=now)


class Following(Protocol):
    """A source that lists entries; attributes as for `Feed`."""

    @property
    def id(self) -> str: ...  # noqa: D102  # as for `Feed`
    @property
    def outlet(self) -> str | None: ...  # noqa: D102
    @property
    def language(self) -> str | None: ...  # noqa: D102
    @property
    def follow(self) -> bool: ...  # noqa: D102
    @property
    def http(self) -> Http: ...  # noqa: D102


def read_entries(
    source: Following,
    feed: ParsedFeed,
    *,
    state: SourceState,
    known: Callable[[str], bool],
    now: datetime,
) -> Gathered:
    """Return a document for each entry of `feed` that is new.

    Args:
        source: whose entries they are.
        feed: as parsed, or a list of pages as if it were one.
        state: with the address and the validators to be kept.
        known: as for `briefing.ports.Source`.
        now: the time of the visit.
    """
    visit = _Visit(source, feed, now)
    entries = addressed(feed, source=source.id, moment=visit.moment)
    for entry, url in newest(entries, source=source.id, moment=visit.moment):
        visit.read(entry, url, known)
    visit.end()
    if visit.lacking:
        # With validators the feed would be "unchanged" and the entry never read.
        state = replace(state, etag=None, last_modified=None)
    return answered(state, now, visit.documents, visit.failures)


class _Visit:
    """The reading of one feed's entries, one after the other.

    Attributes:
        documents: one for each new entry, in the feed's order.
        failures: what could not be read.
        lacking: an entry has brought no document although its page may be there later.
    """

    def __init__(self, source: Following, feed: ParsedFeed, now: datetime) -> None:
        self.documents: list[Document] = []
        self.failures: list[Failure] = []
        self.lacking = False
        self._source = source
        self._feed = feed
        self._now = now
        self._pages = Pages(source.http)
        self._began = monotonic()
        self._unasked = 0

    def read(self, entry: Entry, url: str | None, known: Callable[[str], bool]) -> None:
        """Read `entry`, unless it was read in an earlier visit."""
        if url is None:
            name = entry.title or entry.id
            reason = "unsupported" if entry.link else "empty"
            self.failures.append(failed(self._source.id, reason, entry.link or name))
    def end(self) -> None:
        """Say what was left for the next visit."""

    def end(self, *, passed_over: int) -> None:
        """Say what was left for the next visit."""
        if self._unasked:
            self._leave("timeout", f"{BUDGET:g} s are over", self._unasked)
        if passed_over:
            self._leave("too-large", f"{MAX_ENTRIES} entries were read", passed_over)

    def moment(self, entry: Entry) -> datetime | None:
        """Return when `entry` was published, None if it does not say."""
        return published(entry, language=self._language(entry), now=self._now)

    def _language(self, entry: Entry) -> str | None:
        return self._source.language or entry.language or self._feed.language

    def _read_new(self, entry: Entry, url: str) -> None:
        follow = self._source.follow
        if follow and not entry.is_whole and not url.startswith("feed:"):
            response = self._page(url)
            if response is not None:
                self._add(entry, url, response)
            elif plain(entry.text):
                self._add(entry, url, _own_text(entry, url), incomplete=True)
            else:
                self.lacking = True
        elif plain(entry.text):
            self._add(entry, url, _own_text(entry, url))
        else:
            self.failures.append(failed(url, "empty"))

    def _page(self, url: str) -> Response | None:
        """Return the page at `url`; None if it cannot be read or time is over."""
        if monotonic() - self._began >= BUDGET:
            self._unasked += 1
            return None
        try:
            return self._pages.read(url)
        except FetchError as error:
            self.failures.append(failed(url, error.reason, error.detail))
            self.lacking |= error.detail not in _GONE
            return None

    def _add(
        self, entry: Entry, url: str, response: Response, *, incomplete: bool = False
    ) -> None:
        source, feed = self._source, self._feed
        self.documents.append(
            Document(
                url=url,
                source=source.id,
                body=response.body,
                media_type=response.media_type,
                fetched=self._now,
                charset=response.charset,
                title=entry.title,
                published=self.moment(entry),
                language=self._language(entry),
                outlet=source.outlet or entry.outlet or feed.title,
                incomplete=incomplete,
            )
        )


def _own_text(entry: Entry, url: str) -> Response:
    """Return what the feed itself says of an entry, as if it were a page."""
    body = page(entry.title, entry.text)
    return Response(url, 200, body, media_type="text/html", charset="utf-8")


def newest(
    entries: Sequence[tuple[Entry, str | None]],
    *,
    source: str,
    moment: Callable[[Entry], datetime | None],
) -> Sequence[tuple[Entry, str | None]]:
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
