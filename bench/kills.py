"""``python -m bench.kills 1000``: so many kills -9 while editions are published and sent.

At a random one of the points of ``tests/faults.py``, or at a random moment. Prints how many
mails were lost, came twice, and were held as uncertain.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from threading import Timer

SUBSCRIBERS = 100


def main(kills: int) -> Counter[str]:
    """Return the figures of whole editions, with at least so many kills."""
    random = Random(7)
    counts: Counter[str] = Counter()
    while counts["kills"] < kills:
        counts += _edition(random)
        print(dict(counts), flush=True)
    return counts


def _edition(random: Random) -> Counter[str]:
    """Send one edition, killed until nothing more is to be done."""
    from tests.office import Office
    from tests.smtp import smtp_server

    counts: Counter[str] = Counter(mails=SUBSCRIBERS)
    with tempfile.TemporaryDirectory() as name, smtp_server() as server:
        office = Office(Path(name), server.port)
        office.subscribe(*(f"pembaca{number}" for number in range(SUBSCRIBERS)))
        while _killed(random, Path(name), server.port):
            counts["kills"] += 1
        got = Counter(to.partition("@")[0] for to in server.recipients)
        states = office.states()
    held = {name for name, state in states.items() if state == "uncertain"}
    counts["lost"] = sum(
        not got[name] and name not in held
        for name in (f"pembaca{number}" for number in range(SUBSCRIBERS))
    )
    counts["twice"] = sum(many - 1 for many in got.values())
    counts["held"] = len(held)
    counts["held, had arrived"] = sum(got[name] for name in held)
    return counts


def _killed(random: Random, folder: Path, port: int) -> bool:
    from tests.faults import POINTS, run, start

    if random.random() < 0.7:
        return run(
            folder, port, point=random.choice(POINTS), after=random.randrange(20)
        )
    process = start(folder, port)
    timer = Timer(random.uniform(0.02, 1.0), process.kill)
    timer.start()
    process.join()
    timer.cancel()
    return bool(process.exitcode)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
