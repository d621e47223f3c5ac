"""One edition for each due time, whatever clocks, outages and other schedulers do."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import get_args

import pytest

from briefing.model import Policy
from tests.years import STEP, Plan, Years, moment, quiet

TOGETHER = (
    Plan("Asia/Jakarta", 'at = "06:00"', "merge"),
    Plan("Europe/Berlin", 'at = ["02:30", "18:00"]', "each", name="berlin"),
    Plan("America/New_York", 'cron = "30 1 * * 1-5"', "latest", name="york"),
    Plan("Australia/Sydney", 'cron = "30 2 * * 0"', "each", name="sydney"),
)
"""One of each kind, in one store."""


@pytest.mark.slow
@pytest.mark.parametrize("policy", get_args(Policy))
def test_each_due_date_has_one_edition_and_no_article_is_lost(
    policy: Policy, tmp_path: Path
) -> None:
    """One schedule alone; an hour comes twice."""
    plan = Plan("Europe/Berlin", 'cron = "30 2 * * *"', policy)
    lived(tmp_path, (plan,), "2025-10-20", "2025-11-01")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("begin", "until"),
    [
        ("2025-10-03", "2025-10-07"),  # Sydney's clocks are set on
        ("2025-10-25", "2025-11-03"),  # Berlin's and New York's are set back
        ("2026-03-06", "2026-03-09"),  # New York's are set on
        ("2026-03-28", "2026-04-05"),  # Berlin's are set on, Sydney's back
    ],
)
def test_schedules_share_a_store_and_nothing_else(
    begin: str, until: str, tmp_path: Path
) -> None:
    lived(tmp_path, TOGETHER, begin, until)


def lived(folder: Path, plans: tuple[Plan, ...], begin: str, until: str) -> None:
    """Live through a time, and look that each schedule has what it should."""
    years = Years(
        folder,
        plans,
        moment(begin),
        moment(until),
        schedulers=3,
        random=Random(f"{begin}{plans[0].zone}"),
    )
    quiet(years.run)
    assert years.editions() == years.expected()
    claimed, left_out = years.claimed(), years.left_out()
    written = int((max(years.looks) - years.begin) / STEP)
    for plan in plans:
        assert not left_out.get(plan.name) or plan.policy == "latest"
        assert set(claimed[plan.name].values()) == {1}
        # Those since the last due time wait for the next; that was up to a week ago.
        waiting = 7 * 24 // 7 if plan.name == "sydney" else 12 if plan.name else 4
        assert len(claimed[plan.name]) >= written - waiting
