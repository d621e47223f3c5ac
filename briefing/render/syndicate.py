"""What programs read of a site: Atom and JSON Feed, sitemap, linked data, a table of sources."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import StringIO
from typing import Any, Final
from xml.etree import ElementTree

from briefing.model import Brief, Published
from briefing.render.catalogue import Chapter
from briefing.render.links import web_address
from briefing.render.text import plain

NEWEST: Final = 30
"""Entries of a feed."""

_ATOM: Final = "http://www.w3.org/2005/Atom"
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With which a cell begins that spreadsheets would work out."""

_COLUMNS: Final = (
    "edition",
    "section",
    "story",
    "shape",
    "title",
    "outlet",
    "author",
    "published",
    "link",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed.

    Attributes:
        url: where it stands, for ever: it is its id too.
        title: its heading.
        html: what it says.
        moment: since when, aware.
    """

    url: str
    title: str
    html: str
    moment: datetime


def entry_of(brief: Brief, *, url: str, title: str) -> Entry:
    """Return the entry of an edition: the headings of its stories, and their first sentences."""
    lines = []
    for section in brief.sections:
        for story in section.stories:
            lead = story.reports[0]
            said = (story.sentences or lead.sentences)[:1]
            heading = plain(lead.title or "")
            told = " ".join(plain(one.text) for one in said)
            strong = f"<strong>{escape(heading)}</strong> " if heading else ""
            lines.append(f"<li>{strong}{escape(told)}</li>")
    return Entry(url, title, f"<ul>{''.join(lines)}</ul>", brief.window.until)


def chapter_entry(chapter: Chapter, *, url: str, title: str, moment: datetime) -> Entry:
    """Return the entry of what an edition told of a story: the sentences of its summary."""
    lines = [
        f"<p>{escape(' '.join(plain(one.sentence.text) for one in part.sentences))}"
        f" ({escape(plain(part.outlet))})</p>"
        for part in chapter.view.passages
    ]
    return Entry(url, title, "".join(lines), moment)


def feeds(
    entries: Sequence[Entry], *, title: str, base: str, about: str, name: str
) -> Iterator[tuple[str, str]]:
    """Yield name and text of a feed in both formats; arguments as of `atom`.

    Args:
        entries: what is in it.
        title: its heading.
        base: the site's address.
        about: the page whose feed it is, below `base`.
        name: the place of the feeds below `base`, without their ending.
    """
    for place, write in ((f"{name}.xml", atom), (f"{name}.json", json_feed)):
        yield place, write(entries, title=title, base=base, about=about, place=place)


def atom(
    entries: Sequence[Entry], *, title: str, base: str, about: str, place: str
) -> str:
    """Return an Atom feed (RFC 4287); entries the newest first, at least one.

    Args:
        entries: what is in it.
        title: its heading.
        base: the site's address.
        about: the page whose feed it is, below `base`.
        place: the feed's, below `base`.
    """
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _add(feed, "id", f"{base}{place}")
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(entries[0].moment))
    _add(feed, "author/name", title)
    ElementTree.SubElement(feed, "link", rel="self", href=f"{base}{place}")
    ElementTree.SubElement(feed, "link", rel="alternate", href=f"{base}{about}")
    for one in entries:
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "id", one.url)
        _add(entry, "title", one.title)
        _add(entry, "updated", _stamp(one.moment))
        ElementTree.SubElement(entry, "link", rel="alternate", href=one.url)
        _add(entry, "content", one.html).set("type", "html")
    return _written(feed)


def json_feed(
    entries: Sequence[Entry], *, title: str, base: str, about: str, place: str
) -> str:
    """Return a JSON Feed (version 1.1); arguments as of `atom`."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{base}{about}",
        "feed_url": f"{base}{place}",
        "items": [
            {
                "id": one.url,
                "url": one.url,
                "title": one.title,
                "content_html": one.html,
                "date_published": _stamp(one.moment),
            }
            for one in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def sitemap(places: Sequence[str], *, base: str) -> str:
    """Return a sitemap (sitemaps.org) of at most 50,000 pages."""
    return _listed("urlset", "url", base, places)


def sitemap_index(names: Sequence[str], *, base: str) -> str:
    """Return a list of sitemaps."""
    return _listed("sitemapindex", "sitemap", base, names)


def _listed(kind: str, each: str, base: str, places: Sequence[str]) -> str:
    root = ElementTree.Element(kind, xmlns=_SITEMAP)
    for place in places:
        _add(ElementTree.SubElement(root, each), "loc", f"{base}{place}")
    return _written(root)


def linked_data(brief: Brief, *, url: str | None) -> dict[str, Any]:
    """Return what schema.org calls the edition: a page with a list of news articles."""
    articles = [
        {
            "@type": "NewsArticle",
            "headline": plain(report.title or ""),
            "publisher": {
                "@type": "Organization",
                "name": plain(report.outlet or report.source),
            },
            **({"url": link} if (link := web_address(report.link)) else {}),
        }
        for section in brief.sections
        for story in section.stories
        for report in story.reports[:1]
    ]
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": plain(brief.title),
        "datePublished": str(brief.date),
        "inLanguage": brief.language,
        **({"url": url} if url else {}),
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": at, "item": article}
                for at, article in enumerate(articles, 1)
            ],
        },
    }


def table(brief: Brief) -> str:
    """Return the stories of an edition and their sources as CSV (RFC 4180), a row each report."""
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    for section in brief.sections:
        told = [(story, "full") for story in section.stories]
        told += [(story, "line") for story in section.noted]
        for story, shape in told:
            for one in story.reports:
                rows.writerow(
                    [
                        brief.key,
                        section.slug,
                        story.id,
                        shape,
                        _cell(one.title),
                        _cell(one.outlet or one.source),
                        _cell(one.author),
                        _day_or_moment(one.published),
                        web_address(one.link) or "",
                    ]
                )
    return out.getvalue()


def _day_or_moment(published: Published | None) -> str:
    if published is None:
        return ""
    moment = published.moment
    return str(moment.date()) if published.day_only else moment.isoformat()


def _cell(text: str | None) -> str:
    """Return foreign text as a cell that no spreadsheet takes for a formula."""
    shown = plain(text or "")
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _add(parent: ElementTree.Element, path: str, text: str) -> ElementTree.Element:
    for name in path.split("/"):
        parent = ElementTree.SubElement(parent, name)
    parent.text = plain(text)
    return parent


def _stamp(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _written(root: ElementTree.Element) -> str:
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'
