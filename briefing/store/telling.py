"""What lists show of an edition, as rows: written by the first site that is built with it.

``told_editions`` and ``told_stories`` have a row for each edition and story, ``shelved`` says under
which topic, outlet and names a story stands, and ``shelves`` how these are headed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Row, insert, select

from briefing.model import OTHER, Brief, ToldStory, told_stories
from briefing.store.database import in_pieces, in_place
from briefing.store.schema import shelved, shelves, told_editions
from briefing.store.schema import told_stories as stories
from briefing.text import name_slug, slug_of

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_RECIPE: Final = "4"
"""Changes whenever rows are made in another way; those of another one are made again."""


@cache
def recipe() -> str:
    """Return what rows are made by: names of countries, one a page, are Babel's."""
    return f"{_RECIPE} babel={version('babel')}"


SAME_STORY: Final = (stories.c.edition == shelved.c.edition) & (
    stories.c.place == shelved.c.place
)
"""The row of a story, and those that say where it stands."""


def tell(connection: Connection, brief: Brief, sha256: str) -> None:
    """Write the rows of one edition."""
    told = tuple(told_stories(brief))
    edition = {
        "edition": brief.key,
        "recipe": recipe(),
        "sha256": sha256,
        "date": brief.date,
        "until": brief.window.until,
        "stories": sum(one.full for one in told),
    }
    connection.execute(insert(told_editions), edition)
    month = f"{brief.date:%Y-%m}"
    rows, stands = [], []
    headed: dict[_Shelf, dict[str, str]] = {}
    for one in told:
        where = {"edition": brief.key, "place": one.place, "month": month}
        body = _shape().dump_json(one, exclude_defaults=True).decode()
        rows.append({**where, "story": one.id, "body": body})
        for kind, slug, title in _stands(one):
            stands.append({**where, "kind": kind, "slug": slug})
            headed.setdefault((kind, slug), {})[one.id] = title
    if stands:
        _head(connection, brief, month, headed)
        connection.execute(insert(shelved), stands)
    if rows:
        connection.execute(insert(stories), rows)


_Shelf = tuple[str, str]
"""Kind and slug."""


def _head(
    connection: Connection,
    brief: Brief,
    month: str,
    headed: Mapping[_Shelf, Mapping[str, str]],
) -> None:
    """Count an edition's stories on their shelves; the newest edition of a month heads these.

    `headed` says for each shelf how each of its stories would have it headed.
    """
    known = _kept(connection, month, headed)
    told = {story for titles in headed.values() for story in titles}
    before = _months(connection, told)
    own = (brief.date, brief.window.until, brief.key)
    found = []
    for (kind, slug), titles in headed.items():
        title, by = list(titles.values())[-1], own
        old = known.get((kind, slug))
        if old and (old.date, old.until, old.edition) > own:
            title, by = old.title, (old.date, old.until, old.edition)
        months = [before.get((kind, slug, story), set()) for story in titles]
        found.append(
            {
                "kind": kind,
                "slug": slug,
                "month": month,
                "stories": sum(month not in one for one in months)
                + (old.stories if old else 0),
                "begun": sum(not one for one in months) + (old.begun if old else 0),
                "title": title,
                **dict(zip(("date", "until", "edition"), by, strict=True)),
            }
        )
    into = in_place(connection.dialect.name, shelves, "kind", "slug", "month")
    connection.execute(into, found)


def _kept(
    connection: Connection, month: str, wanted: Iterable[_Shelf]
) -> dict[_Shelf, Row[Any]]:
    """Return the rows that some shelves have for a month."""
    slugs: defaultdict[str, list[str]] = defaultdict(list)
    for kind, slug in wanted:
        slugs[kind].append(slug)
    here = select(shelves).where(shelves.c.month == month)
    return {
        (row.kind, row.slug): row
        for kind, some in slugs.items()
        for asked in in_pieces(here.where(shelves.c.kind == kind), shelves.c.slug, some)
        for row in connection.execute(asked)
    }


def _months(
    connection: Connection, told: Iterable[str]
) -> Mapping[tuple[str, str, str], AbstractSet[str]]:
    """Return kind and slug of a shelf and a story → the months in which it stands there."""
    columns = (shelved.c.kind, shelved.c.slug, stories.c.story, shelved.c.month)
    chosen = select(*columns).join(stories, SAME_STORY).distinct()
    found: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for asked in in_pieces(chosen, stories.c.story, told):
        for kind, slug, story, month in connection.execute(asked):
            found[kind, slug, story].add(month)
    return found


def _stands(told: ToldStory) -> Iterable[tuple[str, str, str]]:
    """Yield kind, slug and title of the shelves that a story stands on, each once."""
    slug, title = told.topic
    if slug != OTHER:
        yield "topics", slug, title
    names = [one.outlet or one.source for one in told.reports]
    for slug, name in {slug_of(name): name for name in reversed(names)}.items():
        yield "outlets", slug, name
    for slug, name in {name_slug(name): name for name in reversed(told.names)}.items():
        yield "names", slug, name


@cache
def _shape() -> TypeAdapter[ToldStory]:
    from pydantic import TypeAdapter

    return TypeAdapter(ToldStory)


def told_from(body: str) -> ToldStory:
    """Return the story of a row's body."""
    return _shape().validate_json(body)
