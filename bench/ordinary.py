"""``python -m bench.ordinary DATA``: how fast articles of ordinary length are condensed, beside sumy's TextRank.

DATA is IndoSum as JSON Lines. Methods take turns over the same articles, so that none is at an
advantage while the machine is busy, and the fastest turn of each article counts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import mean

from briefing.condense import choose
from briefing.condense.train.samples import natural, read

METHODS = ("learned", "lead", "textrank")
ARTICLES = 200
TURNS = 12


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bench.ordinary DATA")
    rows = list(read(Path(sys.argv[1])))
    articles = [
        [natural(tokens) for paragraph in row["paragraphs"] for tokens in paragraph]
        for row in rows[:: max(1, len(rows) // ARTICLES)][:ARTICLES]
    ]
    best = {method: [float("inf")] * len(articles) for method in METHODS}
    for _ in range(TURNS):
        for method in METHODS:
            for at, sentences in enumerate(articles):
                began = time.perf_counter()
                choose(sentences, method=method, language="id")
                took = time.perf_counter() - began
                best[method][at] = min(best[method][at], took)
    peer = mean(best["textrank"])
    print(
        f"{len(articles)} articles of {mean(map(len, articles)):.1f} sentences on average"
    )
    print(f"{'method':10}{'milliseconds':>14}{'times as fast':>15}")
    for method, seconds in best.items():
        print(f"{method:10}{1000 * mean(seconds):>14.2f}{peer / mean(seconds):>15.2f}")


if __name__ == "__main__":
    main()
