"""sources: how each one is; and what to do about those that are not well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn
from zoneinfo import ZoneInfo

import click

from briefing.cli.printing import say, say_json
from briefing.cli.wiring import Wiring, as_json, wired
from briefing.errors import SettingsError, SourceError, StoreError

if TYPE_CHECKING:
    from briefing.model import Gathered, SourceState
    from briefing.ports import Source
    from briefing.settings import SourceSettings
    from briefing.store import Health, Store

_ADVICE: Final = {
    "missing": "look at the path in the settings",
    "unreadable": "look at who may read it",
    "empty": "look at the address in a browser; a feed without entries may fill up later",
    "binary": "that is no page; look at the address in the settings",
    "too-large": "look for a shorter feed of the site",
    "not-a-feed": "look for the feed's address on the site, or use kind = page",
    "broken-feed": "tell the site; the feed is asked again meanwhile",
    "timeout": "slow or down; it is asked again by itself",
    "unreachable": "look at the address and at this machine's network",
    "redirects": "look at the address in a browser; it is asked again ever later",
    "password": "look at the user's name in the settings and the password in the"
    " environment, then `briefing collect --force`",
    "unsupported": "look at the address in the settings",
    "refused": "if the address is yours, set private = true for the source",
    "robots": "the site forbids it; look for a feed with whole articles",
    "gone": "look for a new address, or remove the source; `briefing collect --force`"
    " asks once more",
    "waits": "the server asked for it; nothing to do",
}
_ADVICE_BY_STATUS: Final = {
    "401": "it wants a password: https://user:password@host/… in the settings",
    "403": "the server refuses this program; set contact in the settings, or ask the site",
    "404": "look for the feed's new address on the site",
    "429": "asked too often; raise gather.interval in the settings",
}


@click.command()
@wired()
@as_json
def sources(given: Wiring, as_json: bool) -> None:
    """List the sources: last answer, new articles, failures, next visit."""
    known = health(given)
    for one in given.settings.source:
        row = _row(one, known.get(one.id))
        if as_json:
            say_json(row)
            continue
        zone = given.settings.tzinfo
        last = "never" if row["checked"] else "not visited yet"
        say(
            f"{one.id}  {one.kind}  {row['place']}  "
            f"answered: {_here(row['answered'], zone) or last}  "
            f"new: {row['new']} of {row['articles']}  failures: {row['failures']}"
            + (f"  next: {_here(row['due'], zone)}" if row["due"] else "")
        )
        for told in _told(row):
            say(f"  {told}")


def health(given: Wiring) -> Mapping[str, Health]:
    """Return what is remembered of the sources, by id; nothing if there is no store yet."""
    address = given.settings.store
    if not (address.url or address.url_env or address.path.exists()):
        return {}
    places = {one.id: _address(one) for one in given.settings.source}
    with given.store(create=False) as store:
        return {
            one.state.source: one
            for one in store.health()
            # What is remembered of another address says nothing of this one.
            if one.state.address in ("", places.get(one.state.source))
        }


def diagnoses(given: Wiring) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield each source's id, in their order, with what tells how it is.

    Those that are due are asked, all at the same time. No document is kept, and nothing that
    could hide one from the next collect; that a server wants to be left alone is.

    What tells raises `SourceError` if the source is not well: the message says why, and what
    to do; `StoreError` if the store cannot be read or written, `SettingsError` if it is not named.
    """
    left = {one.id: one for one in given.settings.source}
    try:
        with given.store() as store:
            for name, check in _asked(given, store):
                del left[name]
                yield name, check
    except (SettingsError, StoreError) as error:
        for name in left:
            yield name, partial(_raise, error)


def _asked(given: Wiring, store: Store) -> Iterator[tuple[str, Callable[[], str]]]:
    from briefing.cli import wiring
    from briefing.gather import gather

    now = given.clock()
    wanted, zone = given.settings.source, given.settings.tzinfo
    befores = {one.id: store.source_state(one.id) for one in wanted}
    with wiring.network(given.settings) as http:
        visits = gather(
            [_Glance(one) for one in wiring.sources(given.settings, http)],
            state=befores.__getitem__,
            known=lambda url: True,
            now=now,
        )
        for one, visit in zip(wanted, visits, strict=True):
            before = befores[one.id]
            after = _without_news(before, visit)
            if after != before:
                store.keep([], [], [], after)
            yield one.id, partial(_diagnosis, one, visit, before, now, zone=zone)


