from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.errors import StoreError
from briefing.gather import Feed, Folder, Http, gather
from briefing.gather import round as round_module
from briefing.model import Document, Gathered, SourceState
from briefing.ports import Alone
from tests.web import Answer, web_server

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A source that does as it is told."""

    id: str
    act: Callable[[], None] = lambda: None
    given: list[SourceState] = field(default_factory=list)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        self.given.append(state)
        self.act()
        known("x")
        document = Document(f"file:{self.id}/x", self.id, b"x", "text/plain", now)
        return Gathered(self.id, (document,), state)


def collected(*sources: Told) -> list[Gathered]:
    return list(gather(sources, state=SourceState, known=lambda url: False, now=NOW))


def test_in_the_order_of_the_sources_whoever_is_first() -> None:
    last_is_done = threading.Event()
    visits = collected(
        Told("a", lambda: _wait(last_is_done)), Told("b"), Told("c", last_is_done.set)
    )
    assert [visit.source for visit in visits] == ["a", "b", "c"]


def _wait(event: threading.Event) -> None:
    assert event.wait(5)


def test_no_sources() -> None:
    assert collected() == []


def test_a_fault_costs_the_others_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fault() -> None:
        raise KeyError("http://ani:rahasia@a.example/\nbaris\x1b[31m dua")

    caplog.set_level(logging.DEBUG)
    good, bad, fine = collected(Told("good"), Told("bad", fault), Told("fine"))
    assert len(good.documents) == len(fine.documents) == 1
    assert (bad.answered, bad.documents) == (False, ())
    [failure] = bad.failures
    assert bad.state == SourceState(
        "bad",
        checked=NOW,
        failures=1,
        reason="unexpected",
        detail=failure.detail,
    )
    assert (failure.stage, failure.subject, failure.reason) == (
        "gather",
        "bad",
        "unexpected",
    )
    assert failure.detail.startswith("KeyError")
    assert "\n" not in failure.detail
    assert "rahasia" not in failure.detail + caplog.text
    assert "at=test_gather_round.py:" in caplog.text


@dataclass(frozen=True)
class Paced(Told):
    """One that is not always due."""

    interval: timedelta = timedelta(hours=1)


def test_after_a_fault_a_source_waits_as_after_others() -> None:
    def fault() -> None:
        raise KeyError

    [bad] = collected(Paced("bad", fault))
    assert bad.state.due is not None
    assert timedelta(hours=1) <= bad.state.due - NOW <= timedelta(hours=1.25)


def test_each_source_is_given_its_own_state() -> None:
    source = Told("a")
    remembered = SourceState("a", address="x", etag="1")
    list(
        gather([source], state=lambda key: remembered, known=lambda url: False, now=NOW)
    )
    assert source.given == [remembered]


def test_trouble_with_the_store_is_no_fault_of_the_source() -> None:
    def locked(url: str) -> bool:
        raise StoreError("locked")

    with pytest.raises(StoreError):
        list(gather([Told("a")], state=SourceState, known=locked, now=NOW))


class Shared(Alone):
    """The leases of a collector beside another one, which is done when it is asked again."""

    def __init__(self, *others: str, done: bool = True) -> None:
        self.others = set(others)
        self.held: list[str] = []
        self._done = done

    def take(self, name: str) -> bool:
        if name in self.others:
            if self._done:
                self.others.remove(name)
            return False
        self.held.append(name)
        return True

    def end(self, name: str) -> None:
        self.held.remove(name)

    def slot(self, host: str, spacing: float) -> float:
        return 0.0


def test_what_another_collector_is_visiting_comes_last_as_that_one_left_it() -> None:
    leases = Shared("source a", "source c")
    sources = [Told(name) for name in "abcd"]
    states: dict[str, SourceState] = {}
    found, held = [], []
    for visit in gather(
        sources,
        state=lambda name: states.get(name, SourceState(name)),
        known=lambda url: False,
        now=NOW,
        leases=leases,
    ):
        found.append(visit.source)
        held.append(f"source {visit.source}" in leases.held)
        hushed = (("a.example:80", NOW + timedelta(hours=1)),)
        states["c"] = SourceState("c", etag="of the other", quiet=hushed)
    assert found == ["b", "d", "a", "c"]
    assert held == [True] * 4
    assert leases.held == []
    [given] = sources[2].given
    assert (given.etag, given.quiet) == ("of the other", states["c"].quiet)


def test_who_holds_on_to_a_source_keeps_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(round_module, "PATIENCE", 0.0)
    visits = gather(
        [Told("a"), Told("b")],
        state=SourceState,
        known=lambda url: False,
        now=NOW,
        leases=Shared("source a", done=False),
    )
    assert [visit.source for visit in visits] == ["b"]
    assert "source=a left=other" in caplog.text


def test_who_stops_listening_does_not_wait_for_the_rest() -> None:
    sources = [Told(f"{number}") for number in range(100)]
    visits = gather(sources, state=SourceState, known=lambda url: False, now=NOW)
    assert next(visits).source == "0"
    visits.close()


def test_all_kinds_of_trouble_at_once(tmp_path: Path) -> None:
    """Each bad source is named with its cause; the good ones are all there."""
    feed = "<rss version='2.0'><channel><title>A</title>{}</channel></rss>"
    item = "<item><title>Satu</title><link>/{}</link><description>Isi.</description></item>"
    routes: dict[str, str | Answer] = {
        f"/good{number}": feed.format(item.format(number)) for number in range(5)
    }
    expected = {
        "404": ("http-status", "404"),
        "500": ("http-status", "500"),
        "html": ("not-a-feed", "html"),
        "broken": ("broken-feed", ""),
        "empty": ("empty", ""),
        "silent": ("timeout", "1.5 s"),
        "loop": ("redirects", "over 5"),
        "large": ("too-large", "over 10000 bytes"),
        "missing": ("missing", str(tmp_path / "x")),
    }
    routes |= {
        "/404": Answer(status=404),
        "/500": Answer(status=500),
        "/html": "<!DOCTYPE html><html><body>Masuk</body></html>",
        "/broken": "<?xml version='1.0'?><rss version='2.0'><channel><title>Pu",
        "/empty": "",
        "/silent": Answer(wait_for=threading.Event()),
        "/loop": Answer(status=302, headers={"Location": "/loop"}),
        "/large": Answer([b"x" * 9_000] * 9),
    }
    with (
        web_server(routes) as site,
        Http(private=True, deadline=1.5, max_bytes=10_000, per_host=9) as http,
    ):
        sources: list[Feed | Folder] = [
            Feed(path[1:], site.url(path), follow=False, http=http) for path in routes
        ]
        sources.append(Folder("missing", tmp_path / "x"))
        visits = list(
            gather(sources, state=SourceState, known=lambda url: False, now=NOW)
        )
    found = {
        visit.source: (visit.failures[0].reason, visit.failures[0].detail)
        for visit in visits
        if visit.failures
    }
    found["broken"] = (found["broken"][0], "")
    assert found == expected
    assert [len(visit.documents) for visit in visits[:5]] == [1] * 5
    assert [visit.source for visit in visits] == [source.id for source in sources]


def test_passwords_are_shown_nowhere() -> None:
    item = "<item><link>http://b:sandi@a.example/x</link><description>Isi.</description></item>"
    routes = {"/feed": f"<rss version='2.0'><channel>{item}</channel></rss>"}
    with web_server(routes) as site, Http(private=True) as http:
        address = site.url("/feed").replace("//", "//ani:rahasia@")
        good = Feed("good", address, follow=False, http=http)
        bad = Feed("bad", "ftp://ani:rahasia@a.example/", http=http)
        visits = list(
            gather([good, bad], state=SourceState, known=lambda url: False, now=NOW)
        )
        assert "rahasia" not in repr((good, bad, visits))
        assert visits[0].documents[0].url == "http://a.example/x"
        assert visits[0].state.address == site.url("/feed")
        assert visits[1].failures[0].detail == "ftp://a.example/"
