"""``python -m bench.growth``: seconds and memory of condensing, by the length of the text.

Each figure is CPU time of one core and peak memory in a process of its own. Writes ``bench/growth.svg``.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.articles import texts
from briefing.condense import choose
from briefing.text import split_sentences

LENGTHS = (10, 18, 30, 100, 300, 1_000, 3_000, 10_000)
METHODS = ("learned", "lead", "textrank")
SHOWN = Path(__file__).with_name("growth.svg")
WARM_UP = 3
AT_LEAST = 0.2
"""Seconds that a measure is repeated for."""
COLOURS = ("#0b5394", "#38761d", "#b45f06", "#888888")
LEFT, TOP, WIDTH, HEIGHT = 70, 20, 520, 320
FASTEST, SLOWEST = 1e-4, 10.0


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]))))
        return
    rows: dict[str, list[tuple[int, float]]] = {}
    print(f"{'method':12}{'sentences':>10}{'milliseconds':>14}{'peak MB':>9}")
    for method in METHODS:
        for length in LENGTHS:
            command = [sys.executable, "-m", "bench.growth", method, str(length)]
            done = subprocess.run(
                command,
                check=True,
                capture_output=True,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            )
            found = json.loads(done.stdout)
            rows.setdefault(method, []).append((length, found["seconds"]))
            print(
                f"{method:12}{length:>10}{1000 * found['seconds']:>14.2f}"
                f"{found['megabytes']:>9.0f}"
            )
    SHOWN.write_text(_plot(rows), encoding="utf-8")


def _measured(method: str, length: int) -> dict[str, float]:
    sentences = _sentences(length)
    for _ in range(WARM_UP):
        choose(sentences[:20], method=method, language="id")
    rounds, began = 0, time.process_time()
    while rounds == 0 or time.process_time() - began < AT_LEAST:
        choose(sentences, method=method, language="id")
        rounds += 1
    return {
        "seconds": (time.process_time() - began) / rounds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _sentences(length: int) -> list[str]:
    """Return so many sentences, each with words of its own."""
    found: list[str] = []
    for number, text in enumerate(texts(1 + length // 15)):
        found += [
            f"{text[span.start : span.end].strip()} ({number})"
            for span in split_sentences(text, language="id")
        ]
    return found[:length]


def _plot(rows: dict[str, list[tuple[int, float]]]) -> str:
    """Return the figures as a drawing, both axes logarithmic, beside n log n."""
    first, start = rows["learned"][0]
    unit = start / (first * math.log(first))
    lines = {**rows, "n log n": [(n, unit * n * math.log(n)) for n in LENGTHS]}
    drawn = [_axes()]
    for at, (name, points) in enumerate(lines.items()):
        path = " ".join(f"{_x(n):.1f},{_y(seconds):.1f}" for n, seconds in points)
        dash = ' stroke-dasharray="5 4"' if name not in rows else ""
        drawn.append(
            f'<polyline points="{path}" fill="none" stroke="{COLOURS[at]}" stroke-width="2"{dash}/>'
            f'<text x="{LEFT + WIDTH + 8}" y="{_y(points[-1][1]) + 4:.1f}" fill="{COLOURS[at]}">{name}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 90} {TOP + HEIGHT + 50}"'
        ' font-family="sans-serif" font-size="12">\n<title>CPU seconds to condense a text, by its sentences'
        '</title>\n<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def _axes() -> str:
    marks = [
        f'<text x="{_x(n):.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{n:,}</text>'
        f'<path d="M{_x(n):.1f} {TOP}V{TOP + HEIGHT}" stroke="#dddddd"/>'
        for n in LENGTHS
    ]
    for power in range(round(math.log10(FASTEST)), round(math.log10(SLOWEST)) + 1):
        at = _y(10.0**power)
        marks.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
            f'<path d="M{LEFT} {at:.1f}H{LEFT + WIDTH}" stroke="#dddddd"/>'
        )
    middle = LEFT + WIDTH / 2
    marks.append(
        f'<text x="{middle}" y="{TOP + HEIGHT + 40}" text-anchor="middle">sentences</text>'
    )
    return "\n".join(marks)


def _x(sentences: float) -> float:
    return LEFT + WIDTH * _share(sentences, LENGTHS[0], LENGTHS[-1])


def _y(seconds: float) -> float:
    return TOP + HEIGHT * (1 - _share(seconds, FASTEST, SLOWEST))


def _share(value: float, least: float, most: float) -> float:
    return math.log(value / least) / math.log(most / least)


if __name__ == "__main__":
    main()
