"""A catalogue of editions → the pages of a static site. Pure, no clock.

Every link is relative, so that the site stands below any address, and in a folder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from briefing.model import Brief
from briefing.render.catalogue import Catalogue, Chapter, chapters, month_of
from briefing.render.figures import coverage, first_day, reporting
from briefing.render.links import anchor
from briefing.render.mail import narrowed
from briefing.render.pages import Templates
from briefing.render.press import Press, Site
from briefing.render.search import DamagedIndexError, SearchIndex
from briefing.render.syndicate import (
    NEWEST,
    chapter_entry,
    entry_of,
    feeds,
    sitemap,
    sitemap_index,
    table,
)

KINDS: Final = ("topics", "outlets", "names")
"""The kinds of shelves."""


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
        press = Press(site, templates)
        yield from press.files()
        yield from _editions(press, catalogue, brief_of)
        yield from _search(site, catalogue, brief_of, kept)
        yield from _shelves(press, catalogue)
        yield from _archive(press, catalogue)
        yield "search.html", press.search()
        yield from _feeds(press, catalogue, brief_of)
        yield "index.html", _first(press, catalogue, brief_of)


def _editions(
    press: Press, catalogue: Catalogue, brief_of: Callable[[str], Brief]
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
            yield f"stories/{story}.html", press.story(story, told, catalogue.names)
            yield from _story_feeds(press, story, told, brief_of)
        if key in around:
            before, after = around[key]
            yield (
                f"editions/{key}.html",
                press.edition(
                    brief_of(key),
                    "../",
                    listed=catalogue.keys,
                    before=before,
                    after=after,
                ),
            )
        if key in fresh:
            yield f"editions/{key}.md", press.markdown(brief_of(key))
            yield f"editions/{key}.csv", table(brief_of(key))
            yield f"editions/{key}.bib", press.citation(brief_of(key))


def _first(press: Press, catalogue: Catalogue, brief_of: Callable[[str], Brief]) -> str:
    """Return the first page: the newest edition."""
    newest = brief_of(catalogue.editions[-1].key)
    return press.edition(newest, "", listed=catalogue.keys)


def _shelves(press: Press, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the pages of topics, outlets and names that have changed, and the lists of these."""
    for kind in KINDS:
        for shelf, months in catalogue.fresh_shelves(kind):
            yield from press.shelf(catalogue, shelf, months)
    last = max(one.date for one in catalogue.editions)
    labels = {kind: catalogue.labels(kind) for kind in KINDS}
    topics, outlets = (
        catalogue.stories_by_day(kind, first_day(last))
        for kind in ("topics", "outlets")
    )
    titles = {
        kind: {one.slug: one.title for one in some} for kind, some in labels.items()
    }
    yield (
        "topics/index.html",
        press.shelves("topics", labels["topics"], drawn=coverage(topics, last)),
    )
    matrix = reporting(topics, outlets, last)
    yield (
        "outlets/index.html",
        press.shelves("outlets", labels["outlets"], matrix=matrix, titles=titles),
    )
    yield "names/index.html", press.shelves("names", labels["names"])


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


def _archive(press: Press, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the calendars; all of them where a year is new, for each leads to all others."""
    years = catalogue.years()
    fresh = {one.key for one in catalogue.fresh}
    new = [year for year, some in years if all(one.key in fresh for one in some)]
    for year, editions in years:
        if new or any(one.key in fresh for one in editions):
            page = press.year(year, editions, [one for one, _ in years])
            yield f"archive/{year}.html", page
    yield "archive/index.html", press.archive(years)


def _story_feeds(
    press: Press, story: str, told: Sequence[Chapter], brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    """Yield the feeds of a story; none where the site's address is not known."""
    site = press.site
    if site.base is None:
        return
    page = f"stories/{story}.html"
    entries = [
        chapter_entry(
            one,
            url=f"{site.base}{page}#{one.edition}",
            title=f"{one.view.lead.name} ({press.dates.day(one.edition)})",
            moment=brief_of(one.edition).window.until,
        )
        for one in reversed(told[-NEWEST:])
    ]
    title = f"{site.title}: {told[-1].view.lead.name}"
    yield from feeds(
        entries, title=title, base=site.base, about=page, name=f"stories/{story}"
    )


def _feeds(
    press: Press, catalogue: Catalogue, brief_of: Callable[[str], Brief]
) -> Iterator[tuple[str, str]]:
    """Yield the feeds and sitemaps; none where the site's address is not known."""
    site, dates = press.site, press.dates
    if site.base is None:
        return
    newest = [one.key for one in reversed(catalogue.editions[-NEWEST:])]
    entries = [
        entry_of(
            brief_of(day), url=f"{site.base}editions/{day}.html", title=dates.day(day)
        )
        for day in newest
    ]
    yield from feeds(entries, title=site.title, base=site.base, about="", name="feed")
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
        yield from feeds(
            of_topic,
            title=f"{site.title}: {shelf.title}",
            base=site.base,
            about=f"topics/{shelf.slug}.html",
            name=f"topics/{shelf.slug}",
        )
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
    for kind in KINDS:
        lists.append(f"{kind}/index.html")
        lists += [f"{kind}/{one.slug}.html" for one in catalogue.labels(kind)]
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
