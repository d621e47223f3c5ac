"""One visit to a source of the Web: whether it is due, what it is asked, what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeGuard
from urllib.parse import urlsplit

from briefing.gather.address import host_of, public, same_site, userinfo
from briefing.gather.freshness import fresh_for, retry_after
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import FIRST_RETRY, due_after_answer, due_after_failure
from briefing.gather.response import FetchError, Response
from briefing.model import Failure, Gathered, Rhythm, SourceState
from briefing.text import digest

if TYPE_CHECKING:
    from briefing.gather.http import Http

_SKEW: Final = timedelta(minutes=10)

_SILENT: Final = frozenset({"timeout", "unreachable"})
_TAKEN: Final = ("pattern", "days", "follow", "private", "password_env")
"""What of a source's settings makes its address mean something else."""

_LOST: Final = frozenset({404, 410})


class WebSource(Protocol):
    """A source with an address; attributes as for `briefing.gather.Feed`."""

    @property
    def id(self) -> str: ...  # noqa: D102  # as for `Feed`
    @property
    def url(self) -> str: ...  # noqa: D102  # as for `Feed`
    @property
    def interval(self) -> timedelta: ...  # noqa: D102  # as for `Feed`
    @property
    def private(self) -> bool: ...  # noqa: D102  # as for `Feed`


