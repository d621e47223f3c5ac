"""What a site lists, and which of it has to be written again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Final

from briefing.model import (
    Brief,
    ToldEdition,
    ToldMonth,
    ToldStory,
    date_of,
    schedule_of,
)
from briefing.ports import Lists
from briefing.render.layout import story_view
from briefing.render.links import anchor
from briefing.render.reports import named
from briefing.render.shown import Item, StoryView
from briefing.text import slug_of

RECENT: Final = 30
"""Editions on the page of a topic, an outlet or a name; where it has more, all stand by month."""

LISTED: Final = 300
"""Names in the list of those that most stories have; the others are found from stories."""

_AT_HAND: Final = 8_192
"""Tellings that are kept in memory: each stands on a topic's shelves and its outlets'."""
_MONTHS: Final = 256
"""Months of shelves that are kept: each stands on its own page and among the newest."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as an edition told it.

    Attributes:
        edition: key of the edition.
        story: the story's id.
        anchor: its place on the edition's page.
        item: the leading report, named.
        outlets: slug → how that outlet reported.
        full: told in full, not in one line.
    """

    edition: str
    story: str
    anchor: str
    item: Item
    outlets: Mapping[str, Item]
    full: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands under one topic, outlet or name.

    Attributes:
        kind: ``topics``, ``outlets`` or ``names``.
        slug: its name in addresses, the same for ever.
        months: month (``2024-12``) → what it had then; the oldest month first.
    """

    kind: str
    slug: str
    months: Mapping[str, ToldMonth]

    @property
    def title(self) -> str:
        """Its newest heading."""
        return list(self.months.values())[-1].title

    @property
    def years(self) -> list[int]:
        """Its years, the newest first."""
        return sorted({int(month[:4]) for month in self.months}, reverse=True)


@dataclass(frozen=True, slots=True)
class Label:
    """What is written on a shelf.

    Attributes:
        slug: its name in addresses.
        title: its newest heading.
        stories: how many different ones it has.
    """

    slug: str
    title: str
    stories: int


