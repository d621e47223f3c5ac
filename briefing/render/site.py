"""A catalogue of editions → the pages of a static site. Pure, no clock.

Every link is relative, so that the site stands below any address, and in a folder.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from briefing.model import Brief, OutletCard, date_of, schedule_of
from briefing.render.catalogue import (
    Catalogue,
    Chapter,
    EditionCard,
    Shelf,
    Telling,
    chapters,
    name_slug,
    slug_of,
)
from briefing.render.citation import bibtex
from briefing.render.dates import Dates
from briefing.render.figures import Course, Matrix, course, coverage, reporting
from briefing.render.language import language_tag, locale
from briefing.render.links import anchor, file_name
from briefing.render.mail import narrowed
from briefing.render.pages import Templates, context_of
from briefing.render.search import SearchIndex
from briefing.render.syndicate import (
    NEWEST,
    chapter_entry,
    entry_of,
    feeds,
    linked_data,
    places,
    sitemaps,
    table,
)

RECENT: Final = 30
"""Days with news on the page of a topic or an outlet; all of them stand by year."""


LISTED: Final = 300
"""Names in the list of those that most stories have; the others are found from stories."""


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

    days: tuple[tuple[date, tuple[EditionCard, ...]] | None, ...]


def site_pages(
    site: Site, catalogue: Catalogue, brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    """Yield name and text of each page; whatever a page leads to comes before it.

    Args:
        site: what is the same on all pages.
        catalogue: lists the editions; at least one.
        brief_of: gives the brief of an edition that is listed.

    Raises:
        DeliveryError: a template is missing or broken; the message names file and line.
    """
    templates = Templates(site.templates)
    with templates.blamed():
        press = _Press(site, templates)
        yield from press.files()
        yield from _editions(press, catalogue, brief_of)
        yield from _index(site, catalogue, brief_of)
        for story, tellings in catalogue.stories.items():
            keys = dict.fromkeys(one.edition for one in tellings)
            told = list(chapters([brief_of(key) for key in keys], story))
            yield f"stories/{story}.html", press.story(story, told)
            yield from _story_feeds(site, story, told, brief_of)
        yield from _lists(press, catalogue)
        for year, cards in _by_year(catalogue.editions):
            yield f"archive/{year}.html", press.year(year, cards, catalogue)
        yield "archive/index.html", press.archive(catalogue)
        yield "search.html", press.search()
        yield from _feeds(site, catalogue, brief_of)
        yield "index.html", press.edition(brief_of(catalogue.editions[-1].key), "")


def _lists(press: _Press, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the pages of topics, outlets and names, and the lists of these."""
    last = max(one.date for one in catalogue.editions)
    topics, outlets = (
        [(shelf, shelf.tellings) for shelf in shelves.values()]
        for shelves in (catalogue.topics, catalogue.outlets)
    )
    for kind, shelves, pictures in (
        ("topics", catalogue.topics, {"drawn": coverage(topics, last)}),
        ("outlets", catalogue.outlets, {"matrix": reporting(topics, outlets, last)}),
        ("names", catalogue.names, {}),
    ):
        for shelf in shelves.values():
            yield from press.shelf(kind, shelf)
        listed = shared(shelves) if kind == "names" else list(shelves.values())
        yield f"{kind}/index.html", press.shelves(kind, listed, **pictures)


