"""A site is written day by day: what a day touches, and that the bytes are those of a whole one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from briefing.errors import DeliveryError
from briefing.model import (
    Brief,
    Changes,
    Episode,
    Name,
    Past,
    Section,
    Story,
    Window,
)
from briefing.settings import Settings, starter_settings
from briefing.site import Built, build_site
from briefing.store import Store, open_store
from briefing.text import name_slug
from tests.alter import alter
from tests.briefs import BRIDGE, FERRY, RAIN, report, sample_brief

FIRST = date(2024, 12, 29)
WORDS = (BRIDGE, FERRY, RAIN)
OUTLETS = ("Pena", "Warta Kapur", "pena")


def edition(day: int, schedule: str = "") -> Brief:
    """Return an edition of two stories: one of its own, and one that goes on every third day.

    Every edition's own story and that of the next one but two name the same person; all, a place.
    """
    article = f"{schedule and 'f'}{day:x}".rjust(12, "0")
    said, outlet = WORDS[day % 3], OUTLETS[day % 3]
    own = report(f"{article}0001", said[0], title=f"Kabar {day}", outlet=outlet)
    more = report(f"{article}0002", said[1], outlet="Warta Kapur")
    people = (f"Orang {day}", f"Orang {day - 3}")
    stories = (
        Story(f"a{article[1:]}", (own,), names=tuple(map(named, people))),
        Story(f"{day % 3:012x}", (more,), names=(named("Lembah Kapur"),)),
    )
    brief = sample_brief(date=FIRST + timedelta(days=day), top_lines=())
    shift = timedelta(days=day, hours=len(schedule))
    return replace(
        brief,
        edition=f"{schedule}-{brief.date}" if schedule else "",
        window=Window(None, brief.window.until + shift),
        sections=(
            Section("jalan", f"Jalan {day}", stories[:1]),
            Section("cuaca" if day % 2 else "sungai", "Lain", stories[1:]),
        ),
    )


def named(name: str) -> Name:
    return Name(name, "", ("1" * 16,), 2)


def page(name: str) -> str:
    return f"names/{name_slug(name)}.html"


class Place:
    """A store and the folder of its site."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = starter_settings(folder)
        self.store: Store = open_store(self.settings.store.address)
        self.site = folder / "site"

    def publish(self, *briefs: Brief) -> None:
        for one in briefs:
            self.store.save_edition(one, frozen=True)

    def build(self, folder: Path | None = None, *, whole: bool = False) -> Built:
        base = "https://kabar.example/"
        return build_site(
            self.settings, self.store, folder or self.site, base=base, whole=whole
        )

    def afresh(self) -> dict[str, bytes]:
        """Return the files of the same site, written into another folder."""
        other = self.site.with_name("other")
        self.build(other, whole=True)
        return files(other)


LIST = ".briefing-pages"


