"""A feed as a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from briefing.gather.entries import ParsedFeed
from briefing.gather.moments import published
from briefing.gather.outcome import without_rest
from briefing.gather.pace import INTERVAL, usual_wait
from briefing.gather.parsing import parse_feed
from briefing.gather.reading import read_entries
from briefing.gather.response import FetchError
from briefing.gather.rhythm import is_ended, rhythm
from briefing.gather.visit import Visit
from briefing.model import Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http


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
        return self.read(Visit.of(self, state, now=now), known=known)

    def read(self, visit: Visit, *, known: Callable[[str], bool]) -> Gathered:
        """Return what a visit to this feed brought; as `fetch`."""
        now = visit.now
        if left := visit.not_asked():
            return left
        try:
            response = visit.ask(self.http)
        except FetchError as error:
            return visit.unanswered(error)
        if response.status == 304:
            after = visit.remembered(response)
            return read_entries(self, None, visit=visit, state=after, known=known)
        feed = parse_feed(
            response.body,
            url=response.url,
            charset=response.charset,
            workers=self.http.parsers,
        )
        if feed.problem is not None:
            return visit.failed(*feed.problem)
        usual = timedelta(0) if response.has_validators else self._usual(feed, now)
        after = visit.remembered(response, rhythm(response.body), usual)
        if not is_ended(response.body):
            # What was lost on the way is there at the next visit.
            after = replace(after, etag=None, last_modified=None)
        read = read_entries(self, feed, visit=visit, state=after, known=known)
        return without_rest(read, feed.unread)

    def _usual(self, feed: ParsedFeed, now: datetime) -> timedelta:
        language = self.language or feed.language
        return usual_wait(
            (published(one, language=language, now=now) for one in feed.entries),
            now=now,
        )
