"""What an operator has to know: an edition is late, one is empty, sources are silent.

store ─concerns→ what there is to worry about ─told→ one alert when it begins, one when it is over
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from briefing import schedule
from briefing.settings import Settings

if TYPE_CHECKING:
    from briefing.store import Store

ConcernKind = Literal["late", "empty", "silent"]

Tell = Callable[[str, str], None]
"""Takes a title and a text to the operator; raises `DeliveryError` if it could not."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that needs the operator.

    Attributes:
        kind: ``late``: an edition is due and not there; ``empty``: the last one has no
            article; ``silent``: too many sources do not answer.
        told: what exactly, one line.
    """

    kind: ConcernKind
    told: str


def concerns(settings: Settings, store: Store, now: datetime) -> tuple[Concern, ...]:
    """Return what there is to worry about at `now`; nothing before the first edition.

    Raises:
        StoreError: the store cannot be read.
    """
    last = store.last_edition_before(date.max, claims="frozen")
    found = []
    if last is not None:
        found += _late(settings, store, now)
        passed = settings.brief.quiet != "say"  # quiet days are passed over in silence
        kept = store.edition(last.date)
        if kept and kept.brief.coverage.articles == 0 and not passed:
            told = f"the edition of {last.date} has no article"
            found.append(Concern("empty", told))
    return (*found, *_silent(settings, store))


def _late(settings: Settings, store: Store, now: datetime) -> list[Concern]:
    rule, zone = settings.schedule.rule, settings.tzinfo
    since = schedule.last_due(rule, zone, now)
    dues = schedule.missed(store, rule, zone, now)
    if not dues or now - since <= timedelta(minutes=settings.alert.grace):
        return []
    at = since.astimezone(zone)
    return [
        Concern(
            "late",
            f"the edition of {dues[-1].edition} was due at {at:%H:%M %Z} and is not there",
        )
    ]


def _silent(settings: Settings, store: Store) -> list[Concern]:
    configured = {one.id for one in settings.source}
    known = [one for one in store.source_states() if one.source in configured]
    silent = [one.source for one in known if one.failures or one.gone]
    if not silent or len(silent) < settings.alert.silent * len(configured):
        return []
    named = ", ".join(silent[:5]) + (", …" if len(silent) > 5 else "")
    told = f"{len(silent)} of {len(configured)} sources do not answer: {named}"
    return [Concern("silent", told)]


def tell(settings: Settings, store: Store, *, now: datetime, send: Tell) -> None:
    """Tell the operator once of each concern that is new, and once that it is over.

    What could not be told is tried again at the next call.

    Args:
        settings: title, schedule, sources and alerts are used.
        store: remembers what was told.
        now: the present.
        send: how.

    Raises:
        DeliveryError: an alert could not be sent.
        StoreError: the store cannot be read or written.
    """
    found = {one.kind: one for one in concerns(settings, store, now)}
    told = store.alerts()
    for kind, one in found.items():
        if kind not in told:
            send(f"{settings.title}: {kind}", one.told)
            store.keep_alert(kind, one.told, now)
    for ended, text in told.items():
        if ended not in found:
            send(f"{settings.title}: no longer {ended}", f"over: {text}")
            store.forget_alert(ended)
