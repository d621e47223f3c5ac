"""What pictures of a site show: how much was told of what, when and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from briefing.model import date_of
from briefing.render import chart
from briefing.render.catalogue import Chapter
from briefing.render.chart import Box
from briefing.render.shown import Item

Told = Mapping[str, Mapping[date, Set[str]]]
"""Slug of a shelf → day → ids of the stories on it then, at least of the days of a picture."""

DAYS: Final = 30
"""Days of a picture, up to the newest edition's."""

ROWS: Final = 12
"""Outlets in the picture of who reports what, those with most stories."""

COLUMNS: Final = 6
"""Topics in it."""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Numbers by day.

    Attributes:
        days: without a gap, the oldest first.
        values: one for each day.
        most: to which the bars are drawn, at least the highest value.
        within: smaller numbers of the same days, drawn inside the others; () if there are none.
    """

    days: tuple[date, ...]
    values: tuple[int, ...]
    most: int
    within: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """How wide it is drawn, in units."""
        return len(self.days) * chart.STEP

    @property
    def outer(self) -> str:
        """The bars, as the data of an SVG path."""
        return chart.path(chart.bars(self.values, most=self.most))

    @property
    def inner(self) -> str:
        """The bars of the smaller numbers, likewise."""
        return chart.path(chart.bars(self.within, most=self.most, gap=3))


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and its square, None for 0."""

    value: int
    square: Box | None


@dataclass(frozen=True, slots=True)
class Crosstab:
    """How many stories each outlet has under each topic, `DAYS` up to a day.

    Attributes:
        first: the first day.
        last: the last one.
        topics: slugs of the columns, that of most stories first.
        rows: slugs of outlets with their cells, likewise.
    """

    first: date
    last: date
    topics: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def first_day(last: date) -> date:
    """Return the first day of a picture that ends with `last`."""
    return last - timedelta(days=DAYS - 1)


def coverage(told: Told, last: date) -> dict[str, DayCounts]:
    """Return how many stories each shelf has on each of the days up to `last`, by slug.

    All are drawn to one measure; those that have none then are left out.
    """
    days = tuple(last - timedelta(days=back) for back in reversed(range(DAYS)))
    counts: dict[str, tuple[int, ...]] = {}
    for slug, stories in told.items():
        values = tuple(len(stories.get(day, ())) for day in days)
        if any(values):
            counts[slug] = values
    most = max((max(values) for values in counts.values()), default=1)
    return {slug: DayCounts(days, values, most) for slug, values in counts.items()}


def course(told: Sequence[Chapter]) -> DayCounts | None:
    """Return how many articles and outlets a story has each day; None if it has one day only."""
    articles: dict[date, int] = {}
    outlets: dict[date, int] = {}
    for one in told:
        day, view = date_of(one.edition), one.view
        count = sum(map(_articles, (view.lead, *view.further)))
        articles[day] = max(count, articles.get(day, 0))
        outlets[day] = max(view.outlets, outlets.get(day, 0))
    first, last = min(articles), max(articles)
    if first == last:
        return None
    days = tuple(first + timedelta(days=on) for on in range((last - first).days + 1))
    return DayCounts(
        days,
        tuple(articles.get(day, 0) for day in days),
        max(articles.values()),
        tuple(outlets.get(day, 0) for day in days),
    )


def reporting(topics: Told, outlets: Told, last: date) -> Crosstab | None:
    """Return who reports what in the days up to `last`; None where nobody reports anything."""
    columns = _most(topics, last, COLUMNS)
    rows = [
        (outlet, [len(has & under) for _, under in columns])
        for outlet, has in _most(outlets, last, ROWS)
    ]
    most = max((max(values, default=0) for _, values in rows), default=0)
    if not most:
        return None
    drawn = tuple(
        (outlet, tuple(Cell(one, chart.square(one, most=most)) for one in values))
        for outlet, values in rows
        if any(values)
    )
    return Crosstab(first_day(last), last, tuple(slug for slug, _ in columns), drawn)


def _most(told: Told, last: date, limit: int) -> list[tuple[str, set[str]]]:
    """Return the shelves with most stories in the days up to `last`, and these."""
    first = first_day(last)
    found = [
        (slug, set[str]().union(*(has for day, has in days.items() if day >= first)))
        for slug, days in told.items()
    ]
    found.sort(key=lambda one: (-len(one[1]), one[0]))
    return found[:limit]


def _articles(item: Item) -> int:
    return 1 + len(item.copies)
