"""What lists show: made of the published editions, and made again where it no longer fits them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import delete, func, select

from briefing.model import Brief, ToldEdition, ToldMonth, ToldStory
from briefing.store.briefs import brief_from_json
from briefing.store.database import Group, chunks, in_pieces
from briefing.store.schema import editions, shelved, shelves, told_editions
from briefing.store.schema import told_stories as stories
from briefing.store.telling import SAME_STORY, recipe, tell, told_from

_AT_ONCE: Final = 100
"""Editions that are listed in one transaction."""

_TABLES: Final = (told_editions, stories, shelves, shelved)


class Told(Group):
    """What lists show of published editions."""

    def tell_published(self) -> None:
        """Bring the lists up to date with the published editions."""
        kept = select(editions.c.key, editions.c.sha256).where(editions.c.frozen)
        with self._database.reading() as connection:
            found = {row.key: row.sha256 for row in connection.execute(kept)}
            listed = connection.execute(
                select(
                    told_editions.c.edition,
                    told_editions.c.sha256,
                    told_editions.c.recipe,
                )
            )
            known = {row.edition: (row.sha256, row.recipe) for row in listed}
        if any(known[key] != (found.get(key), recipe()) for key in known):
            self._forget()
            known = {}
        for some in chunks(sorted(found.keys() - known), _AT_ONCE):
            chosen = select(editions.c.brief).where(editions.c.key.in_(some))
            with self._database.reading() as connection:
                briefs = [
                    brief_from_json(text)
                    for text in connection.scalars(chosen.order_by(editions.c.key))
                ]
            self.tell({one.key: found[one.key] for one in briefs}, briefs)

    def tell(self, hashes: Mapping[str, str], briefs: Sequence[Brief]) -> None:
        """List those of some editions that are not listed yet; `hashes` are those of the briefs."""
        with self._database.writing() as connection:
            # Another program may have listed some meanwhile.
            listed = set(connection.scalars(select(told_editions.c.edition)))
            for brief in briefs:
                if brief.key not in listed:
                    tell(connection, brief, hashes[brief.key])

    def told(self) -> tuple[ToldEdition, ...]:
        """Return the listed editions in the order of all schedules, the oldest first."""
        columns = told_editions.c
        chosen = select(
            columns.edition,
            columns.date,
            columns.sha256,
            columns.stories,
        ).order_by(*_ORDER)
        with self._database.reading() as connection:
            return tuple(ToldEdition(*row) for row in connection.execute(chosen))

    def stories_of(self, keys: Iterable[str]) -> frozenset[str]:
        """Return the ids of the stories that some editions tell."""
        chosen = select(stories.c.story)
        with self._database.reading() as connection:
            return frozenset(
                story
                for asked in in_pieces(chosen, stories.c.edition, keys)
                for story in connection.scalars(asked)
            )

    def told_stories(
        self, wanted: Iterable[str] | None = None
    ) -> dict[str, tuple[str, ...]]:
        """Return id → the editions that tell it, the oldest first, of some stories, None: of all."""
        chosen = (
            select(stories.c.story, stories.c.edition)
            .join(told_editions, told_editions.c.edition == stories.c.edition)
            .order_by(*_ORDER, stories.c.place)
        )
        found: dict[str, dict[str, None]] = {}
        with self._database.reading() as connection:
            for asked in in_pieces(chosen, stories.c.story, wanted):
                for story, edition in connection.execute(asked):
                    found.setdefault(story, {})[edition] = None
        return {story: tuple(told) for story, told in found.items()}

    def first_told(self, month: str) -> tuple[str, ...]:
        """Return the ids of the stories that an edition of a month was the first to tell."""
        here = select(stories.c.story).where(stories.c.month == month)
        first = (
            select(stories.c.story)
            .where(stories.c.story.in_(here))
            .group_by(stories.c.story)
            .having(func.min(stories.c.month) == month)
            .order_by(stories.c.story)
        )
        with self._database.reading() as connection:
            return tuple(connection.scalars(first))

    def shelves(
        self, kind: str, slugs: Iterable[str] | None = None
    ) -> tuple[tuple[str, dict[str, ToldMonth]], ...]:
        """Return slug and months of some shelves of a kind, None: of all, by slug."""
        columns = shelves.c
        chosen = (
            select(
                columns.slug,
                columns.month,
                columns.title,
                columns.stories,
                columns.begun,
            )
            .where(columns.kind == kind)
            .order_by(columns.slug, columns.month)
        )
        found: dict[str, dict[str, ToldMonth]] = {}
        with self._database.reading() as connection:
            for asked in in_pieces(chosen, columns.slug, slugs):
                for slug, month, *told in connection.execute(asked):
                    found.setdefault(slug, {})[month] = ToldMonth(*told)
        return tuple(found.items())

    def labels(
        self, kind: str, slugs: Iterable[str] | None = None
    ) -> tuple[tuple[str, str, int], ...]:
        """Return slug, newest title and number of stories of some shelves, None: of all, by slug."""
        columns, others = shelves.c, shelves.alias().c
        newest = (
            select(others.title)
            .where(others.kind == columns.kind, others.slug == columns.slug)
            .order_by(others.month.desc())
            .limit(1)
            .scalar_subquery()
        )
        chosen = (
            select(columns.slug, newest, func.sum(columns.begun))
            .where(columns.kind == kind)
            .group_by(columns.kind, columns.slug)
            .order_by(columns.slug)
        )
        with self._database.reading() as connection:
            return tuple(
                (slug, title, int(number))
                for asked in in_pieces(chosen, columns.slug, slugs)
                for slug, title, number in connection.execute(asked)
            )

    def shared(self, kind: str) -> dict[str, int]:
        """Return slug → number of stories of the shelves with several, those of most first."""
        count = func.sum(shelves.c.begun)
        chosen = (
            select(shelves.c.slug, count)
            .where(shelves.c.kind == kind)
            .group_by(shelves.c.slug)
            .having(count > 1)
            .order_by(count.desc(), shelves.c.slug)
        )
        with self._database.reading() as connection:
            return {slug: int(number) for slug, number in connection.execute(chosen)}

    def shelved_in(
        self, kind: str, keys: Iterable[str]
    ) -> frozenset[tuple[str, str, str]]:
        """Return slug, edition and story of what some editions have on shelves of a kind."""
        # An expression is in no index: by that of the kind SQLite would read all of it.
        chosen = (
            select(shelved.c.slug, shelved.c.edition, stories.c.story)
            .join(stories, SAME_STORY)
            .where(shelved.c.kind.concat("") == kind)
        )
        with self._database.reading() as connection:
            return frozenset(
                (row.slug, row.edition, row.story)
                for asked in in_pieces(chosen, stories.c.edition, keys)
                for row in connection.execute(asked)
            )

    def shelved(self, kind: str, slugs: Iterable[str]) -> frozenset[str]:
        """Return the ids of the stories that stand on some shelves."""
        chosen = (
            select(stories.c.story)
            .join(shelved, SAME_STORY)
            .where(shelved.c.kind == kind)
            .distinct()
        )
        with self._database.reading() as connection:
            return frozenset(
                story
                for asked in in_pieces(chosen, shelved.c.slug, slugs)
                for story in connection.scalars(asked)
            )

    def on_shelf(
        self, kind: str, slug: str, months: Iterable[str]
    ) -> tuple[ToldStory, ...]:
        """Return the stories of some months on a shelf, in the order of editions and pages."""
        chosen = (
            select(stories.c.body)
            .join(shelved, SAME_STORY)
            .join(told_editions, told_editions.c.edition == stories.c.edition)
            .where(
                shelved.c.kind == kind,
                shelved.c.slug == slug,
                shelved.c.month.in_(months),
            )
            .order_by(*_ORDER, stories.c.place)
        )
        with self._database.reading() as connection:
            return tuple(map(told_from, connection.scalars(chosen)))

    def brief_text(self, edition: str) -> str | None:
        """Return a kept brief as JSON, as it was saved; None if there is none of that key."""
        chosen = select(editions.c.brief).where(editions.c.key == edition)
        with self._database.reading() as connection:
            return connection.scalar(chosen)

    def _forget(self) -> None:
        with self._database.writing() as connection:
            for table in _TABLES:
                connection.execute(delete(table))


_ORDER: Final = (told_editions.c.date, told_editions.c.until, told_editions.c.edition)
"""The order of editions of all schedules, which share no order of keys."""
