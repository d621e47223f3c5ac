"""Published editions → a static site."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.deliver import Folder
from briefing.errors import StoreError
from briefing.model import Brief
from briefing.render.catalogue import Catalogue
from briefing.render.site import Site, site_pages
from briefing.render.syndicate import places
from briefing.settings import Settings

if TYPE_CHECKING:
    from briefing.store import Store

_AT_HAND = 64
"""Briefs that are kept in memory: most stories end within so many days."""


def build_site(
    settings: Settings,
    store: Store,
    folder: Path,
    *,
    base: str | None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Path, ...]:
    """Write the site of all published editions; return its pages.

    Pages that are as they were are not touched, and none takes its place before all could be
    written.

    Args:
        settings: title, language, zone and templates are used.
        store: holds the editions.
        folder: where the site goes.
        base: the address that it will stand below; without it there are no feeds.
        progress: is called with “site”, the pages that are made, and how many there will be.

    Raises:
        StoreError: no edition is published, or the store cannot be read.
        DeliveryError: a template is broken, or a page cannot be written.
    """
    from briefing.store.briefs import brief_to_json

    @lru_cache(maxsize=_AT_HAND)
    def brief_of(key: str) -> Brief:
        kept = store.edition(key)
        if kept is None:
            raise StoreError(f"there is no edition {key}")
        return kept.brief

    keys = [row.key for row in reversed(store.editions()) if row.frozen]
    if not keys:
        raise StoreError("no edition is published yet: briefing publish")
    catalogue = Catalogue()
    for key in keys:
        catalogue.add(brief_of(key))
    site = Site(
        settings.title,
        settings.language,
        settings.zone,
        base,
        settings.output.templates,
        settings.cards,
    )
    pages: dict[str, str] = {}
    awaited, made = set(places(catalogue)), 0
    for name, page in site_pages(site, catalogue, brief_of):
        pages[name] = page
        if progress and name in awaited:
            made += 1
            progress("site", made, len(awaited))
    for key in keys:
        pages[f"editions/{key}.json"] = brief_to_json(brief_of(key)).decode()
    return tuple(Folder(folder).send(pages))
