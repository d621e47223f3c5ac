"""Finding the feed of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from briefing.gather.address import host_of, with_userinfo
from briefing.gather.entries import ParsedFeed
from briefing.gather.links import feed_links
from briefing.gather.parsing import parse_feed
from briefing.gather.response import FetchError, Response

if TYPE_CHECKING:
    from briefing.gather.http import Http

USUAL_PATHS: Final = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
)
"""Where feeds are that no page names: WordPress, Indonesian portals, static generators."""

MAX_CANDIDATES: Final = 5
"""Feeds of one page that are tried; a site's own is mostly the first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was found.

    Attributes:
        url: its address.
        feed: as parsed.
    """

    url: str
    feed: ParsedFeed


def find_feed(http: Http, url: str, *, private: bool = False) -> Found | None:
    """Return the feed at `url`, or that of the page there; None if there is none.

    First what the page names, then the usual paths. Feeds at another host or port are asked
    for as links are: as its robots.txt allows, and at the Web's own ports.

    Args:
        http: the network reader.
        url: a page of the site, or the feed itself.
        private: it may lead to addresses that are not public.

    Raises:
        FetchError: `url` itself has no answer, or the host asked to be left alone (429).
    """
    page = http.get(url, private=private)
    here = _feed(page, http)
    if here is not None:
        return Found(page.url, here)
    usual = (urljoin(page.url, path) for path in USUAL_PATHS)
    named = feed_links(page)[:MAX_CANDIDATES]
    limit: FetchError | None = None
    for candidate in dict.fromkeys((*named, *usual)):
        try:
            # What is elsewhere is a link like others; on its own host a site offers it.
            elsewhere = host_of(candidate) != host_of(page.url)
            asked = with_userinfo(candidate, url)
            answer = http.get(asked, private=private, link=elsewhere)
        except FetchError as error:
            limit = limit or (error if error.status == 429 else None)
            continue
        feed = _feed(answer, http)
        if feed is not None:
            return Found(answer.url, feed)
    if limit is not None:
        raise limit
    return None


def _feed(answer: Response, http: Http) -> ParsedFeed | None:
    feed = parse_feed(
        answer.body, url=answer.url, charset=answer.charset, workers=http.parsers
    )
    return feed if feed.problem is None else None