class Catalogue:
    """All that a site lists.

    `fresh` are the keys of the editions that the site does not show yet. What they change is all
    that has to be written: the methods that say so are called `fresh_…`, and whoever adds a kind
    of page lists by them what it is made for.

    Attributes:
        editions: all, in the order of time.
        fresh: those of them that are new to the site, in the same order.
        whole: all are.
    """

    def __init__(
        self,
        lists: Lists,
        editions: Iterable[ToldEdition],
        fresh: AbstractSet[str] | None = None,
    ) -> None:
        """List `editions`, the oldest first, as `lists` has them; `fresh` None: all are new."""
        self._lists = lists
        self.editions = tuple(editions)
        self.whole = fresh is None
        self.fresh = tuple(
            one for one in self.editions if fresh is None or one.key in fresh
        )
        self._labels: dict[str, tuple[Label, ...]] = {}
        self._views: dict[tuple[str, int], Telling] = {}
        self._stand: dict[str, AbstractSet[tuple[str, str, str]]] = {}
        self._days: dict[tuple[str, str, str], list[list[Telling]]] = {}

    @cached_property
    def fresh_stories(self) -> Mapping[str, Sequence[str]]:
        """Stories whose page fresh editions change: id → the editions that tell it, in their order.

        Those are the stories that fresh editions tell, and those that lead to a name's first page.
        """
        if self.whole:
            return self._lists.told_stories()
        told = self._lists.stories_of(one.key for one in self.fresh)
        leading = self._lists.shelved("names", self._new_names)
        return self._lists.told_stories(told | leading)

    @cached_property
    def names(self) -> Mapping[str, int]:
        """Names that have a page: slug → number of stories, at least two, those of most first."""
        return self._lists.shared("names")

    @cached_property
    def _new_names(self) -> AbstractSet[str]:
        """Names that have a page at most since the fresh editions: one other story names them."""
        if self.whole:
            return self.names.keys()
        stories: defaultdict[str, set[str]] = defaultdict(set)
        for slug, _, story in self._on_fresh("names"):
            stories[slug].add(story)
        return {
            slug
            for slug, told in stories.items()
            if slug in self.names and self.names[slug] - len(told) <= 1
        }

    @cached_property
    def keys(self) -> AbstractSet[str]:
        """The keys of all editions."""
        return {one.key for one in self.editions}

    @cached_property
    def ordered(self) -> bool:
        """Whether the fresh editions are the newest, so that they only add to the others."""
        return self.whole or self.editions[-len(self.fresh) :] == self.fresh

    def around(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Yield the editions whose page is new or has a new neighbour, with both neighbours.

        Those are all where a fresh one is older than another: any later one may lead to it.
        """
        fresh = {one.key for one in self.fresh}
        for keys in self._by_schedule().values():
            for before, key, after in zip(
                [None, *keys], keys, [*keys[1:], None], strict=False
            ):
                if not self.ordered or not fresh.isdisjoint((before, key, after)):
                    yield key, before, after

    def years(self) -> list[tuple[int, list[ToldEdition]]]:
        """Return each year with its editions, in the order of time."""
        return [
            (year, list(some))
            for year, some in groupby(self.editions, lambda one: one.date.year)
        ]

    def first_told(self, month: str) -> Sequence[str]:
        """Return the ids of the stories that began in a month."""
        return self._lists.first_told(month)

    def labels(self, kind: str) -> Sequence[Label]:
        """Return those of all shelves that are listed, by slug; of names those of most stories."""
        if kind not in self._labels:
            slugs = list(self.names)[:LISTED] if kind == "names" else None
            found = self._lists.labels(kind, slugs)
            self._labels[kind] = tuple(Label(*one) for one in found)
        return self._labels[kind]

    def fresh_shelves(self, kind: str) -> Iterator[tuple[Shelf, Sequence[str]]]:
        """Yield the shelves that fresh editions change, with the months that they change.

        These are no months where a shelf has not more than `RECENT` editions, and all of them as
        soon as it has.
        """
        months: defaultdict[str, set[str]] = defaultdict(set)
        if not self.whole:
            month = {one.key: month_of(one) for one in self.fresh}
            for slug, edition, _ in self._on_fresh(kind):
                months[slug].add(month[edition])
        slugs: AbstractSet[str] | None = None if self.whole else months.keys()
        if kind == "names":
            slugs = self.names.keys() if slugs is None else slugs & self.names.keys()
        for shelf in self._found(kind, slugs):
            yield shelf, self._parts(shelf, sorted(months[shelf.slug]))

    def _parts(self, shelf: Shelf, months: Sequence[str]) -> Sequence[str]:
        """Return the months of a shelf that have to be written; editions came in some of them."""
        new = self.whole or (shelf.kind == "names" and shelf.slug in self._new_names)
        fresh = set() if new else {one.key for one in self.fresh}
        newest = self.newest_on_shelf(shelf, RECENT + 1 + len(fresh))
        if len(newest) <= RECENT:
            return ()
        before = sum(one[0].edition not in fresh for one in newest)
        return list(shelf.months) if new or before <= RECENT else months

    def _found(self, kind: str, slugs: Iterable[str] | None) -> tuple[Shelf, ...]:
        return tuple(Shelf(kind, *one) for one in self._lists.shelves(kind, slugs))

    def _on_fresh(self, kind: str) -> AbstractSet[tuple[str, str, str]]:
        if kind not in self._stand:
            keys = [one.key for one in self.fresh]
            self._stand[kind] = self._lists.shelved_in(kind, keys)
        return self._stand[kind]

    def stories_by_day(
        self, kind: str, first: date
    ) -> Mapping[str, Mapping[date, AbstractSet[str]]]:
        """Return slug → day → stories of all shelves of a kind that have some from a day on."""
        day = {one.key: one.date for one in self.editions if one.date >= first}
        found: dict[str, dict[date, set[str]]] = {}
        for slug, edition, story in self._lists.shelved_in(kind, day):
            found.setdefault(slug, {}).setdefault(day[edition], set()).add(story)
        return found

    def on_shelf(self, shelf: Shelf, month: str) -> list[list[Telling]]:
        """Return what stands on a shelf in a month, by edition, the newest first."""
        return self._on_shelf(shelf, [month])

    def _on_shelf(self, shelf: Shelf, months: Sequence[str]) -> list[list[Telling]]:
        """Return what stands on a shelf in some months, by edition, the newest first."""
        known = [(shelf.kind, shelf.slug, month) for month in months]
        if not self._days.keys() >= set(known):
            if len(self._days) >= _MONTHS:
                self._days.clear()
            self._days |= {each: [] for each in known}
            told = self._lists.on_shelf(shelf.kind, shelf.slug, months)
            for key, some in groupby(map(self._view, told), lambda one: one.edition):
                month = f"{date_of(key):%Y-%m}"
                self._days[shelf.kind, shelf.slug, month].insert(0, list(some))
        return [day for each in known for day in self._days[each]]

    def newest_on_shelf(self, shelf: Shelf, editions: int) -> list[list[Telling]]:
        """Return what the newest editions have on a shelf, the newest first."""
        found: list[list[Telling]] = []
        waiting = list(shelf.months)
        while waiting and len(found) < editions:
            months, stories = list[str](), 0
            # As many months at a time as would do if each story were of an edition of its own.
            while waiting and stories < editions - len(found):
                months.append(waiting.pop())
                stories += shelf.months[months[-1]].stories
            found += self._on_shelf(shelf, months)
        return found[:editions]

    def newest(self, shelf: Shelf) -> tuple[list[list[Telling]], bool]:
        """Return what the `RECENT` newest editions have on a shelf, and whether others have more."""
        found = self.newest_on_shelf(shelf, RECENT + 1)
        return found[:RECENT], len(found) > RECENT

    def on_shelf_by_day(
        self, shelf: Shelf, first: date
    ) -> Mapping[date, AbstractSet[str]]:
        """Return day → ids of the stories on a shelf, at least from a day on."""
        found: dict[date, set[str]] = {}
        for month in shelf.months:
            for told in (
                self.on_shelf(shelf, month) if month >= f"{first:%Y-%m}" else ()
            ):
                stories = {one.story for one in told}
                found.setdefault(date_of(told[0].edition), set()).update(stories)
        return found

    def _view(self, told: ToldStory) -> Telling:
        known = (told.edition, told.place)
        if known not in self._views:
            if len(self._views) >= _AT_HAND:
                self._views.clear()
            self._views[known] = _telling(told)
        return self._views[known]

    def _by_schedule(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.editions:
            found.setdefault(schedule_of(one.key), []).append(one.key)
        return found


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one edition told of a story."""

    edition: str
    view: StoryView


def month_of(edition: ToldEdition) -> str:
    """Return the month of an edition: ``2024-12``."""
    return f"{edition.date:%Y-%m}"


def chapters(briefs: Sequence[Brief], story: str) -> Iterator[Chapter]:
    """Yield what each of some editions told of a story."""
    for brief in briefs:
        for section in brief.sections:
            for one in (*section.stories, *section.noted):
                if one.id == story:
                    yield Chapter(brief.key, story_view(one))


def _telling(told: ToldStory) -> Telling:
    outlets: dict[str, Item] = {}
    for item in map(named, told.reports):
        outlets.setdefault(slug_of(item.outlet), item)
    return Telling(
        told.edition,
        told.id,
        anchor("story", told.id),
        named(told.lead),
        outlets,
        told.full,
    )