def files(folder: Path) -> dict[str, bytes]:
    """Return all files; the list of them has to be right."""
    found = {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }
    ours = sorted(found.keys() - {".briefing", LIST})
    assert found.get(LIST, b"").decode() == "".join(f"{one}\n" for one in ours)
    return found


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Part shelves early, so that a few days do."""
    monkeypatch.setattr("briefing.render.catalogue.RECENT", 2)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    with made.store:
        yield made


@pytest.mark.parametrize("schedules", [[""], ["", "pekan"]])
def test_day_by_day_it_has_the_bytes_of_a_whole_one(
    place: Place, schedules: list[str]
) -> None:
    for day in range(7):
        place.publish(*(edition(day, one) for one in schedules))
        place.build()
    assert files(place.site) == place.afresh()


def test_an_edition_between_others_changes_what_stands_around_it(place: Place) -> None:
    """As of a schedule that catches up on what it missed."""
    place.publish(*map(edition, (0, 1, 4, 5)))
    place.build()
    place.publish(edition(1, "pekan"), edition(3, "pekan"))
    place.build()
    place.publish(edition(2))
    built = place.build()
    assert "editions/2024-12-30.html" in built.written
    assert files(place.site) == place.afresh()


def test_a_day_more_touches_only_what_it_changes(place: Place) -> None:
    place.publish(*map(edition, range(6)))
    place.build()
    before = {one: one.stat().st_ino for one in place.site.rglob("*")}
    place.publish(edition(6))
    built = place.build()
    changed = {
        str(one.relative_to(place.site))
        for one in place.site.rglob("*")
        if one.is_file() and before.get(one) != one.stat().st_ino
    } - {".briefing", LIST}
    assert changed == set(built.written)
    pages = {one for one in changed if not one.startswith("search/")}
    last, new = FIRST + timedelta(days=5), FIRST + timedelta(days=6)
    assert (
        pages
        == {
            "index.html",
            f"editions/{last}.html",
            *(
                f"editions/{new}.{kind}"
                for kind in ("html", "md", "json", "csv", "bib")
            ),
            f"stories/a{3:011x}.html",  # leads to the name that it shared with none until now
            *(
                f"stories/{one}.{kind}"
                for one in (f"a{6:011x}", f"{0:012x}")
                for kind in ("html", "xml", "json")
            ),
            "topics/index.html",
            *(f"topics/jalan{one}" for one in (".html", ".xml", ".json")),
            *(f"topics/sungai{one}" for one in (".html", ".xml", ".json")),
            *(f"topics/{one}/2025.html" for one in ("jalan", "sungai")),
            *(f"topics/{one}/2025-01.html" for one in ("jalan", "sungai")),
            "outlets/index.html",
            *(
                f"outlets/{one}"
                for slug in ("pena", next_slug(place))
                for one in (f"{slug}.html", f"{slug}/2025-01.html")
            ),
            "outlets/pena/2025.html",
            "names/index.html",
            page("Orang 3"),
            page("Lembah Kapur"),
            page("Lembah Kapur").replace(".html", "/2025-01.html"),
            "sitemap-lists.xml",
            "archive/index.html",
            "archive/2025.html",
            "feed.xml",
            "feed.json",
            "sitemap-2025-01.xml",
        }
    )
    search = {one for one in changed if one.startswith("search/")}
    assert not any(one.startswith("search/2024/") for one in search)
    assert f"search/editions/{new}.js" in search


def next_slug(place: Place) -> str:
    """Return the slug of the outlet whose name is two words."""
    [found] = [one.stem for one in (place.site / "outlets").glob("warta-kapur-*.html")]
    return found


def test_nothing_new_writes_nothing(place: Place) -> None:
    place.publish(edition(0))
    first = place.build()
    assert place.build() == Built(first.pages, (), ())
    assert place.build(whole=True).written == ()


def test_other_settings_and_templates_write_all(place: Place, tmp_path: Path) -> None:
    place.publish(edition(0), edition(1))
    place.build()
    place.settings = place.settings.model_copy(update={"title": "Kabar lain"})
    assert "topics/index.html" in place.build().written
    own = tmp_path / "own"
    own.mkdir()
    output = place.settings.output.model_copy(update={"templates": own})
    place.settings = place.settings.model_copy(update={"output": output})
    assert place.build().written == ()
    (own / "site.css").write_text("main { color: black }")
    assert "site.css" in place.build().written
    assert files(place.site) == place.afresh()


def change(place: Place, sql: str) -> None:
    """Change the store past the program, which takes back nothing that is published."""
    alter(place.site.with_name("briefing.db"), sql)


def test_pages_of_an_edition_that_is_gone_are_removed(place: Place) -> None:
    place.publish(*map(edition, range(4)))
    place.build()
    for table, column in (
        ("edition_articles", "edition"),
        ("edition_pages", "edition"),
        ("editions", "key"),
    ):
        change(place, f"DELETE FROM {table} WHERE {column} = '2025-01-01'")
    built = place.build()
    assert "editions/2025-01-01.html" in built.removed
    assert "topics/jalan/2025-01.html" in built.removed
    assert not (place.site / "topics/jalan/2025-01.html").exists()
    assert files(place.site) == place.afresh()


def test_an_edition_that_is_another_now_is_written_again(place: Place) -> None:
    place.publish(edition(0), edition(1))
    place.build()
    place.store.close()
    for table in ("edition_articles", "edition_pages"):
        change(place, f"DELETE FROM {table} WHERE edition = '2024-12-29'")
    change(place, "DELETE FROM editions WHERE key = '2024-12-29'")
    place.publish(replace(edition(9), date=FIRST))
    built = place.build()
    assert "editions/2024-12-29.html" in built.written
    assert f"stories/a{0:011x}.html" in built.removed
    assert files(place.site) == place.afresh()


def test_files_of_others_are_kept(place: Place) -> None:
    place.publish(edition(0))
    place.build()
    other = place.site / "topics" / "saya.html"
    other.write_text("milik orang lain")
    place.publish(edition(1))
    place.build()
    place.build(whole=True)
    assert other.read_text() == "milik orang lain"


def test_what_two_programs_list_at_once_is_listed_once(place: Place) -> None:
    one = edition(0)
    for _ in range(2):
        place.store.tell({one.key: "0" * 64}, [one])
    assert [told.key for told in place.store.told()] == [one.key]


def test_robots_of_others_are_kept(place: Place) -> None:
    place.site.mkdir()
    robots = place.site / "robots.txt"
    robots.write_bytes(b"# Caf\xe9\nUser-agent: *\nDisallow: /rahasia\n")
    place.publish(edition(0))
    for whole in (False, True):
        assert "robots.txt" not in place.build(whole=whole).written
        assert b"rahasia" in robots.read_bytes()


def test_only_editions_that_are_published_are_led_to(place: Place) -> None:
    """An edition tells what one before it told that nobody published, until somebody does."""
    first, second = edition(0), edition(3)
    bridge = first.sections[1].stories[0]
    told = Episode(first.key, bridge.reports[0], 1)
    [again] = second.sections[1].stories
    goes_on = replace(
        second.sections[1],
        stories=(replace(again, timeline=(told,), state="developing"),),
    )
    closed = Past("9" * 12, first.date, told, "sungai")
    second = replace(
        second,
        sections=(second.sections[0], goes_on),
        changes=Changes(first.key, closed=(closed,)),
    )
    page = place.site / "editions" / f"{second.key}.html"
    place.store.save_edition(first, frozen=False)
    place.publish(second)
    place.build()
    assert f"{first.key}.html" not in page.read_text()
    place.publish(first)
    place.build()
    assert page.read_text().count(f"/{first.key}.html#") == 2
    assert files(place.site) == place.afresh()


@pytest.mark.parametrize(
    "note",
    [
        "",
        "{",
        "[]",
        '{"made_of": "", "editions": {}, "pages": "x"}',
        '{"made_of": "", "editions": {}, "pages": 1e999}',
        '{"made_of": "", "editions": [], "pages": 0}',
    ],
)
def test_without_what_it_remembers_all_is_written(place: Place, note: str) -> None:
    place.publish(edition(0), edition(1))
    place.build()
    whole = files(place.site)
    (place.site / "index.html").write_text("lain")
    (place.site / "topics/jalan.html").unlink()
    (place.site / ".briefing").write_text(note)
    assert set(place.build().written) == {"index.html", "topics/jalan.html"}
    assert files(place.site) == whole


@pytest.mark.parametrize("names", ["", "index.html\n", "\xff\n", "../briefing.db\n"])
def test_without_the_list_of_its_pages_all_is_written(place: Place, names: str) -> None:
    place.publish(edition(0), edition(1))
    place.build()
    whole = files(place.site)
    (place.site / "topics/jalan.html").unlink()
    (place.site / LIST).write_text(names, "latin-1")
    assert place.build().written == ("topics/jalan.html",)
    assert files(place.site) == whole
    assert place.site.with_name("briefing.db").exists()


@pytest.mark.parametrize(
    "name", ["2024/index.js", "2024/w-ka.js", "2024/facets.js", "index.js", "w-ka.js"]
)
@pytest.mark.parametrize("how", ["gone", "changed", "none"])
def test_a_search_that_others_have_changed_is_written_again(
    place: Place, name: str, how: str
) -> None:
    place.publish(edition(0), edition(1))
    place.build()
    part = place.site / "search" / name
    part.unlink()
    if how == "changed":
        part.write_text("x")
    if how == "none":  # as when the clock went back
        part.write_text('briefing("x",[]);\n')
        os.utime(part, (0, 0))
    place.publish(edition(2))
    place.build()
    assert files(place.site) == place.afresh()


def test_a_failure_leaves_the_site_as_it_was(place: Place, tmp_path: Path) -> None:
    place.publish(edition(0))
    place.build()
    before = files(place.site)
    own = tmp_path / "own"
    own.mkdir()
    (own / "site-story.html").write_text("{{ nothing.of.it }}")
    output = place.settings.output.model_copy(update={"templates": own})
    place.settings = place.settings.model_copy(update={"output": output})
    place.publish(edition(1))
    with pytest.raises(DeliveryError, match="site-story"):
        place.build()
    assert files(place.site) == before


def test_a_build_that_was_killed_while_pages_took_their_places(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish(edition(0))
    place.build()
    place.publish(edition(1))
    left = [20]
    replace_ = os.replace

    def killed(*given: Any, **options: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        replace_(*given, **options)

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        place.build()
    monkeypatch.undo()
    assert json.loads((place.site / ".briefing").read_text())["editions"] == {}
    place.build()
    assert files(place.site) == place.afresh()


@pytest.mark.parametrize("order", [range(6), range(5, -1, -1), (3, 0, 5, 1, 4, 2)])
def test_lists_count_each_story_once_whatever_is_listed_first(
    place: Place, order: Sequence[int]
) -> None:
    for day in order:
        place.publish(edition(day))
        place.store.tell_published()
    [(slug, months)] = place.store.shelves("names", [name_slug("Lembah Kapur")])
    assert {month: one.stories for month, one in months.items()} == {
        "2024-12": 3,
        "2025-01": 3,
    }
    assert sum(one.begun for one in months.values()) == 3
    assert place.store.shared("names") == {
        slug: 3,
        **{name_slug(f"Orang {day}"): 2 for day in range(3)},
    }
