"""A site as a source: its feed, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from briefing.gather.address import public, with_userinfo
from briefing.gather.discovery import find_feed
from briefing.gather.feed import Feed
from briefing.gather.pace import INTERVAL
from briefing.gather.response import FetchError
from briefing.gather.visit import Visit
from briefing.model import Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose feed is looked for, and looked for again when it is gone.

    Attributes:
        id: the source's id.
        url: a page of the site, mostly the front page.
        outlet, language, follow, interval, private, http: as for `briefing.gather.Feed`.
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
        """Return what the site's feed brought."""
        visit = Visit.of(self, state, now=now)
        if visit.state.feed is not None:
            visited = self._read(visit, visit.state.feed, known)
            if not _is_gone(visited):
                return visited
            visit = visit.anew()
        if left := visit.not_asked():
            return left
        try:
            found = find_feed(self.http, self.url, private=self.private)
        except FetchError as error:
            return visit.unanswered(error)
        if found is None:
            return visit.failed("not-a-feed", f"no feed found at {public(self.url)}")
        return self._read(visit.anew(), found.url, known)

    def _read(self, visit: Visit, url: str, known: Callable[[str], bool]) -> Gathered:
        """Return what a visit to the feed at `url` brought."""
        feed = Feed(
            self.id,
            with_userinfo(url, self.url),
            outlet=self.outlet,
            language=self.language,
            follow=self.follow,
            interval=self.interval,
            private=self.private,
            http=self.http,
        )
        state = replace(visit.state, feed=url)
        return feed.read(replace(visit, url=feed.url, state=state), known=known)


def _is_gone(visited: Gathered) -> bool:
    """Tell whether there is no feed any more where there was one."""
    return not visited.answered and any(
        one.reason in {"not-a-feed", "gone"}
        or (one.reason == "http-status" and one.detail == "404")
        for one in visited.failures
    )
