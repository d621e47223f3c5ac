"""Entries that change after they were read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.gather import Feed, Http
from briefing.gather import reading as reading_module
from briefing.gather.edits import MOST, edited
from briefing.gather.entries import Entry
from briefing.model import Gathered, SourceState
from tests.web import Site, web_server

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5, spacing=0) as client:
        yield client


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({}) as running:
        yield running


def feed(*titles: str, text: str = "Isi.") -> str:
    items = "".join(
        f"<item><link>/{at}</link><title>{title}</title><description>{text}</description></item>"
        for at, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>Warta</title>{items}</channel></rss>"


def visits(
    http: Http, site: Site, *feeds: str, follow: bool = False
) -> Iterator[Gathered]:
    """Visit one source as often as there are feeds; all addresses are known after each."""
    state, known = SourceState("warta"), set[str]()
    source = Feed("warta", site.url("/feed"), follow=follow, http=http)
    for number, body in enumerate(feeds):
        site.routes["/feed"] = body
        now = NOW + timedelta(days=number)
        visited = source.fetch(state=state, known=known.__contains__, now=now)
        state = visited.state
        known.update(one.url for one in visited.documents)
        yield visited


def titles(visited: Gathered) -> list[str | None]:
    return [one.title for one in visited.documents]


def test_an_edited_entry_is_read_again_and_only_once(http: Http, site: Site) -> None:
    before = feed("Satu", "Dua", "Tiga")
    after = feed("Satu", "Dua, diralat", "Tiga")
    found = [titles(one) for one in visits(http, site, before, before, after, after)]
    assert found == [["Satu", "Dua", "Tiga"], [], ["Dua, diralat"], []]


def test_an_edited_text_counts_too(http: Http, site: Site) -> None:
    found = [*visits(http, site, feed("Satu"), feed("Satu", text="Isi baru."))]
    assert b"Isi baru." in found[1].documents[0].body


def test_the_page_of_an_edited_entry_is_asked_for_again(http: Http, site: Site) -> None:
    page = "<html><body><p>Seluruh berita.</p></body></html>"
    site.routes["/0"] = site.routes["/1"] = page
    edits = visits(http, site, feed("Satu", "Dua"), feed("Satu", "2"), follow=True)
    assert [[one.url for one in visited.documents] for visited in edits] == [
        [site.url("/0"), site.url("/1")],
        [site.url("/1")],
    ]


def test_a_habit_of_the_source_is_no_edit(http: Http, site: Site) -> None:
    names = "ABCDEFGH"
    found = visits(
        http, site, feed(*names, text="1 komentar"), feed(*names, text="2 komentar")
    )
    assert [len(one.documents) for one in found] == [8, 0]


def test_many_edits_are_read_over_several_visits(http: Http, site: Site) -> None:
    before = [f"Berita {number}" for number in range(40)]
    after = [f"{title} (ralat)" for title in before[:15]] + before[15:]
    found = visits(http, site, *[feed(*before)], *[feed(*after)] * 3)
    assert [len(one.documents) for one in found] == [40, MOST, 5, 0]


def test_an_edit_beside_more_news_than_is_read_at_once(
    http: Http, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edited one is older than all that is new."""
    monkeypatch.setattr(reading_module, "MAX_ENTRIES", 3)
    old, new = ("<pubDate>Mon, 02 Nov 2020 01:00:00 GMT</pubDate>", "<pubDate>Wed, 18 Nov 2020 01:00:00 GMT</pubDate>")  # fmt: skip
    first = feed("Satu").replace("<item>", f"<item>{old}")
    after = feed("Satu, diralat", *"ABCDEF").replace("<item>", f"<item>{new}")
    after = after.replace(new, old, 1)
    found = [*visits(http, site, first, after, after, after, after)]
    assert titles(found[1]) == ["Satu, diralat", "A", "B"]
    assert found[1].failures[0].detail.endswith("left for the next visit: 4")
    assert [titles(one) for one in found[2:]] == [["C", "D", "E"], ["F"], []]


def test_of_a_state_that_remembers_nothing_nothing_is_edited() -> None:
    listed = [(Entry(title="Satu"), "https://a.example/1")]
    assert edited(listed, {})[0] == set()


@given(st.dictionaries(st.text(), st.tuples(st.text(), st.text()), max_size=12))
def test_the_same_list_is_never_edited(entries: dict[str, tuple[str, str]]) -> None:
    listed = [(Entry(title=one, stamp=two), url) for url, (one, two) in entries.items()]
    before = edited(listed, {})[1]
    assert edited(listed, before) == (set(), before)
