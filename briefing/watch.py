"""What an operator has to know: an edition is late, one is empty, sources are silent.

store ─concerns→ what there is to worry about ─told→ one alert when it begins, one when it is over
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from briefing.model import Schedule, SourceState
from briefing.schedule import last_due, missed
from briefing.settings import Settings

if TYPE_CHECKING:
    from briefing.store import Store

_LONG: Final = timedelta(hours=12)
"""How long a source that once answered may fail: it is visited through the day, and a laptop is
often without a network for an hour."""

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
        schedule: the name of the schedule that it is about, empty if it has none.
    """

    kind: ConcernKind
    told: str
    schedule: str = ""

    @property
    def name(self) -> str:
        """What it is remembered by: there is one of a kind for each schedule."""
        return f"{self.kind} {self.schedule}" if self.schedule else self.kind


def concerns(settings: Settings, store: Store, now: datetime) -> tuple[Concern, ...]:
    """Return what there is to worry about at `now`; of a schedule after its first edition.

    Raises:
        StoreError: the store cannot be read.
    """
    found = []
    for one in settings.schedules:
        last = store.last_edition(one.name, claims="frozen")
        if last is None:
            continue
        found += _late(settings, store, one, now)
        passed = settings.brief.quiet != "say"  # quiet days are passed over in silence
        kept = store.edition(last.key)
        if kept and kept.brief.coverage.articles == 0 and not passed:
            told = f"the edition {last.key} has no article"
            found.append(Concern("empty", told, one.name))
    return (*found, *_silent(settings, store, now))


def _late(
    settings: Settings, store: Store, schedule: Schedule, now: datetime
) -> list[Concern]:
    since = last_due(schedule, now)
    dues = missed(store, schedule, now)
    if not dues or now - since <= timedelta(minutes=settings.alert.grace):
        return []
    at = since.astimezone(schedule.zone)
    told = f"the edition {dues[-1].edition} was due at {at:%H:%M %Z} and is not there"
    return [Concern("late", told, schedule.name)]


def _silent(settings: Settings, store: Store, now: datetime) -> list[Concern]:
    configured = {one.id for one in settings.source}
    known = [one for one in store.source_states() if one.source in configured]
    silent = [one.source for one in known if _is_silent(one, now)]
    if not silent or len(silent) < settings.alert.silent * len(configured):
        return []
    named = ", ".join(silent[:5]) + (", …" if len(silent) > 5 else "")
    told = f"{len(silent)} of {len(configured)} sources do not answer: {named}"
    return [Concern("silent", told)]


def _is_silent(source: SourceState, now: datetime) -> bool:
    if source.answered is None or source.gone:
        return bool(source.failures or source.gone)
    return bool(source.failures) and now - source.answered >= _LONG


def tell(settings: Settings, store: Store, *, now: datetime, send: Tell) -> None:
    """Tell the operator once of each concern that is new, and once that it is over.

    What could not be told is tried again at the next call.

    Args:
        settings: title, schedules, sources and alerts are used.
        store: remembers what was told.
        now: the present.
        send: how.

    Raises:
        DeliveryError: an alert could not be sent.
        StoreError: the store cannot be read or written.
    """
    found = {one.name: one for one in concerns(settings, store, now)}
    told = store.alerts()
    for name, one in found.items():
        if name not in told:
            send(f"{settings.title}: {name}", one.told)
            store.keep_alert(name, one.told, now)
    for ended, text in told.items():
        if ended not in found:
            send(f"{settings.title}: no longer {ended}", f"over: {text}")
            store.forget_alert(ended)
