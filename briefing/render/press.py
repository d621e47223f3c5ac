"""The templates of a site, filled."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2.runtime import Macro
from markupsafe import Markup

from briefing.model import Brief, OutletCard, ToldEdition, date_of
from briefing.render.catalogue import Catalogue, Chapter, Label, Shelf, Telling
from briefing.render.citation import bibtex
from briefing.render.dates import Dates
from briefing.render.figures import (
    Crosstab,
    DayCounts,
    course,
    coverage,
    first_day,
)
from briefing.render.language import language_tag, locale
from briefing.render.links import file_name
from briefing.render.pages import Templates, context_of, interface
from briefing.render.syndicate import linked_data
from briefing.text import name_slug, slug_of

_LINES: Final = 8_192
"""Lines and headings of shelves that are kept in memory."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same on all pages.

    Attributes:
        title: its name.
        language: of the interface's words, BCP 47.
        zone: IANA name of the zone in which its editions are dated.
        base: the address that it stands below, ending in “/”; None if that is not known.
        templates: the operator's folder, None if there is none.
        cards: what the operator states of outlets.
    """

    title: str
    language: str
    zone: str
    base: str | None = None
    templates: Path | None = None
    cards: tuple[OutletCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """A line of a calendar: seven days, None for those of other months."""

    days: tuple[tuple[date, tuple[ToldEdition, ...]] | None, ...]


class Press:
    """Fills the templates of one site."""

    def __init__(self, site: Site, templates: Templates) -> None:
        self.site = site
        self._templates = templates
        self._cards = {slug_of(one.name): one for one in site.cards}
        self.dates = Dates(locale(site.language), ZoneInfo(site.zone))
        self._same: dict[str, Any] = {
            "site": site,
            "dates": self.dates,
            **interface(site.language),
            "file_name": file_name,
            "language_tag": language_tag,
            "name_slug": name_slug,
            "once": self._once,
            "each": self._each,
        }
        self._lines: dict[tuple[str, str | tuple[str, str], str], Markup] = {}

    def _once(self, macro: Macro, about: Telling | str, root: str) -> Markup:
        """Return what a macro says of a telling or an edition's key, by the way to the first page.

        It stands on several shelves, and is written once for all of them.
        """
        one = about if isinstance(about, str) else (about.edition, about.anchor)
        known = (macro.name, one, root)
        if known not in self._lines:
            if len(self._lines) >= _LINES:
                self._lines.clear()
            self._lines[known] = Markup(macro(about))
        return self._lines[known]

    def _each(self, macro: Macro, told: Iterable[Telling], root: str) -> Markup:
        """Return the same of several tellings, each on a line."""
        return Markup("\n").join(self._once(macro, one, root) for one in told)

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield what several pages load; pages of editions have the style within."""
        read = self._templates.file
        yield "site.css", f"{read('brief.css')}\n{read('site.css')}"
        yield "search.js", read("search.js")

    def markdown(self, brief: Brief) -> str:
        """Return an edition as Markdown."""
        return self._templates.markdown("brief.md", brief.language, context_of(brief))

    def citation(self, brief: Brief) -> str:
        """Return the entry of an edition in a list of literature."""
        return bibtex(brief, day=self.dates.day(brief.key), url=self._url(brief))

    def _url(self, brief: Brief) -> str | None:
        base = self.site.base
        return f"{base}editions/{brief.key}.html" if base else None

    def search(self) -> str:
        """Return the page of the search."""
        return self._filled("site-search.html", "", "search.html")

    def edition(
        self,
        brief: Brief,
        root: str,
        *,
        listed: Container[str],
        before: str | None = None,
        after: str | None = None,
    ) -> str:
        """Return the page of an edition; without `root` it is the first page of the site.

        It leads to those of the editions before it that are `listed`: an edition may tell of one
        that never was published.
        """
        place = f"editions/{brief.key}.html"
        url = self._url(brief)
        around = {
            "before": before,
            "after": after,
            "editions": f"{root}editions/",
            "listed": listed,
            "linked_data": linked_data(brief, url=url),
            "url": url,
        }
        return self._filled(
            "site-edition.html", root, place, **{**context_of(brief), **around}
        )

    def story(self, story: str, told: Sequence[Chapter], names: Container[str]) -> str:
        """Return the page of a story; it leads to the names that have a page, by slug."""
        return self._filled(
            "site-story.html",
            "../",
            f"stories/{story}.html",
            story=story,
            chapters=told,
            course=course(told),
            names=names,
        )

    def shelf(
        self, catalogue: Catalogue, shelf: Shelf, months: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield the pages of a shelf: some months, their years, and the newest editions."""
        same = {
            "shelf": shelf,
            **dict.fromkeys(("months", "days", "years"), ()),
            **dict.fromkeys(("month", "year", "course"), None),
        }
        if months:
            yield from self._parts(catalogue, shelf, months, same)
        days, parted = catalogue.newest(shelf)
        here = {
            **same,
            "title": shelf.title,
            "days": days,
            "years": shelf.years if parted else (),
            "card": self._cards.get(shelf.slug) or OutletCard(shelf.title),
        }
        if shelf.kind != "names":  # most have a story or two
            last = date_of(days[0][0].edition)
            stories = catalogue.on_shelf_by_day(shelf, first_day(last))
            here["course"] = coverage({shelf.slug: stories}, last)[shelf.slug]
        yield self._shelf(f"{shelf.kind}/{shelf.slug}.html", here)

    def _parts(
        self,
        catalogue: Catalogue,
        shelf: Shelf,
        months: Sequence[str],
        same: Mapping[str, Any],
    ) -> Iterator[tuple[str, str]]:
        place = f"{shelf.kind}/{shelf.slug}"
        for month in months:
            days = catalogue.on_shelf(shelf, month)
            title = shelf.months[month].title
            here = {**same, "title": title, "days": days, "month": _first_of(month)}
            yield self._shelf(f"{place}/{month}.html", here)
        by_year = _months_by_year(shelf)
        changed = {int(month[:4]) for month in months}
        begun = any(set(by_year[year]) <= set(months) for year in changed)
        for year, some in by_year.items():
            if begun or year in changed:
                listed = [
                    (_first_of(one), one, shelf.months[one].stories) for one in some
                ]
                here = {
                    **same,
                    "title": shelf.months[some[-1]].title,
                    "months": listed,
                    "year": year,
                    "years": shelf.years,
                }
                yield self._shelf(f"{place}/{year}.html", here)

    def _shelf(self, place: str, shown: Mapping[str, Any]) -> tuple[str, str]:
        root = "../" * place.count("/")
        return place, self._filled("site-shelf.html", root, place, **shown)

    def shelves(
        self,
        kind: str,
        labels: Sequence[Label],
        *,
        drawn: Mapping[str, DayCounts] = MappingProxyType({}),
        matrix: Crosstab | None = None,
        titles: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> str:
        """Return the list of a kind of shelves, with its picture.

        `titles` says how the shelves in a matrix are headed: kind → slug → heading.
        """
        ordered = sorted(labels, key=lambda one: (one.title.casefold(), one.slug))
        return self._filled(
            "site-shelves.html",
            "../",
            f"{kind}/index.html",
            kind=kind,
            shelves=ordered,
            drawn=drawn,
            matrix=matrix,
            titles=titles,
        )

    def year(
        self, year: int, editions: Sequence[ToldEdition], years: Sequence[int]
    ) -> str:
        """Return the calendar of a year; it leads to those of `years`."""
        return self._filled(
            "site-year.html",
            "../",
            f"archive/{year}.html",
            year=year,
            months=list(_months(editions)),
            years=years,
        )

    def archive(self, years: Sequence[tuple[int, Sequence[ToldEdition]]]) -> str:
        """Return the list of years with their editions."""
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
