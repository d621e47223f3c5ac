"""What earlier editions showed, for those that are compared with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import or_, select

from briefing.model import Correction, EarlierBrief, schedule_of
from briefing.store.briefs import NO_CORRECTIONS, corrections_from_json, shown_from_json
from briefing.store.claims import claiming
from briefing.store.database import Group, chunks
from briefing.store.records import Claims
from briefing.store.schema import edition_articles, editions


class Shown(Group):
    """What editions showed."""

    def shown(self, keys: Iterable[str]) -> tuple[EarlierBrief, ...]:
        """Return what some editions of one schedule showed, the oldest first."""
        chosen = select(editions.c.brief).where(editions.c.key.in_(sorted(keys)))
        with self._database.reading() as connection:
            texts = connection.scalars(chosen.order_by(editions.c.key)).all()
        return tuple(map(shown_from_json, texts))

    def shown_since(
        self,
        edition: str,
        *,
        since: date,
        stories: Iterable[str],
        most: int,
        claims: Claims = "pages",
    ) -> tuple[EarlierBrief, ...]:
        """Return what earlier editions showed since a date, or with one of `stories`.

        Those of editions of its schedule that claim their articles; the newest `most`, the oldest first.
        """
        told = edition_articles.c
        with self._database.reading() as connection:
            keys = {
                key
                for some in chunks(sorted(set(stories)))
                for key in connection.scalars(
                    select(told.edition).where(told.story.in_(some)).distinct()
                )
            }
            chosen = (
                select(editions.c.key)
                .where(
                    editions.c.key < edition,
                    claiming(claims, editions.c.key, schedule_of(edition)),
                    or_(editions.c.date >= since, editions.c.key.in_(sorted(keys))),
                )
                .order_by(editions.c.key.desc())
                .limit(most)
            )
            newest = connection.scalars(chosen).all()
        return self.shown(newest)

    def corrections_between(self, first: str, last: str) -> tuple[Correction, ...]:
        """Return what was corrected after `first` and before `last`, the oldest edition first.

        By editions of the schedule of `last`, whose key it is, as `first` is.
        """
        chosen = select(editions.c.brief).where(
            editions.c.schedule == schedule_of(last),
            editions.c.key > first,
            editions.c.key < last,
            ~editions.c.brief.contains(NO_CORRECTIONS, autoescape=True),
        )
        ordered = chosen.order_by(editions.c.key).execution_options(yield_per=_AT_ONCE)
        found: list[Correction] = []
        with self._database.reading() as connection:
            for text in connection.scalars(ordered):
                found += corrections_from_json(text)
        return tuple(found)


_AT_ONCE: Final = 20
"""Briefs that are held at once, of 100 kB or so each."""
