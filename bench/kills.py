"""``python -m bench.kills 1000``: so many kills -9 during days of `briefing run --once`.

At a random one of the points of ``tests/faults.py`` in collecting, building, publishing and
sending, or at a random moment. Prints how many articles and mails were lost, came twice, and were
held as uncertain, and how many pages are not those of days without a kill.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from threading import Timer

DAYS = 10
SUBSCRIBERS = 30


def main(kills: int, seed: int) -> Counter[str]:
    """Return the figures of whole newspapers, with at least so many kills."""
    from tests.days import undisturbed

    random = Random(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        pages = undisturbed(Path(name), DAYS).pages()
        while counts["kills"] < kills:
            counts += _lived(random, pages)
            print(dict(counts), flush=True)
    return counts


def _lived(random: Random, pages: dict[str, bytes]) -> Counter[str]:
    """Live through the days, each killed until nothing more is to be done."""
    from tests.days import NEWS, Days, live
    from tests.smtp import smtp_server

    counts: Counter[str] = Counter(days=DAYS, pages=len(pages))
    with tempfile.TemporaryDirectory() as name, smtp_server() as server:
        paper = Days(Path(name), server.port)
        paper.subscribe(f"pembaca{number}" for number in range(SUBSCRIBERS))
        for day in range(DAYS):
            paper.write(day)
            work = partial(live, paper.folder, server.port, day)
            counts += _day(random, work)
        counts += paper.mails(server.taken)
        claimed, found = paper.claimed(), paper.pages()
        counts["articles"] = DAYS * len(NEWS)
        counts["articles lost"] = counts["articles"] - len(claimed)
        counts["articles in two"] = sum(many > 1 for many in claimed.values())
        counts["stores damaged"] = bool(paper.damage())
    names = pages.keys() | found.keys()
    counts["pages not the same"] = sum(
        pages.get(one) != found.get(one) for one in names
    )
    return counts


def _day(random: Random, work: partial[None]) -> Counter[str]:
    """Kill a day's work again and again, then let it finish; return the kills."""
    from tests.faults import EARLY, POINTS, run

    early, late = random.choices((*EARLY, ""), k=6), random.choices((*POINTS, ""), k=6)
    kills = Counter(
        point or "a random moment"
        for point in (*early, *late)
        if _killed(random, work, point)
    )
    assert not run(work), "a restart does not finish"
    named = {f"at {point}": many for point, many in kills.items()}
    return Counter({**named, "kills": kills.total()})


def _killed(random: Random, work: partial[None], point: str) -> bool:
    """Return whether it was killed, at `point` or at a random moment."""
    from tests.faults import run, start

    if point:
        return run(work, point=point, after=random.choice((0, 0, 0, 1)))
    process = start(work)
    timer = Timer(random.uniform(0.02, 3.0), process.kill)
    timer.start()
    process.join()
    timer.cancel()
    return bool(process.exitcode)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*given) if len(given) == 2 else main(given[0] if given else 1000, 1)
