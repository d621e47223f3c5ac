"""``python -m bench.years [DAYS] [POLICY…]``: two simulated years in four zones, eight schedulers.

They race. Prints for each zone and policy how many editions were due while the machine was on, how many there are, and
how many articles are in none, in two and left out.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import get_args

from briefing.schedule import Policy

RULES = {
    "Asia/Jakarta": "0 6 * * *",
    "Europe/Berlin": "30 2 * * *",
    "America/New_York": "30 2 * * *",
    "Australia/Sydney": "0 6 * * 1-5",
}


def main(days: int, policies: Sequence[Policy]) -> None:
    for policy, (zone, rule) in product(policies, RULES.items()):
        print(policy, zone, _lived(zone, rule, days, policy), flush=True)


def _lived(zone: str, rule: str, days: int, policy: Policy) -> dict[str, object]:
    from tests.years import STEP, Years, moment, quiet

    begin = moment("2025-01-01")
    with tempfile.TemporaryDirectory() as name:
        years = Years(
            Path(name), zone, rule, begin, begin + timedelta(days=days), policy
        )
        began = time.perf_counter()
        quiet(years.run)
        claimed, dates = years.claimed(), years.editions()
        written = int((max(years.looks) - begin) / STEP)
        return {
            "due": len(years.expected()),
            "editions": len(dates),
            "same dates": dates == years.expected(),
            "looks": len(years.looks) * years.schedulers,
            "articles": written,
            "in no edition yet": written - len(claimed),
            "in two": sum(many > 1 for many in claimed.values()),
            "left out": len(years.left_out()),
            "seconds": round(time.perf_counter() - began),
        }


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 731, given[1:] or get_args(Policy))  # type: ignore[arg-type]