def _editions(
    press: _Press, catalogue: Catalogue, brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    for keys in _by_schedule(catalogue).values():
        for before, key, after in zip(
            [None, *keys], keys, [*keys[1:], None], strict=False
        ):
            brief = brief_of(key)
            page = press.edition(brief, "../", before=before, after=after)
            yield f"editions/{key}.html", page
            yield f"editions/{key}.md", press.markdown(brief)
            yield f"editions/{key}.csv", table(brief)
            yield f"editions/{key}.bib", press.citation(brief)


def _by_schedule(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the keys of the editions of each schedule, in their order."""
    found: dict[str, list[str]] = {}
    for card in catalogue.editions:
        found.setdefault(schedule_of(card.key), []).append(card.key)
    return found


def _index(
    site: Site, catalogue: Catalogue, brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    index = SearchIndex(site.language)
    for card in catalogue.editions:
        index.add(brief_of(card.key))
    yield from index.files()


def _story_feeds(
    site: Site, story: str, told: Sequence[Chapter], brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    """Yield the feeds of a story; none where the site's address is not known."""
    if site.base is None:
        return
    dates = Dates(locale(site.language), ZoneInfo(site.zone))
    page = f"stories/{story}.html"
    entries = [
        chapter_entry(
            one,
            url=f"{site.base}{page}#{one.edition}",
            title=f"{one.view.lead.name} ({dates.day(one.edition)})",
            moment=brief_of(one.edition).window.until,
        )
        for one in reversed(told[-NEWEST:])
    ]
    title = f"{site.title}: {told[-1].view.lead.name}"
    yield from feeds(
        entries, title=title, base=site.base, about=page, name=f"stories/{story}"
    )


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
    yield from feeds(entries, title=site.title, base=site.base, about="", name="feed")
    for shelf in catalogue.topics.values():
        days = list(dict.fromkeys(one.edition for one in reversed(shelf.tellings)))
        of_topic = [
            entry_of(
                narrowed(brief_of(day), [shelf.slug]),
                url=f"{site.base}editions/{day}.html#{anchor('topic', shelf.slug)}",
                title=f"{shelf.title}, {dates.day(day)}",
            )
            for day in days[:NEWEST]
        ]
        yield from feeds(
            of_topic,
            title=f"{site.title}: {shelf.title}",
            base=site.base,
            about=f"topics/{shelf.slug}.html",
            name=f"topics/{shelf.slug}",
        )
    yield from sitemaps(places(catalogue), base=site.base).items()
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.base}sitemap.xml\n"


class _Press:
    """Fills the templates of one site."""

    def __init__(self, site: Site, templates: Templates) -> None:
        self.site = site
        self._templates = templates
        self._cards = {slug_of(one.name): one for one in site.cards}
        written = locale(site.language)
        self._same: dict[str, Any] = {
            "site": site,
            "dates": Dates(written, ZoneInfo(site.zone)),
            "language": str(written).replace("_", "-"),
            "direction": written.text_direction,
            "file_name": file_name,
            "language_tag": language_tag,
            "name_slug": name_slug,
        }

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield what several pages load; pages of editions have the style within."""
        read = self._templates.file
        yield "site.css", f"{read('brief.css')}\n{read('site.css')}"
        yield "search.js", read("search.js")

    def markdown(self, brief: Brief) -> str:
        return self._templates.markdown("brief.md", brief.language, context_of(brief))

    def citation(self, brief: Brief) -> str:
        """Return the entry of an edition in a list of literature."""
        dates: Dates = self._same["dates"]
        return bibtex(brief, day=dates.day(brief.key), url=self._url(brief))

    def _url(self, brief: Brief) -> str | None:
        base = self.site.base
        return f"{base}editions/{brief.key}.html" if base else None

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
        url = self._url(brief)
        around = {
            "before": before,
            "after": after,
            "editions": f"{root}editions/",
            "linked_data": linked_data(brief, url=url),
            "url": url,
        }
        return self._filled(
            "site-edition.html", root, place, **{**context_of(brief), **around}
        )

    def story(self, story: str, told: Sequence[Chapter]) -> str:
        return self._filled(
            "site-story.html",
            "../",
            f"stories/{story}.html",
            story=story,
            chapters=told,
            course=course(told),
        )

    def shelf(self, kind: str, shelf: Shelf) -> Iterator[tuple[str, str]]:
        """Yield the pages of a topic, an outlet or a name: of each year, and the newest days.

        A name with fewer days than these has no pages by year.
        """
        days = [
            list(one) for _, one in groupby(shelf.tellings, lambda one: one.edition)
        ][::-1]
        years = sorted({_year(told[0]) for told in days}, reverse=True)
        if kind == "names" and len(days) <= RECENT:
            years = []
        card = self._cards.get(shelf.slug) or OutletCard(shelf.title)
        same = {
            "kind": kind,
            "shelf": shelf,
            "years": years,
            "card": card,
            "course": None,
        }
        for year in years:
            page = f"{kind}/{shelf.slug}/{year}.html"
            told = [one for one in days if _year(one[0]) == year]
            here = {**same, "days": told, "year": year}
            yield page, self._filled("site-shelf.html", "../../", page, **here)
        page = f"{kind}/{shelf.slug}.html"
        here = {**same, "days": days[:RECENT], "year": None}
        if kind != "names":  # most have a story or two
            last = max(date_of(told[0].edition) for told in days)
            here["course"] = coverage([(shelf, shelf.tellings)], last)[shelf.slug]
        yield page, self._filled("site-shelf.html", "../", page, **here)

    def shelves(
        self,
        kind: str,
        shelves: Sequence[Shelf],
        *,
        drawn: Mapping[str, Course] = MappingProxyType({}),
        matrix: Matrix | None = None,
    ) -> str:
        ordered = sorted(shelves, key=lambda one: (one.title.casefold(), one.slug))
        return self._filled(
            "site-shelves.html",
            "../",
            f"{kind}/index.html",
            kind=kind,
            shelves=ordered,
            drawn=drawn,
            matrix=matrix,
        )

    def year(
        self, year: int, cards: Sequence[EditionCard], catalogue: Catalogue
    ) -> str:
        return self._filled(
            "site-year.html",
            "../",
            f"archive/{year}.html",
            year=year,
            months=list(_months(cards)),
            years=[one for one, _ in _by_year(catalogue.editions)],
        )

    def archive(self, catalogue: Catalogue) -> str:
        years = [
            (year, len(cards), sum(card.stories for card in cards))
            for year, cards in _by_year(catalogue.editions)
        ]
        return self._filled(
            "site-archive.html", "../", "archive/index.html", years=years[::-1]
        )

    def _filled(self, template: str, root: str, place: str, **shown: Any) -> str:
        here = {"root": root, "place": place}
        filled = {**self._same, **shown, **here}
        return self._templates.html(template, filled["language"], filled)


def shared(names: Mapping[str, Shelf]) -> list[Shelf]:
    """Return the names that several stories have, those of most."""
    found = [one for one in names.values() if one.stories > 1]
    return sorted(found, key=lambda one: (-one.stories, one.slug))[:LISTED]


def _year(telling: Telling) -> int:
    return date_of(telling.edition).year


def _by_year(cards: Sequence[EditionCard]) -> list[tuple[int, list[EditionCard]]]:
    return [
        (year, list(some)) for year, some in groupby(cards, lambda one: one.date.year)
    ]


def _months(cards: Sequence[EditionCard]) -> Iterator[tuple[date, list[Week]]]:
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