@dataclass(frozen=True, slots=True)
class _Glance:
    """A source of which only is learned how it is."""

    source: Source

    @property
    def id(self) -> str:
        """The source's id."""
        return self.source.id

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Visit the source; neither documents nor further parts are kept."""
        visited = self.source.fetch(state=state, known=known, now=now)
        return replace(visited, documents=(), rest=None)


def _without_news(before: SourceState, visit: Gathered) -> SourceState:
    """Return what is to be remembered of a visit whose documents nobody keeps.

    Of an answer only that there was one after failures: a later `due` or `answered` would let
    the next collect pass over what is new.
    """
    after = visit.state
    if not visit.answered or visit.waits is not None:
        return after
    if not before.failures and before.gone is None:
        return (
            before
            if after.quiet == before.quiet
            else replace(before, quiet=after.quiet)
        )
    return replace(
        before,
        failures=0,
        reason=None,
        detail=None,
        due=None,
        gone=None,
        quiet=after.quiet,
    )


def _diagnosis(
    wanted: SourceSettings,
    visit: Gathered,
    before: SourceState,
    now: datetime,
    *,
    zone: ZoneInfo,
) -> str:
    """Return how a source is.

    Raises:
        SourceError: it is not well; the message says why, and what to do.
    """
    from briefing.gather import was_ahead

    if not visit.answered:
        failure = visit.failures[0]
        told = _with_advice(failure.reason, failure.detail)
        again = (
            f"; not asked again before {_at(visit.waits, zone)}" if visit.waits else ""
        )
        raise SourceError(told + again)
    _check_place(wanted, visit.state)
    if visit.waits is not None:
        last = _at(visit.state.answered, zone)
        return f"answered {last}, next visit {_at(visit.waits, zone)}"
    told = f"answers, {len(visit.failures)} failures"
    if was_ahead(before, now):
        told += f"; the clock was ahead at the last visit, {_at(before.checked, zone)}"
    return told


def _raise(error: Exception) -> NoReturn:
    raise error


def _check_place(wanted: SourceSettings, state: SourceState) -> None:
    """Return if the settings have the address at which the source is."""
    from briefing.gather import same_site

    moved = state.moved
    if moved is not None and not same_site(state.feed or wanted.url or "", moved):
        raise SourceError(
            f"has moved to {moved}: if that is right, put it into the settings"
        )


def _with_advice(reason: str, detail: str) -> str:
    status = _ADVICE_BY_STATUS.get(detail[:3]) if reason == "http-status" else None
    advice = status or _ADVICE.get(reason)
    told = f"{reason} {detail}".strip()
    return f"{told}; {advice}" if advice else told


def _row(one: SourceSettings, known: Health | None) -> dict[str, Any]:
    state = known.state if known else None
    return {
        "id": one.id,
        "kind": one.kind,
        "place": str(one.path or _address(one)),
        "checked": _iso(state.checked if state else None),
        "answered": _iso(state.answered if state else None),
        "articles": known.articles if known else 0,
        "new": known.new if known else 0,
        "failures": state.failures if state else 0,
        "reason": state.reason if state else None,
        "detail": state.detail if state else None,
        "due": _iso(state.due if state and not state.gone else None),
        "moved": state.moved if state else None,
        "gone": _iso(state.gone if state else None),
    }


def _told(row: Mapping[str, Any]) -> list[str]:
    """Return what else there is to say of a source."""
    lines = []
    if row["reason"]:
        lines.append(_with_advice(row["reason"], row["detail"] or ""))
    if row["moved"]:
        lines.append(f"moved to {row['moved']}")
    if row["gone"]:
        lines.append(f"gone since {row['gone']}")
    return lines


def _address(one: SourceSettings) -> str:
    from briefing.gather import public

    return public(one.url) if one.url else ""


def _here(stated: str | None, zone: ZoneInfo) -> str | None:
    """Return a time as the reader's clock shows it."""
    return None if stated is None else _at(datetime.fromisoformat(stated), zone)


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}" if moment else "never"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
