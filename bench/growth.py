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
from bench.drawing import drawn
from briefing.condense import choose
from briefing.text import split_sentences

LENGTHS = (10, 18, 30, 100, 300, 1_000, 3_000, 10_000)
METHODS = ("learned", "lead", "textrank")
SHOWN = Path(__file__).with_name("growth.svg")
WARM_UP = 3
AT_LEAST = 0.2
"""Seconds that a measure is repeated for."""
BESIDE = "n log n"


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
    """Return the figures as a drawing beside n log n."""
    first, start = rows["learned"][0]
    unit = start / (first * math.log(first))
    return drawn(
        "CPU seconds to condense a text, by its sentences",
        {**rows, BESIDE: [(n, unit * n * math.log(n)) for n in LENGTHS]},
        across="sentences",
        marks=LENGTHS,
        powers=range(-4, 2),
        dashed=BESIDE,
    )


if __name__ == "__main__":
    main()
