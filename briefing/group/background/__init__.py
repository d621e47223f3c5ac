"""How common terms are in news at large, whatever a collection happens to hold."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNTED: Final = Path(__file__).with_name("id.npz")
"""Counts of Indonesian news, made by ``python -m briefing.group.background``: ``terms``
(uint32, ascending, as in `briefing.group.profiles`), ``articles`` (uint16, how many have each)
and ``number`` (how many were counted)."""


def rates(terms: NDArray[Any]) -> NDArray[Any]:
    """Return the share of articles at large that have each of `terms`, from 0 to 1.

    0 for terms that were not counted: names, and the words of languages nobody has counted.
    """
    import numpy as np

    counted, shares = _counted()
    places = np.minimum(np.searchsorted(counted, terms), len(counted) - 1)
    return np.where(counted[places] == terms, shares[places], 0.0)


@cache
def _counted() -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    with np.load(COUNTED) as kept:
        return kept["terms"], kept["articles"] / int(kept["number"])
