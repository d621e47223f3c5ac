"""Several collectors of one store on a server: each source once, its host by one at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from briefing.errors import StoreError
from briefing.store import Store, open_store
from tests.days import NEWS, PLACES
from tests.desk import Desk
from tests.postgres import empty
from tests.test_store_server import cut_off
from tests.web import Answer, Request, Site, web_server

NOW = "2024-12-01T05:00+07:00"
SITES, FEEDS = 4, 5


@pytest.fixture
def address() -> str:
    return empty("pengumpul")


@pytest.fixture
def stores(address: str) -> Iterator[tuple[Store, Store]]:
    with open_store(address) as one, open_store(address) as other:
        yield one, other


def test_a_lease_is_had_by_one(stores: tuple[Store, Store]) -> None:
    one, other = stores
    with one.leases() as mine, other.leases() as theirs:
        assert [mine.take("a.example:80"), mine.take("a.example:80")] == [True, True]
        assert not theirs.take("a.example:80")
        assert theirs.take("b.example:80")
        mine.end("a.example:80")
        assert not theirs.take("a.example:80")  # taken twice, ended once
        mine.end("a.example:80")
        assert theirs.take("a.example:80")


def test_a_lease_ends_with_its_holder(stores: tuple[Store, Store]) -> None:
    one, other = stores
    with other.leases() as theirs:
        with one.leases() as mine:
            assert mine.take("a.example:80")
            assert not theirs.take("a.example:80")
        assert theirs.take("a.example:80")
        with pytest.raises(StoreError, match="is closed"):
            mine.take("b.example:80")


def test_a_lease_ends_before_the_server_notices(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = stores
    monkeypatch.setattr(Connection, "invalidate", lambda _: None)  # it stays open
    with other.leases() as theirs:
        with one.leases() as mine:
            assert mine.take("a.example:80")
        assert theirs.take("a.example:80")


def test_who_loses_the_connection_is_told_each_time(
    stores: tuple[Store, Store], address: str
) -> None:
    one, other = stores
    with one.leases() as mine, other.leases() as theirs:
        assert mine.take("a.example:80")
        cut_off(address)
        for _ in range(3):
            with pytest.raises(StoreError, match="was cut off"):
                mine.take("b.example:80")
        with pytest.raises(StoreError, match="was cut off"):
            theirs.end("c.example:80")
    with other.leases() as again:
        assert again.take("a.example:80")


def test_a_server_whose_clock_was_ahead_holds_nobody_up(
    stores: tuple[Store, Store],
) -> None:
    one, _ = stores
    with one.leases() as mine:
        assert mine.slot is not None
        mine.slot("a.example:80", 1.0)
        with one._database.writing() as connection:
            connection.execute(text("UPDATE hosts SET free = free + 86400"))
        assert mine.slot("a.example:80", 1.0) < 2


def test_requests_of_all_to_a_host_are_kept_apart(stores: tuple[Store, Store]) -> None:
    one, other = stores
    with one.leases() as mine, other.leases() as theirs:
        slots = [each.slot for each in (mine, theirs) if each.slot is not None]
        waits = [slot("a.example:80", 50.0) for _ in range(3) for slot in slots]
        assert waits[0] == 0
        apart = [after - before for before, after in pairwise(waits)]
        assert apart == pytest.approx([50.0] * 5, abs=10)
        assert slots[0]("b.example:80", 50.0) == 0


def feed(request: Request) -> Answer:
    """Return a feed of one article."""
    number = int(request.path.rpartition("/")[2])
    place, news = PLACES[number % len(PLACES)], NEWS[number % len(NEWS)]
    title = news.format(place=place, number=number)
    body = f"{title}, kata juru bicara. Warga desa ke-{number} hadir."
    item = (
        f"<item><title>{title}</title><link>{request.headers['host']}/{number}</link>"
        f"<guid>{number}</guid><description>{body}</description>"
        "<pubDate>Sat, 30 Nov 2024 10:00:00 GMT</pubDate></item>"
    )
    text = f'<rss version="2.0"><channel><title>Pena</title>{item}</channel></rss>'
    return Answer(text, media_type="application/rss+xml")


class Town:
    """Sites with feeds, and the settings of whoever collects them."""

    def __init__(self, folder: Path, sites: list[Site]) -> None:
        self.folder, self.sites = folder, sites

    def desk(self, name: str, address: str) -> Desk:
        """Return a desk that collects all feeds into a store."""
        desk = Desk(self.folder / name)
        desk.folder.mkdir()
        desk.settings.write_text(
            f'title = "Kabar"\n[store]\nurl = "{address}"\n'
            + "".join(
                f'[[source]]\nid = "umpan{number}"\nkind = "feed"\nfollow = false\nprivate = true\n'
                f'url = "{self.sites[number % SITES].url(f"/{number}")}"\n'
                for number in range(SITES * FEEDS)
            )
        )
        return desk

    def asked(self) -> Counter[str]:
        """Return how often each path was asked for."""
        return Counter(one.path for site in self.sites for one in site.requests)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as stack:
        routes = {f"/{number}": feed for number in range(SITES * FEEDS)}
        sites = [stack.enter_context(web_server(routes)) for _ in range(SITES)]
        yield Town(tmp_path, sites)


def collect(desk: Desk, now: str = NOW) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "briefing", "collect", "--now", now]
    return subprocess.Popen(
        [*command, "--config", str(desk.settings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_two_collectors_make_the_brief_of_one(town: Town, address: str) -> None:
    alone, together = town.desk("satu", empty("sendiri")), town.desk("dua", address)
    open_store(address).close()
    # Clocks differ, and the later one may be visited first.
    running = [collect(together), collect(together, NOW.replace("00+07", "07+07"))]
    told = [one.communicate(timeout=120) for one in running]
    assert [one.returncode for one in running] == [0, 0], told
    assert set(town.asked().values()) == {1}
    once = collect(alone)
    told.append(once.communicate(timeout=120))
    assert once.returncode == 0, told
    pages = []
    for desk in (alone, together):
        result = desk.run("build", "--length", "full", now="2024-12-01T05:30+07:00")
        assert result.exit_code == 0, result.output
        pages.append(desk.page("2024-12-01", "md").read_bytes())
    assert pages[0] == pages[1]
    assert f"{SITES * FEEDS} artikel".encode() in pages[0]


@pytest.mark.slow
def test_what_a_killed_collector_has_left_is_visited(town: Town, address: str) -> None:
    begun = threading.Event()

    def hang(request: Request) -> Answer:
        if begun.is_set():
            return feed(request)
        begun.set()
        return Answer(wait_for=threading.Event())

    town.sites[1].routes["/1"] = hang
    desk = town.desk("satu", address)
    killed = collect(desk)
    assert begun.wait(60)
    after = collect(desk)
    killed.kill()
    killed.communicate()
    told = after.communicate(timeout=120)
    assert after.returncode == 0, told
    with open_store(address) as store:
        assert store.count_documents() == SITES * FEEDS
