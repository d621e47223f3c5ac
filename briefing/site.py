"""Published editions → a static site.

What the site shows is remembered in its folder: which editions, which pages are ours, and of what
all pages are made besides (program, templates, settings). Where that fits, only the pages that new
editions change are written; where it does not, all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from briefing import __version__
from briefing.deliver import Folder, Listing, Renewal
from briefing.deliver.names import check_names
from briefing.errors import DeliveryError, StoreError
from briefing.model import Brief, ToldEdition
from briefing.ports import Progress, unwatched
from briefing.render.catalogue import Catalogue
from briefing.render.press import Site
from briefing.render.search import DamagedIndexError
from briefing.render.site import site_pages
from briefing.resources import resource
from briefing.settings import Settings

if TYPE_CHECKING:
    from briefing.store import Store

_AT_HAND: Final = 128
"""Briefs that are kept in memory: most stories end within so many days."""

_ROBOTS: Final = "robots.txt"
"""Often there before the site, by another hand: such a one is left as it is."""

_MAKING: Final = ("model", "text", "render", "site.py")
"""Parts of the program on which pages depend."""


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a site.

    Attributes:
        pages: how many files it has.
        written: names of those that were new or differed.
        removed: names of those that were ours and are no more.
    """

    pages: int
    written: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is remembered of a site.

    Attributes:
        made_of: hash of what its pages are made of besides editions.
        editions: key → hash of the brief, of all that it shows.
        pages: how many files are ours; their names are listed apart.
    """

    made_of: str
    editions: Mapping[str, str]
    pages: int


def build_site(
    settings: Settings,
    store: Store,
    folder: Path,
    *,
    base: str | None,
    whole: bool = False,
    progress: Progress = unwatched,
) -> Built:
    """Write the site of all published editions: the pages that editions new to it change.

    All are written where the site shows an edition that is not published so, or its pages were made
    by another version, with other templates or settings. Pages that are as they were are not
    touched, and none takes its place before all could be written. Pages of ours that are no more
    are removed, other files never.

    Args:
        settings: title, language, zone and templates are used.
        store: holds the editions.
        folder: where the site goes.
        base: the address that it will stand below; without it there are no feeds.
        whole: write all pages.
        progress: is called with “site”, the editions that are done, and how many there will be.

    Raises:
        StoreError: no edition is published, or the store cannot be read.
        DeliveryError: a template is broken, or a page cannot be written.
    """
    site = _site_of(settings, base)
    store.tell_published()
    with Folder(folder).renewal() as renewal:
        editions = store.told()
        if not editions:
            raise StoreError("no edition is published yet: briefing publish")
        before, pages = _remembered(renewal), renewal.listed()
        shown = {one.key: one.sha256 for one in editions}
        after = _Shown(_made_of(site), shown, len(pages))
        fresh = None if whole else _fresh(before, after)
        if fresh == frozenset():
            return Built(len(pages), (), ())
        theirs = () if _ROBOTS in pages else (_ROBOTS,)
        here = (site, store, renewal, editions)
        put = partial(_put, *here, but=theirs, progress=progress)
        fresh = _put_again_if_damaged(put, renewal, fresh)
        return _finished(renewal, pages, after, whole=fresh is None)


def _site_of(settings: Settings, base: str | None) -> Site:
    return Site(
        settings.title,
        settings.language,
        settings.zone,
        base,
        settings.output.templates,
        settings.cards,
    )


def _fresh(before: _Shown, after: _Shown) -> frozenset[str] | None:
    """Return the editions that are new to the site; None if all of it is to be written."""
    kept = before.editions.items() <= after.editions.items()
    same = (before.made_of, before.pages) == (after.made_of, after.pages)
    if not (kept and same):
        return None
    return frozenset(after.editions.keys() - before.editions.keys())


def _put_again_if_damaged(
    put: Callable[..., None], renewal: Renewal, fresh: frozenset[str] | None
) -> frozenset[str] | None:
    """Write what `fresh` editions change, all where the search cannot be added to; return which."""
    try:
        put(fresh=fresh)
    except DamagedIndexError:
        renewal.clear()
        put(fresh=None)
        return None
    return fresh


def _put(
    site: Site,
    store: Store,
    renewal: Renewal,
    editions: Sequence[ToldEdition],
    *,
    but: Collection[str],
    fresh: frozenset[str] | None,
    progress: Progress,
) -> None:
    """Write the pages that fresh editions change, None: all are fresh, beside their places.

    Pages named in `but` are passed over where others stand in their places.
    """
    from briefing.store.briefs import brief_from_json

    def text_of(key: str) -> str:
        text = store.brief_text(key)
        if text is None:
            raise StoreError(f"there is no edition {key}")
        return text

    @lru_cache(maxsize=_AT_HAND)
    def brief_of(key: str) -> Brief:
        return brief_from_json(text_of(key))

    catalogue = Catalogue(store, editions, fresh)
    made, awaited = 0, {f"editions/{one.key}.md" for one in catalogue.fresh}
    for name, page in site_pages(site, catalogue, brief_of, renewal.unchanged):
        if name not in but or renewal.is_free(name, page):
            renewal.put(name, page)
        if name in awaited:
            made += 1
            progress("site", made, len(awaited))
    for one in catalogue.fresh:
        renewal.put(f"editions/{one.key}.json", text_of(one.key))


def _finished(renewal: Renewal, pages: Listing, after: _Shown, *, whole: bool) -> Built:
    """Let the pages take their places, and remember them beside those that are listed.

    What is remembered meanwhile fits nothing, so that after a crash all is written again, and knows
    all files as ours.
    """
    own = Listing.of(renewal.names) if whole else pages.with_names(renewal.names)
    gone = _removable(set(pages) - renewal.names.keys()) if whole else ()
    renewal.note(_written(_Shown("", {}, 0)))
    renewal.enlist(own.with_names(gone))
    written = renewal.finish(gone)
    if gone:
        renewal.enlist(own)
    renewal.note(_written(replace(after, pages=len(own))))
    return Built(len(own), written, gone)


def _removable(names: Collection[str]) -> tuple[str, ...]:
    """Return pages that are no more; none if what is remembered cannot be ours."""
    try:
        check_names(names)
    except DeliveryError:
        return ()
    return tuple(sorted(names))


def _remembered(renewal: Renewal) -> _Shown:
    """Return what is remembered of the site; what fits nothing where that cannot be read."""
    try:
        known = json.loads(renewal.noted() or "")
        editions = {str(key): str(value) for key, value in known["editions"].items()}
        return _Shown(str(known["made_of"]), editions, known["pages"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return _Shown("", {}, 0)


def _written(shown: _Shown) -> str:
    return json.dumps(asdict(shown), separators=(",", ":"), sort_keys=True) + "\n"


_MADE_WITH: Final = ("babel", "jinja2", "markupsafe", "pystemmer", "stopwordsiso")
"""Packages another version of which may give other pages, or find other words."""


def _made_of(site: Site) -> str:
    """Return a hash of the program, the templates and the settings that pages are made of."""
    versions = [__version__, *map(version, _MADE_WITH)]
    found = sha256(repr((versions, replace(site, templates=None))).encode())
    package = Path(__file__).parent
    for root in (
        *(package / name for name in _MAKING),
        resource("templates"),
        *([site.templates] if site.templates else []),
    ):
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix != ".pyc":
                found.update(f"{path.relative_to(root)}\0".encode())
                found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()
