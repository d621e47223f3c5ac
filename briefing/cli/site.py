"""site: the published editions as a static site."""

from __future__ import annotations

from pathlib import Path

import click

from briefing.cli.printing import progress, say, say_json
from briefing.cli.wiring import Wiring, as_json, wired


@click.command()
@wired()
@click.option("--target", type=click.Path(path_type=Path), help="Another folder.")
@click.option("--base", help="The address that the site will stand below.")
@click.option("--all", "whole", is_flag=True, help="Write all pages again.")
@as_json
def site(
    given: Wiring, *, target: Path | None, base: str | None, whole: bool, as_json: bool
) -> None:
    """Write all published editions as a static site, with archive, topics and stories."""
    from briefing.settings import with_site
    from briefing.site import build_site

    settings = with_site(given.settings, folder=target, base=base)
    with given.store(create=False) as store, progress() as told:
        built = build_site(
            settings,
            store,
            settings.site.folder,
            base=settings.site.base,
            whole=whole,
            progress=told,
        )
    if as_json:
        say_json(
            {
                "folder": str(settings.site.folder),
                "pages": built.pages,
                "written": len(built.written),
                "removed": len(built.removed),
            }
        )
        return
    say(f"{settings.site.folder}: {built.pages} pages, {len(built.written)} written")
    if settings.site.base is None:
        say("No feeds: site.base is not set.", err=True)
