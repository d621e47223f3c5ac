"""Figures → geometry: where the marks of a picture stand, in whole units. Pure.

Pictures are read without colour: bars by their height, outlined or filled, squares by their area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final

TALL: Final = 40
"""Units from the base line to the top of a picture of bars."""

STEP: Final = 10
"""Units from one bar to the next."""

SIDE: Final = 16
"""Units of the side of the largest square."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; x to the right and y downwards, from the upper left corner of the picture."""

    x: int
    y: int
    width: int
    height: int


def bars(values: Sequence[int], *, most: int, gap: int = 1) -> list[Box]:
    """Return a bar for each value that is not 0, on a base line at `TALL`, in steps of `STEP`.

    Args:
        values: none is negative.
        most: the value of a bar that reaches the top; no value is more.
        gap: units that are free on both sides of a bar.
    """
    found = []
    for at, value in enumerate(values):
        if value:
            height = max(1, TALL * value // most)
            width = STEP - 2 * gap
            found.append(Box(at * STEP + gap, TALL - height, width, height))
    return found


def square(value: int, *, most: int) -> Box | None:
    """Return a square in the middle of one of `SIDE`, its area as `value` to `most`; None for 0."""
    if not value:
        return None
    side = max(2, isqrt(SIDE * SIDE * value // most) // 2 * 2)
    place = (SIDE - side) // 2
    return Box(place, place, side, side)


def path(boxes: Sequence[Box]) -> str:
    """Return the outline of boxes as the data of an SVG path."""
    return "".join(
        f"M{one.x} {one.y}h{one.width}v{one.height}h-{one.width}z" for one in boxes
    )
