"""``python -m bench.years [DAYS] [POLICY…]``: simulated years in four zones, eight schedulers.

They race. Prints for each zone and policy, and for four schedules in one store, how many editions were due while the
machine was on, how many there are, and how many articles are in none, in two and left out. ``together`` instead of
policies lives through the last alone.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from briefing.model import Policy

if TYPE_CHECKING:
    from tests.years import Plan

RULES = {
    "Asia/Jakarta": "0 6 * * *",
    "Europe/Berlin": "30 2 * * *",
    "America/New_York": "30 2 * * *",
    "Australia/Sydney": "0 6 * * 1-5",
}


def main(days: int, policies: Sequence[str]) -> None:
    from tests.test_years import TOGETHER
    from tests.years import Plan

    alone = [one for one in get_args(Policy) if one in policies]
    for policy, (zone, rule) in product(alone, RULES.items()):
        plan = Plan(zone, f'cron = "{rule}"', policy)
        for told in _lived((plan,), days):
            print(policy, zone, told, flush=True)
    if "together" in policies:
        for told in _lived(TOGETHER, days):
            print("together", told, flush=True)


def _lived(plans: Sequence[Plan], days: int) -> Iterator[dict[str, object]]:
    from tests.years import STEP, Years, moment, quiet

    begin = moment("2025-01-01")
    with tempfile.TemporaryDirectory() as name:
        years = Years(Path(name), plans, begin, begin + timedelta(days=days))
        began = time.perf_counter()
        quiet(years.run)
        seconds = round(time.perf_counter() - began)
        claimed, editions = years.claimed(), years.editions()
        expected, left_out = years.expected(), years.left_out()
        written = -((begin - max(years.looks)) // STEP)
        for plan in plans:
            own = claimed[plan.name]
            yield {
                "schedule": plan.name or plan.zone,
                "due": len(expected[plan.name]),
                "editions": len(editions[plan.name]),
                "same keys": editions[plan.name] == expected[plan.name],
                "looks": len(years.looks) * years.schedulers,
                "articles": written,
                "in no edition yet": written - len(own),
                "in two": sum(many > 1 for many in own.values()),
                "left out": len(left_out.get(plan.name, ())),
                "seconds": seconds,
            }


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 731, given[1:] or [*get_args(Policy), "together"])
