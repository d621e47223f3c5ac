"""A catalogue of editions → the pages of a static site. Pure, no clock.

Every link is relative, so that the site stands below any address, and in a folder.
"""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from briefing.model import Brief, ToldEdition
from briefing.render.catalogue import (
    Catalogue,
    Chapter,
    Shelf,
    Telling,
    chapters,
    month_of,
)
from briefing.render.dates import Dates
from briefing.render.language import language_tag, locale
from briefing.render.links import anchor, file_name
from briefing.render.mail import narrowed
from briefing.render.pages import Templates, context_of
from briefing.render.search import DamagedIndexError, SearchIndex
from briefing.render.syndicate import (
    NEWEST,
    atom,
    entry_of,
    json_feed,
    linked_data,
    sitemap,
    sitemap_index,
    table,
)

RECENT: Final = 30
"""Editions on the page of a topic or an outlet; all of them stand by month."""

_LINES: Final = 8_192
"""Lines of shelves that are kept in memory."""

SHELVES: Final = ("topics", "outlets")
"""The kinds of shelves."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same on all pages.

    Attributes:
        title: its name.
        language: of the interface's words, BCP 47.
        zone: IANA name of the zone in which its editions are dated.
        base: the address that it stands below, ending in “/”; None if that is not known.
        templates: the operator's folder, None if there is none.
    """

    title: str
    language: str
    zone: str
    base: str | None = None
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """A line of a calendar: seven days, None for those of other months."""

    days: tuple[tuple[date, tuple[ToldEdition, ...]] | None, ...]


def site_pages(
    site: Site,
    catalogue: Catalogue,
    brief_of: Callable[[str], Brief],
    kept: Callable[[str], str | None] = lambda _: None,
) -> Iterator[tuple[str, str]]:
    """Yield name and text of each page that the catalogue's fresh editions change.

    Args:
        site: what is the same on all pages.
        catalogue: lists the editions; at least one.
        brief_of: gives the brief of an edition that is listed.
        kept: gives the text of a page as it was written, None if there is none or it has changed.

    Raises:
        DeliveryError: a template is missing or broken; the message names file and line.
        DamagedIndexError: the site's search is not as it was written; all pages have to be.
    """
    templates = Templates(site.templates)
    with templates.blamed():
        press = _Press(site, templates)
        yield from press.files()
        yield from _editions(press, catalogue, brief_of)
        yield from _search(site, catalogue, brief_of, kept)
        for kind in SHELVES:
            for shelf, months in catalogue.fresh_shelves(kind):
                yield from press.shelf(catalogue, shelf, months)
            yield f"{kind}/index.html", press.shelves(kind, catalogue.shelves(kind))
        yield from _archive(press, catalogue)
        yield "search.html", press.search()
        yield from _feeds(site, catalogue, brief_of)
        yield "index.html", press.edition(brief_of(catalogue.editions[-1].key), "")


