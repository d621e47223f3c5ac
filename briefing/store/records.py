"""What the store gives back that is no noun of the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from briefing.model import Brief, Day, SourceState

Claims = Literal["none", "pages", "frozen"]
"""Which other editions of the same schedule keep their articles for themselves: none; those whose pages
were written; those that are frozen."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A kept brief.

    Attributes:
        brief: the brief.
        frozen: published, so that it may not be replaced.
        sha256: SHA-256 of the brief's JSON as it was saved, 64 hexadecimal digits.
        altered: what is kept is not what was saved.
    """

    brief: Brief
    frozen: bool
    sha256: str
    altered: bool = False


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition in a list.

    Attributes:
        key: what it is known by.
        schedule: the name of its schedule, empty if it has none.
        date: its date, in its schedule's zone.
        frozen: as in `Edition`.
        until: end of its window, aware, UTC.
        articles: how many articles are in it.
    """

    key: str
    schedule: str
    date: Day
    frozen: bool
    until: datetime
    articles: int


@dataclass(frozen=True, slots=True)
class Health:
    """A source as it stands.

    Attributes:
        state: what is remembered of it.
        articles: how many of its articles are kept.
        new: how many of them the last visit that brought an answer brought.
    """

    state: SourceState
    articles: int
    new: int
