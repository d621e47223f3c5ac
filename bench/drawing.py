"""Figures as lines in a drawing (SVG), both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

COLOURS = ("#0b5394", "#38761d", "#b45f06", "#888888")
LEFT, TOP, WIDTH, HEIGHT = 70, 20, 520, 320


def drawn(
    title: str,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    *,
    across: str,
    marks: Sequence[int],
    powers: range,
    dashed: str = "",
) -> str:
    """Return a drawing of `lines`, points each, named at their ends.

    Args:
        title: what a reader hears who does not see it.
        lines: name → points: a number of things, seconds.
        across: what the numbers count.
        marks: numbers that are marked, ascending.
        powers: of ten, of the seconds that are marked.
        dashed: a line that is drawn so.
    """
    scale = _Scale(marks[0], marks[-1], powers)
    parts = [_axes(scale, marks, powers, across)]
    for colour, (name, points) in zip(COLOURS, lines.items(), strict=False):
        path = " ".join(f"{scale.x(n):.1f},{scale.y(each):.1f}" for n, each in points)
        dash = ' stroke-dasharray="5 4"' if name == dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
            f'<text x="{LEFT + WIDTH + 8}" y="{scale.y(points[-1][1]) + 4:.1f}" fill="{colour}">{name}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 100} {TOP + HEIGHT + 50}"'
        f' font-family="sans-serif" font-size="12">\n<title>{title}</title>\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


class _Scale:
    """Where numbers and seconds are drawn."""

    def __init__(self, first: float, last: float, powers: range) -> None:
        self._first, self._across = first, math.log(last / first)
        self._top, self._down = powers[-1], powers[-1] - powers[0]

    def x(self, number: float) -> float:
        return LEFT + WIDTH * math.log(number / self._first) / self._across

    def y(self, seconds: float) -> float:
        return TOP + HEIGHT * (self._top - math.log10(seconds)) / self._down


def _axes(scale: _Scale, marks: Sequence[int], powers: range, across: str) -> str:
    parts = [
        f'<text x="{scale.x(n):.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{n:,}</text>'
        f'<path d="M{scale.x(n):.1f} {TOP}V{TOP + HEIGHT}" stroke="#dddddd"/>'
        for n in marks
    ]
    for power in powers:
        at = scale.y(10.0**power)
        parts.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
            f'<path d="M{LEFT} {at:.1f}H{LEFT + WIDTH}" stroke="#dddddd"/>'
        )
    parts.append(
        f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 40}" text-anchor="middle">{across}</text>'
    )
    return "\n".join(parts)