def _editions(
    press: _Press, catalogue: Catalogue, brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    """Yield the pages of editions, and of each story with the last edition that tells it."""
    around = {key: (before, after) for key, before, after in catalogue.around()}
    fresh = {one.key for one in catalogue.fresh}
    ending: defaultdict[str, list[tuple[str, Sequence[str]]]] = defaultdict(list)
    for story, keys in catalogue.fresh_stories.items():
        ending[keys[-1]].append((story, keys))
    for key in (one.key for one in catalogue.editions):
        for story, keys in ending.get(key, ()):
            told = list(chapters([brief_of(one) for one in keys], story))
            yield f"stories/{story}.html", press.story(story, told)
        if key in around:
            before, after = around[key]
            page = press.edition(brief_of(key), "../", before=before, after=after)
            yield f"editions/{key}.html", page
        if key in fresh:
            yield f"editions/{key}.md", press.markdown(brief_of(key))
            yield f"editions/{key}.csv", table(brief_of(key))


def _search(
    site: Site,
    catalogue: Catalogue,
    brief_of: Callable[[str], Brief],
    kept: Callable[[str], str | None],
) -> Iterator[tuple[str, str]]:
    """Yield the parts of the search: fresh editions are added where they are the newest.

    Where one stands between others, the parts of its year are made anew.
    """
    fresh = {one.key for one in catalogue.fresh}
    again: set[str] = set()

    def part(name: str) -> str | None:
        if catalogue.whole or any(map(name.startswith, again)):
            return None
        text = kept(name)
        if text is None and name.endswith("/index.js"):
            raise DamagedIndexError(f"{name} is not there")
        return text

    index = SearchIndex(site.language, part)
    for year, editions in catalogue.years():
        new = [one for one in editions if one.key in fresh]
        if not new:
            continue
        if editions[-len(new) :] != new or len(new) == len(editions):
            again.add(f"search/{year:04}/")
            new = editions
        for one in new:
            yield from index.add(brief_of(one.key))
        yield from index.year(year)
    yield from index.files(catalogue)


def _archive(press: _Press, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the calendars; all of them where a year is new, for each leads to all others."""
    years = catalogue.years()
    fresh = {one.key for one in catalogue.fresh}
    new = [year for year, some in years if all(one.key in fresh for one in some)]
    for year, editions in years:
        if new or any(one.key in fresh for one in editions):
            page = press.year(year, editions, [one for one, _ in years])
            yield f"archive/{year}.html", page
    yield "archive/index.html", press.archive(years)


def _feeds(
    site: Site, catalogue: Catalogue, brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    """Yield the feeds and sitemaps; none where the site's address is not known."""
    if site.base is None:
        return
    dates = Dates(locale(site.language), ZoneInfo(site.zone))
    newest = [one.key for one in reversed(catalogue.editions[-NEWEST:])]
    entries = [
        entry_of(
            brief_of(day), url=f"{site.base}editions/{day}.html", title=dates.day(day)
        )
        for day in newest
    ]
    for name, write in (("feed.xml", atom), ("feed.json", json_feed)):
        yield name, write(entries, title=site.title, base=site.base, place=name)
    for shelf, _ in catalogue.fresh_shelves("topics"):
        days = [some[0].edition for some in catalogue.newest_on_shelf(shelf, NEWEST)]
        of_topic = [
            entry_of(
                narrowed(brief_of(day), [shelf.slug]),
                url=f"{site.base}editions/{day}.html#{anchor('topic', shelf.slug)}",
                title=f"{shelf.title}, {dates.day(day)}",
            )
            for day in days
        ]
        name = f"topics/{shelf.slug}.xml"
        title = f"{site.title}: {shelf.title}"
        yield name, atom(of_topic, title=title, base=site.base, place=name)
    yield from _sitemaps(site.base, catalogue)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.base}sitemap.xml\n"


def _sitemaps(base: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield a sitemap of each month that has changed, one of what lists them, and their index."""
    names = ["sitemap-lists.xml"]
    lists = [
        "",
        "search.html",
        "archive/index.html",
        *(f"archive/{year}.html" for year, _ in catalogue.years()),
    ]
    for kind in SHELVES:
        lists.append(f"{kind}/index.html")
        lists += [f"{kind}/{shelf.slug}.html" for shelf in catalogue.shelves(kind)]
    yield "sitemap-lists.xml", sitemap(lists, base=base)
    # An edition between others may be the first to tell a story that began later until then.
    fresh = catalogue.fresh if catalogue.ordered else catalogue.editions
    changed = {month_of(one) for one in fresh}
    for month, editions in groupby(catalogue.editions, month_of):
        names.append(f"sitemap-{month}.xml")
        if month in changed:
            pages = [f"editions/{one.key}.html" for one in editions]
            pages += [f"stories/{one}.html" for one in catalogue.first_told(month)]
            yield names[-1], sitemap(pages, base=base)
    yield "sitemap.xml", sitemap_index(names, base=base)


class _Press:
    """Fills the templates of one site."""

    def __init__(self, site: Site, templates: Templates) -> None:
        self.site = site
        self._templates = templates
        written = locale(site.language)
        self._same: dict[str, Any] = {
            "site": site,
            "dates": Dates(written, ZoneInfo(site.zone)),
            "language": str(written).replace("_", "-"),
            "direction": written.text_direction,
            "file_name": file_name,
            "language_tag": language_tag,
            "once": self._once,
        }
        self._lines: dict[tuple[str, str, str], Markup] = {}

    def _once(
        self, line: Callable[[Telling], Markup], telling: Telling, root: str
    ) -> Markup:
        """Return what a macro says of a telling on pages with one way to the first page.

        It stands on several shelves, and is written once for all of them.
        """
        known = (telling.edition, telling.anchor, root)
        if known not in self._lines:
            if len(self._lines) >= _LINES:
                self._lines.clear()
            self._lines[known] = line(telling)
        return self._lines[known]

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield what several pages load; pages of editions have the style within."""
        read = self._templates.file
        yield "site.css", f"{read('brief.css')}\n{read('site.css')}"
        yield "search.js", read("search.js")

    def markdown(self, brief: Brief) -> str:
        return self._templates.markdown("brief.md", brief.language, context_of(brief))

    def search(self) -> str:
        return self._filled("site-search.html", "", "search.html")

    def edition(
        self,
        brief: Brief,
        root: str,
        *,
        before: str | None = None,
        after: str | None = None,
    ) -> str:
        """Return the page of an edition; without `root` it is the first page of the site."""
        place = f"editions/{brief.key}.html"
        url = f"{self.site.base}{place}" if self.site.base else None
        around = {
            "before": before,
            "after": after,
            "editions": f"{root}editions/",
            "linked_data": linked_data(brief, url=url),
        }
        return self._filled(
            "site-edition.html", root, place, **{**context_of(brief), **around}
        )

    def story(self, story: str, told: Sequence[Chapter]) -> str:
        return self._filled(
            "site-story.html", "../", f"stories/{story}.html", chapters=told
        )

    def shelf(
        self, catalogue: Catalogue, shelf: Shelf, months: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield the pages of a topic or an outlet: of months, their years, and the newest."""
        place = f"{shelf.kind}/{shelf.slug}"
        same = {"shelf": shelf, "months": (), "days": (), "month": None, "year": None}
        for month in months:
            days = catalogue.on_shelf(shelf, month)
            title = shelf.months[month][0]
            here = {**same, "title": title, "days": days, "month": _first_of(month)}
            yield self._shelf(f"{place}/{month}.html", here)
        by_year = _months_by_year(shelf)
        changed = {int(month[:4]) for month in months}
        begun = any(set(by_year[year]) <= set(months) for year in changed)
        for year, some in by_year.items():
            if begun or year in changed:
                title = shelf.months[some[-1]][0]
                listed = [(_first_of(one), one, shelf.months[one][1]) for one in some]
                here = {**same, "title": title, "months": listed, "year": year}
                yield self._shelf(f"{place}/{year}.html", here)
        days = catalogue.newest_on_shelf(shelf, RECENT)
        here = {**same, "title": shelf.title, "days": days}
        yield self._shelf(f"{place}.html", here)

    def _shelf(self, place: str, shown: Mapping[str, Any]) -> tuple[str, str]:
        root = "../" * place.count("/")
        return place, self._filled("site-shelf.html", root, place, **shown)

    def shelves(self, kind: str, shelves: Sequence[Shelf]) -> str:
        ordered = sorted(shelves, key=lambda one: (one.title.casefold(), one.slug))
        return self._filled(
            "site-shelves.html", "../", f"{kind}/index.html", kind=kind, shelves=ordered
        )

    def year(
        self, year: int, editions: Sequence[ToldEdition], years: Sequence[int]
    ) -> str:
        return self._filled(
            "site-year.html",
            "../",
            f"archive/{year}.html",
            year=year,
            months=list(_months(editions)),
            years=years,
        )

    def archive(self, years: Sequence[tuple[int, Sequence[ToldEdition]]]) -> str:
        counts = [
            (year, len(editions), sum(one.stories for one in editions))
            for year, editions in years
        ]
        return self._filled(
            "site-archive.html", "../", "archive/index.html", years=counts[::-1]
        )

    def _filled(self, template: str, root: str, place: str, **shown: Any) -> str:
        here = {"root": root, "place": place}
        filled = {**self._same, **shown, **here}
        return self._templates.html(template, filled["language"], filled)


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _months_by_year(shelf: Shelf) -> dict[int, list[str]]:
    """Return the months of each year in which a shelf has stories."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for month in shelf.months:
        found[int(month[:4])].append(month)
    return dict(found)


def _months(cards: Sequence[ToldEdition]) -> Iterator[tuple[date, list[Week]]]:
    """Yield the months with editions: the first day, and the weeks from Monday on."""
    by_day = {day: tuple(some) for day, some in groupby(cards, lambda one: one.date)}
    for first in sorted({day.replace(day=1) for day in by_day}):
        weeks = Calendar().monthdatescalendar(first.year, first.month)
        yield (
            first,
            [
                Week(
                    tuple(
                        (day, by_day.get(day, ())) if day.month == first.month else None
                        for day in week
                    )
                )
                for week in weeks
            ],
        )
