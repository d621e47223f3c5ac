"""show, and which edition is meant."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from briefing.cli.printing import plain, say, say_json, say_page
from briefing.cli.wiring import Wiring, as_json, edition_key, wired

if TYPE_CHECKING:
    from briefing.store import Edition, Store

edition_argument = click.argument(
    "edition", type=edition_key, metavar="[EDITION]", required=False
)


@click.command()
@wired(reads=True)
@edition_argument
@click.option(
    "--format",
    "page",
    type=click.Choice(["text", "md", "html", "json"]),
    help="As it is to be read on a terminal, or as a file; text there, md elsewhere.",
)
@click.option(
    "--list", "listing", is_flag=True, help="List the editions that are kept."
)
@as_json
def show(
    given: Wiring,
    *,
    edition: str | None,
    page: str | None,
    listing: bool,
    as_json: bool,
) -> None:
    """Print an edition; the latest if none is given."""
    with given.store(create=False) as store:
        if listing:
            _list_editions(store, as_json=as_json)
            return
        kept = edition_of(store, edition)
    if as_json or page == "json":
        say_json(plain(kept.brief))
        return
    from briefing.deliver import Stream
    from briefing.render import render

    page = page or ("text" if sys.stdout.isatty() else "md")
    pages = render(kept.brief, templates=given.settings.output.templates)
    if page == "text":
        say_page(pages[f"{kept.brief.key}.md"], sys.stdout)
        return
    name = f"{kept.brief.key}.{page}"
    Stream(sys.stdout).send({name: pages[name]})


def edition_of(store: Store, wanted: str | None) -> Edition:
    """Return an edition, the latest if none is given.

    A date stands for the only edition of that date, if none has it as its key.

    Raises:
        StoreError: there is none, or there are several.
    """
    from briefing.errors import StoreError

    if wanted is None:
        kept = store.latest_edition()
    else:
        kept = store.edition(wanted) or _only_of(store, wanted)
    if kept is None:
        name = f"edition {wanted}" if wanted else "edition yet"
        raise StoreError(f"there is no {name}; `briefing build` makes one")
    return kept


def _only_of(store: Store, day: str) -> Edition | None:
    """Return the only edition of a date, None if there is none.

    Raises:
        StoreError: there are several; the message names them.
    """
    from briefing.errors import StoreError

    keys = sorted(one.key for one in store.editions() if str(one.date) == day)
    if len(keys) > 1:
        raise StoreError(f"several editions are of {day}: {', '.join(keys)}")
    return store.edition(keys[0]) if keys else None


def _list_editions(store: Store, *, as_json: bool) -> None:
    for one in store.editions():
        if as_json:
            say_json(plain(one))
        else:
            say(
                f"{one.key}  {one.articles:5} articles  {'frozen' if one.frozen else 'draft'}"
            )
