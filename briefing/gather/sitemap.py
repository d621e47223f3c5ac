"""Sitemaps as a source: https://www.sitemaps.org/protocol.html, and Google's for news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from lxml import etree

from briefing.gather.address import host_of
from briefing.gather.codings import gzipped
from briefing.gather.content import MAX_BYTES
from briefing.gather.entries import MAX_ENTRIES_READ, Entry, ParsedFeed, unread
from briefing.gather.markup import language_tag, title_text
from briefing.gather.moments import published
from briefing.gather.outcome import failed, without_rest
from briefing.gather.pace import INTERVAL, last_look
from briefing.gather.pattern import matches
from briefing.gather.reading import read_entries
from briefing.gather.response import FetchError, Response
from briefing.gather.tree import tree
from briefing.gather.visit import Visit, hushed, with_quiet
from briefing.model import Failure, Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

MAX_SITEMAPS: Final = 10
"""Sitemaps of an index that are read at a visit, those changed last."""

MAX_MISSED: Final = 100
"""The most that are read beside them: one for each day since all was read, as many sites have."""

DAYS: Final = 3
"""Days back that are looked at; sitemaps for news hold the last two."""

_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class ParsedSitemap:
    """A sitemap, or an index of them.

    Attributes:
        pages: its pages, or the sitemaps that an index names, with title and date.
        is_index: which of the two.
    """

    pages: tuple[Entry, ...]
    is_index: bool = False


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap, a sitemap for news, or an index of sitemaps.

    Attributes:
        id: the source's id.
        url: its address; may be packed by gzip.
        pattern: which pages are articles, None for all: see `briefing.gather.pattern`.
        days: pages dated so many days before all was read last are passed over.
        outlet: name of the outlet; None to take the sitemap's word, or the articles'.
        language: BCP 47 tag; None to take the sitemap's word, or to find out.
        http: the network reader.
        follow: always; a sitemap has no texts.
    """

    id: str
    url: str = field(repr=False)
    pattern: str | None = None
    days: int = DAYS
    outlet: str | None = None
    language: str | None = None
    interval: timedelta = INTERVAL
    private: bool = False
    http: Http = field(kw_only=True, repr=False, compare=False)
    follow: bool = field(default=True, init=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new page."""
        visit = Visit.of(self, state, now=now)
        if left := visit.not_asked():
            return left
        try:
            answer = visit.ask(self.http)
            after = visit.remembered(answer)
            if answer.status == 304:
                return read_entries(self, None, visit=visit, state=after, known=known)
            listed = parse_sitemap(answer)
        except FetchError as error:
            return visit.unanswered(error)
        below = _Below(self, visit)
        pages: Sequence[Entry] = listed.pages
        if listed.is_index:
            # It may stay the same while what it names changes.
            after = replace(after, etag=None, last_modified=None)
            pages = below.pages(self._recent(listed.pages, visit))
            after = with_quiet(after, below.quiet, now)
        fitting = self._fitting(self._recent(pages, visit))
        newest = ParsedFeed(entries=_newest(fitting, now))
        visited = read_entries(
            self, newest, visit=visit, state=after, known=known, lacking=below.lacking
        )
        visited = replace(visited, failures=(*below.failures, *visited.failures))
        return without_rest(visited, unread(len(fitting)))

    def _recent(self, pages: Sequence[Entry], visit: Visit) -> list[Entry]:
        """Return what is dated no more than `days` before the last look, or not at all."""
        now = visit.now
        since = last_look(visit.state, now) - timedelta(days=self.days)
        return [one for one in pages if not one.stamp or _day(one, now) >= since]

    def _fitting(self, pages: Sequence[Entry]) -> tuple[Entry, ...]:
        """Return the pages that are articles."""
        if not self.pattern:
            return tuple(pages)
        return tuple(
            one for one in pages if matches(self.pattern, one.link, site=self.url)
        )


class _Below:
    """The reading of the sitemaps that an index names.

    Attributes:
        failures: those that could not be read.
        lacking: some of them may be there at the next visit.
        quiet: hosts that asked to be left alone for so long.
    """

    def __init__(self, source: Sitemap, visit: Visit) -> None:
        self.failures: list[Failure] = []
        self.lacking = False
        self.quiet: dict[str, timedelta] = {}
        self._source = source
        self._visit = visit

    def pages(self, sitemaps: Sequence[Entry]) -> list[Entry]:
        """Return the pages of those changed last."""
        now = self._visit.now
        latest = sorted(sitemaps, key=lambda one: _day(one, now), reverse=True)
        missed = (now - last_look(self._visit.state, now)).days
        most = MAX_SITEMAPS + min(missed, MAX_MISSED)
        pages = [page for one in latest[:most] for page in self._read(one.link)]
        if len(latest) > most:
            detail = f"{len(latest) - most} of {len(latest)} sitemaps not read"
            self.failures.append(failed(self._source.id, "too-large", detail))
        return pages

    def _read(self, url: str) -> Sequence[Entry]:
        try:
            return self._listed(url)
        except FetchError as error:
            self.lacking = True
            self.quiet |= hushed(error, self._visit.now)
            self.failures.append(failed(url, error.reason, error.detail))
            return ()

    def _listed(self, url: str) -> Sequence[Entry]:
        if host_of(url) in dict(self._visit.state.quiet):
            raise FetchError("waits", "the host asked to be left alone (429)")
        http, private = self._source.http, self._source.private
        listed = parse_sitemap(http.get(url, private=private, link=True))
        if listed.is_index:
            raise FetchError("unsupported", "an index within an index")
        return listed.pages


def parse_sitemap(answer: Response) -> ParsedSitemap:
    """Return the sitemap in `answer`.

    Raises:
        FetchError: ``not-a-feed``, ``broken-feed`` or ``too-large``.
    """
    body = _unpacked(answer.body)
    root = tree(body)
    name = etree.QName(root).localname.lower() if root is not None else "text"
    if root is None or name not in ("urlset", "sitemapindex"):
        raise FetchError("not-a-feed", f"{name}, not a sitemap")
    pages = (_page(one) for one in root)
    return ParsedSitemap(tuple(one for one in pages if one.link), name != "urlset")


def _unpacked(body: bytes) -> bytes:
    """Return `body` unpacked if it is packed by gzip.

    Raises:
        FetchError: it is broken, or too large.
    """
    if not body.startswith(_GZIP):
        return body
    inflater, plain = gzipped(), bytearray()
    for piece in inflater.decoded(body):
        plain += piece
        if len(plain) > MAX_BYTES:
            raise FetchError("too-large", f"over {MAX_BYTES} bytes")
    if not inflater.ended:
        raise FetchError("broken-feed", "the gzip body ends early")
    return bytes(plain)


def _page(element: etree._Element) -> Entry:
    """Return one page; its news part says title, date and language."""
    told: dict[str, str] = {}
    for one in element.iter("*"):
        name = etree.QName(one)
        about_page = name.localname in ("loc", "lastmod")
        # Images and videos have titles too.
        if about_page or "news" in (name.namespace or ""):
            told.setdefault(name.localname, (one.text or "").strip())
    return Entry(
        link=told.get("loc", ""),
        title=title_text(told.get("title", "")),
        stamp=told.get("publication_date", "") or told.get("lastmod", ""),
        language=language_tag(told.get("language")),
        outlet=title_text(told.get("name", "")),
    )


def _newest(pages: tuple[Entry, ...], now: datetime) -> tuple[Entry, ...]:
    """Return the newest pages, of those that are too many."""
    if not unread(len(pages)):
        return pages
    by_day = sorted(pages, key=lambda one: _day(one, now), reverse=True)
    return tuple(by_day[:MAX_ENTRIES_READ])


def _day(entry: Entry, now: datetime) -> datetime:
    """Return when a page was published or changed; what cannot be read counts as now."""
    return published(entry, language=None, now=now) or now
