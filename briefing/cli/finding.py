"""What a place offers: a feed, a sitemap, links, a mailbox, files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from briefing.errors import SettingsError, SourceError
from briefing.gather.address import host_name, masked, public, with_userinfo
from briefing.gather.response import FetchError

if TYPE_CHECKING:
    from briefing.gather import Http

_SITEMAPS = (
    "/news-sitemap.xml",
    "/sitemap_news.xml",
    "/sitemap-news.xml",
    "/sitemap.xml",
)
"""Where sitemaps are that robots.txt does not name, those for news first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that could be added.

    Attributes:
        place: as the user named it, without passwords.
        kind: of source.
        title: what it calls itself, to make an id of.
        entries: how many articles it offers now.
        keys: of its table in the settings: ``url`` or ``path``, ``pattern``.
        path: the whole path of what is on the disk.
    """

    place: str
    kind: str
    title: str
    entries: int
    keys: dict[str, Any] = field(default_factory=dict)
    path: Path | None = None


def on_the_disk(place: str, *, beside: Path) -> Candidate:
    """Return what there is at a path: a folder, a file, an mbox, a maildir.

    Raises:
        SettingsError: there is nothing.
    """
    from briefing.gather.folder import MEDIA_TYPES
    from briefing.gather.mailbox import is_maildir

    path = Path(os.path.realpath(place))
    if not path.exists():
        what = "address of the Web" if "://" in place else "file or folder"
        raise SettingsError(f"{place}: no such {what}")
    if path.is_dir():
        kind = "maildir" if is_maildir(path) else "folder"
        files = (one for one in path.rglob("*") if one.is_file())
        count = sum(
            kind == "maildir" or one.suffix.lower() in MEDIA_TYPES for one in files
        )
    else:
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
        kind, count = ("mbox", _mails(path)) if is_mbox else ("file", 1)
    home = Path(os.path.realpath(beside))
    shown = path.relative_to(home) if path.is_relative_to(home) else path
    return Candidate(place, kind, path.stem, count, {"path": str(shown)}, path)


def on_the_web(
    http: Http, url: str, *, kind: str | None, pattern: str | None
) -> Candidate:
    """Return what there is at an address: its feed, unless another `kind` is wanted.

    Raises:
        SettingsError: a pattern is missing, or does not belong to the kind.
        SourceError: there is no answer, or nothing of that kind; says what there is.
    """
    if pattern is not None and kind not in ("section", "sitemap"):
        raise SettingsError("--pattern goes with --kind section or sitemap")
    try:
        if kind == "section":
            return _section(http, url, pattern)
        if kind == "sitemap":
            return _sitemap(http, url, pattern)
        if kind == "page":
            http.get(url)
            return Candidate(public(url), "page", host(url), 1, {"url": url})
        return _feed(http, url, kind or "feed")
    except FetchError as error:
        raise SourceError(f"{public(url)}: {masked(str(error))}") from error


def _feed(http: Http, url: str, kind: str) -> Candidate:
    from briefing.gather.discovery import find_feed

    found = find_feed(http, url)
    if found is None:
        raise SourceError(_offers(http, url))
    # A password is not part of what answers, but is needed to ask again.
    at = url if kind == "site" else with_userinfo(found.url, url)
    title = found.feed.title or host(found.url)
    return Candidate(public(url), kind, title, len(found.feed.entries), {"url": at})


def _section(http: Http, url: str, pattern: str | None) -> Candidate:
    from briefing.gather.links import page_links
    from briefing.gather.pattern import matches

    if pattern is None:
        raise SettingsError("a section needs --pattern: which links are articles")
    try:
        links = [
            one for one in page_links(http.get(url)) if matches(pattern, one, site=url)
        ]
    except ValueError as error:
        raise SettingsError(f"--pattern: {error}") from error
    if not links:
        raise SourceError(f"{public(url)}: no link fits {pattern}")
    title = f"{host(url)} {urlsplit(url).path}"
    keys = {"url": url, "pattern": pattern}
    return Candidate(public(url), "section", title, len(links), keys)


def _sitemap(http: Http, url: str, pattern: str | None) -> Candidate:
    from briefing.gather.sitemap import parse_sitemap

    count = len(parse_sitemap(http.get(url)).pages)
    keys = {"url": url, **({"pattern": pattern} if pattern else {})}
    return Candidate(public(url), "sitemap", host(url), count, keys)


def _offers(http: Http, url: str) -> str:
    """Return, in words, what could be made of a site without a feed."""
    from briefing.gather.links import page_links

    links = len(page_links(http.get(url)))
    told = [f"{public(url)}: no feed found"]
    sitemap = _find_sitemap(http, url)
    if sitemap:
        told.append(f"a sitemap: briefing add {sitemap} --kind sitemap")
    told.append(f"{links} links: --kind section --pattern '/…/*' takes those that fit")
    told.append("the page itself: --kind page")
    return "; ".join(told)


def _find_sitemap(http: Http, url: str) -> str | None:
    from briefing.gather.sitemap import parse_sitemap

    for path in _SITEMAPS:
        try:
            answer = http.get(urljoin(public(url), path))
            parse_sitemap(answer)
        except FetchError:
            continue
        return answer.url
    return None


def _mails(path: Path) -> int:
    import mailbox

    box = mailbox.mbox(path, create=False)
    try:
        return len(box)
    finally:
        box.close()


def host(url: str) -> str:
    """Return the host of an address, without ``www.``."""
    return host_name(url).removeprefix("www.")
