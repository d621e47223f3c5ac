"""What tells two reports of one form apart: their numerals, days and the names they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from briefing.group.profiles import Profile

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALIKE: Final = 0.6
"""Share of the numerals of one text, and of what its title is about, that a copy of it has
too. With .7 fewer copies with 5 words in a hundred changed are found than the .99 asked for.
Measured by ``pytest tests/quality/test_copies.py``."""

FEWEST: Final = 3
"""Numerals under which a text may agree with any other."""

SAME_DAY: Final = timedelta(hours=12)
"""Time after which an outlet does not publish its own text again, but the next of its kind."""


def same_event(part: Profile, whole: Profile, *, abridged: bool) -> bool:
    """Return whether what `part` says besides its wording agrees with `whole`.

    Daily reports of one outlet, bulletins on earthquakes, prices and weather share most of their
    words and are no copies.

    Args:
        part: the shorter of two texts that share their wording.
        whole: the longer.
        abridged: the shorter may leave out what the longer one's title is about.
    """
    return (
        not other_days(part, whole)
        and agree(part, whole)
        and _holds(whole, part.named)
        and (abridged or _holds(part, whole.named))
    )


def other_days(one: Profile, other: Profile) -> bool:
    """Return whether two texts name days, and none in common."""
    named = len(one.days) > 0 and len(other.days) > 0
    return named and _shared(one.days, other.days) == 0


def agree(one: Profile, other: Profile) -> bool:
    """Return whether the numerals of two texts are the same, or too few to tell."""
    least = min(len(one.numerals), len(other.numerals))
    return least < FEWEST or _shared(one.numerals, other.numerals) >= ALIKE * least


def _holds(said: Profile, named: NDArray[Any]) -> bool:
    known = {*said.terms.tolist(), *said.numerals.tolist()}
    return sum(one in known for one in named.tolist()) >= ALIKE * len(named)


def _shared(one: NDArray[Any], other: NDArray[Any]) -> int:
    """Return how many numbers are in both; in each they are few."""
    return len(set(one.tolist()).intersection(other.tolist()))
