"""``python -m bench.years [DAYS]``: two simulated years in four zones, eight schedulers racing.

Prints for each zone how many editions were due while the machine was on, how many there are, and
how many articles are in none and in two.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

RULES = {
    "Asia/Jakarta": "0 6 * * *",
    "Europe/Berlin": "30 2 * * *",
    "America/New_York": "30 2 * * *",
    "Australia/Sydney": "0 6 * * 1-5",
}


def main(days: int) -> None:
    for zone, rule in RULES.items():
        print(zone, _lived(zone, rule, days), flush=True)


def _lived(zone: str, rule: str, days: int) -> dict[str, object]:
    from tests.years import STEP, Years, moment, quiet

    begin = moment("2025-01-01")
    with tempfile.TemporaryDirectory() as name:
        years = Years(Path(name), zone, rule, begin, begin + timedelta(days=days))
        began = time.perf_counter()
        quiet(years.run)
        shown, dates = years.shown(), years.editions()
        written = int((max(years.looks) - begin) / STEP)
        return {
            "due": len(years.expected()),
            "editions": len(dates),
            "same dates": dates == years.expected(),
            "looks": len(years.looks) * years.schedulers,
            "articles": written,
            "in no edition yet": written - len(shown),
            "in two": sum(many > 1 for many in shown.values()),
            "seconds": round(time.perf_counter() - began),
        }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 731)