def is_on_the_web(source: object) -> TypeGuard[WebSource]:
    """Tell whether a source is not always due, and asked as `Visit` says."""
    return hasattr(source, "interval")


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a source's own address.

    Attributes:
        source: the source's id.
        url: its address in the settings.
        state: what was remembered at the last visit; of another address, nothing counts.
        now: the time of the visit.
        interval: the least time between two visits.
        private: addresses that are not public may be connected to.
    """

    source: str
    url: str
    state: SourceState
    now: datetime
    interval: timedelta
    private: bool

    @classmethod
    def of(cls, source: WebSource, state: SourceState, *, now: datetime) -> Visit:
        """Return the visit to a source, with what `state` holds of its address."""
        url, means = source.url, meaning(source)
        if was_ahead(state, now):
            state = replace(state, due=None)
        same = state.address == public(url) and state.meaning in ("", means)
        state = replace(state, source=source.id, address=public(url), meaning=means)
        visit = cls(source.id, url, state, now, source.interval, source.private)
        return visit if same else visit.anew()

    @property
    def address(self) -> str:
        """The address to ask: where it has moved to for good, if that is the same site."""
        moved = self.state.moved
        return moved if moved and same_site(self.url, moved) else self.url

    def anew(self) -> Visit:
        """Return the visit with nothing remembered but what hosts asked for and what waits.

        And up to when all was read: what came out since is looked for there too.
        """
        state = self.state
        fresh = SourceState(
            state.source,
            state.address,
            quiet=state.quiet,
            pending=state.pending,
            meaning=state.meaning,
            complete=state.complete or state.answered,
        )
        return replace(self, state=fresh)

    def not_asked(self) -> Gathered | None:
        """Return what comes of a visit that is not made; None if it is due."""
        state = self.state
        if state.gone is not None:
            return _left(state, failed(self.source, "gone", _since(state.gone)))
        until = max(
            (one for one in (state.due, self._quiet_until()) if one), default=self.now
        )
        if until <= self.now:
            return None
        if not state.failures and state.answered:
            return Gathered(self.source, (), state, waits=until)
        if state.reason is None:  # never asked, it waits for its host
            said = f"not asked again before {until:%Y-%m-%d %H:%M}Z"
            return _left(state, failed(self.source, "waits", said), until)
        # In the same words as when it was asked: told once, however often it is passed over.
        return _left(
            state, failed(self.source, state.reason, state.detail or ""), until
        )

    def ask(self, http: Http) -> Response:
        """Return the answer, conditional on what was remembered (RFC 9110 §13.1).

        Raises:
            FetchError: there is none.
        """
        state = self.state
        if any(one.url == public(self.url) and one.due for one in state.pending):
            # The page itself gave no text: unchanged would be no answer.
            return http.get(self.address, headers={}, private=self.private)
        pairs = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        headers = {name: value for name, value in pairs.items() if value}
        return http.get(self.address, headers=headers, private=self.private)

    def unanswered(self, error: FetchError) -> Gathered:
        """Return what comes of a visit without an answer."""
        direct = self.address == self.url and not error.detour
        if error.status == 410 and direct:
            gone = replace(self.state, gone=self.now)
            failure = failed(self.source, "gone", _since(self.now))
            return unanswered(gone, self.now, failure)
        return self.failed(error.reason, error.detail, error=error)

    def failed(
        self, reason: str, detail: str = "", *, error: FetchError | None = None
    ) -> Gathered:
        """Return what comes of a visit that failed for `reason`; `error` if it is known."""
        found = unanswered(self.state, self.now, failed(self.source, reason, detail))
        told = error or FetchError(reason, detail)
        retry = (
            retry_after(told.headers, now=self.now)
            if told.status in (429, 503)
            else None
        )
        due = due_after_failure(
            self.now,
            source=self.source,
            failures=found.state.failures,
            interval=FIRST_RETRY if reason in _SILENT else self.interval,
            retry=retry,
        )
        state = replace(found.state, due=due)
        if state.moved and (told.status in _LOST or reason in _SILENT):
            # Where it has moved to may be what is wrong: next time the settings count again,
            # and what the other address said of itself is nothing to that one.
            state = replace(state, moved=None, etag=None, last_modified=None)
        return replace(found, state=with_quiet(state, hushed(told, self.now), self.now))

    def remembered(
        self,
        response: Response,
        rhythm: Rhythm | None = None,
        usual: timedelta = timedelta(0),
    ) -> SourceState:
        """Return what is to be remembered of an answer; 304 need not repeat the validators.

        Args:
            response: the answer.
            rhythm: as the feed in it states it; None: as before.
            usual: see `due_after_answer`.
        """
        state, same = self.state, response.status == 304
        rhythm = rhythm or state.rhythm
        return replace(
            state,
            etag=response.etag or (state.etag if same else None),
            last_modified=response.last_modified
            or (state.last_modified if same else None),
            moved=self._moved(response),
            gone=None,
            rhythm=rhythm,
            due=due_after_answer(
                self.now,
                source=self.source,
                interval=self.interval,
                fresh=fresh_for(response.headers, now=self.now),
                rhythm=rhythm,
                usual=usual,
            ),
        )

    def until_next(self) -> SourceState:
        """Return what is to be remembered of a visit that was answered without headers."""
        due = due_after_answer(
            self.now,
            source=self.source,
            interval=self.interval,
            fresh=timedelta(0),
            rhythm=Rhythm(),
        )
        return replace(self.state, due=due)

    def news(self, after: SourceState) -> tuple[Failure, ...]:
        """Return what the operator has to be told: that it has moved to another site."""
        moved = after.moved
        if moved is None or moved == self.state.moved or same_site(self.url, moved):
            return ()
        said = f"for good, to {moved}: if that is right, put it into the settings"
        return (failed(self.source, "moved", said),)

    def _moved(self, response: Response) -> str | None:
        if "@" in urlsplit(self.url).netloc:
            return None  # the password would be lost
        if response.moved:
            return None if response.url == self.url else response.url
        return self.state.moved if self.address != self.url else None

    def _quiet_until(self) -> datetime | None:
        host = host_of(self.address)
        return dict(self.state.quiet).get(host)


def meaning(source: WebSource) -> str:
    """Return a mark of what a source makes of its address: its kind, user, what it takes there.

    With another meaning an answer that "nothing has changed" would hide what never was read.
    """
    taken = [getattr(source, name, None) for name in _TAKEN]
    user = userinfo(source.url).partition(":")[0]
    return digest(repr([type(source).__name__, user, *taken]).encode())[:16]


def was_ahead(state: SourceState, now: datetime) -> bool:
    """Tell whether the clock of the last visit was ahead: what it put off may be years away.

    A little it may be: clocks of several collectors differ.
    """
    return state.checked is not None and state.checked > now + _SKEW


def hushed(error: FetchError, now: datetime) -> dict[str, timedelta]:
    """Return the host that asked to be left alone (429) and for how long; empty if none did."""
    wait = retry_after(error.headers, now=now) if error.status == 429 else None
    return {error.host: wait} if wait else {}


def with_quiet(
    state: SourceState, hosts: Mapping[str, timedelta], now: datetime
) -> SourceState:
    """Return `state` with `hosts` that asked to be left alone for so long."""
    known = dict(state.quiet) | {host: now + wait for host, wait in hosts.items()}
    return replace(state, quiet=tuple(sorted(known.items())))


def all_quiet(
    states: Iterable[SourceState], now: datetime
) -> tuple[tuple[str, datetime], ...]:
    """Return the hosts that still are to be left alone, whichever source they told it."""
    latest: dict[str, datetime] = {}
    for state in states:
        if was_ahead(state, now):
            continue
        for host, until in state.quiet:
            latest[host] = max(until, latest.get(host, until))
    return tuple(sorted(pair for pair in latest.items() if pair[1] > now))


def _since(gone: datetime) -> str:
    return f"410 since {gone:%Y-%m-%d}; not asked any more"


def _left(
    state: SourceState, failure: Failure, until: datetime | None = None
) -> Gathered:
    return Gathered(state.source, (), state, (failure,), answered=False, waits=until)
