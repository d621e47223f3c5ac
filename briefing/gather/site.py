"""A site as a source: its feed, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from briefing.gather.address import public
from briefing.gather.discovery import find_feed
from briefing.gather.feed import Feed
from briefing.gather.outcome import failed, unanswered
from briefing.gather.response import FetchError
from briefing.model import Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

_GONE: Final = frozenset({"404", "410"})


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose feed is looked for, and looked for again when it is gone.

    Attributes:
        id: the source's id.
        url: a page of the site, mostly the front page.
        outlet, language, follow, http: as for `briefing.gather.Feed`.
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
        """Return what the site's feed brought."""
        if state.address and state.address != public(self.url):
            visited = self._feed(state.address).fetch(state=state, known=known, now=now)
            if not _is_gone(visited):
                return visited
        try:
            found = find_feed(self.http, self.url)
        except FetchError as error:
            return unanswered(state, now, failed(self.id, error.reason, error.detail))
        if found is None:
            detail = f"no feed found at {public(self.url)}"
            return unanswered(state, now, failed(self.id, "not-a-feed", detail))
        return self._feed(found.url).fetch(state=state, known=known, now=now)

    def _feed(self, url: str) -> Feed:
        return Feed(
            self.id,
            url,
            outlet=self.outlet,
            language=self.language,
            follow=self.follow,
            http=self.http,
        )


def _is_gone(visited: Gathered) -> bool:
    """Tell whether there is no feed any more where there was one."""
    return not visited.answered and any(
        one.reason == "not-a-feed"
        or (one.reason == "http-status" and one.detail in _GONE)
        for one in visited.failures
    )
