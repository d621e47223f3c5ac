"""Visits do not run away from whoever takes what they bring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from briefing.gather import gather
from briefing.gather import round as round_module
from briefing.gather.room import Room
from briefing.model import Document, Gathered, SourceState

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)


def brought(size: int, source: str = "a") -> Gathered:
    document = Document(f"file:{source}/x", source, bytes(size), "text/plain", NOW)
    return Gathered(source, (document,), SourceState(source))


def entering(room: Room, number: int) -> tuple[threading.Thread, threading.Event]:
    inside = threading.Event()

    def enter() -> None:
        room.enter(number)
        inside.set()

    thread = threading.Thread(target=enter)
    thread.start()
    return thread, inside


def test_a_visit_waits_for_room_unless_it_is_the_next_to_be_taken() -> None:
    room = Room(100, 9)
    first, second = brought(60), brought(60)
    for visit in (first, second):
        room.put(visit)
    room.enter(0)
    thread, inside = entering(room, 2)
    assert not inside.is_set()
    room.take(first)
    thread.join(5)
    assert inside.is_set()
    room.take(second)
    room.put(brought(1_000))
    room.enter(2)


def test_nobody_waits_for_who_has_left() -> None:
    room = Room(0, 9)
    told: list[type[BaseException]] = []

    def enter() -> None:
        try:
            room.enter(5)
        except CancelledError as error:
            told.append(type(error))

    thread = threading.Thread(target=enter)
    thread.start()
    room.close()
    thread.join(5)
    assert (told, room.closed) == ([CancelledError], True)


@dataclass(frozen=True)
class Large:
    """A source with one large document."""

    id: str
    begun: list[str] = field(default_factory=list)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        self.begun.append(self.id)
        return brought(1_000, self.id)


def test_a_round_holds_little_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_module, "HELD", 1)
    monkeypatch.setattr(round_module, "THREADS", 4)
    begun: list[str] = []
    sources = [Large(f"{number}", begun) for number in range(50)]
    visits = gather(sources, state=SourceState, known=lambda url: False, now=NOW)
    for taken, visit in enumerate(visits, 1):
        assert visit.source == f"{taken - 1}"
        assert len(begun) <= taken + 4
    assert len(begun) == 50
