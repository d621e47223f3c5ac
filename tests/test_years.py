"""One edition for each due date, whatever clocks, outages and other schedulers do."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from briefing.schedule import Policy
from tests.years import STEP, Years, moment, quiet

CHANGES = {
    "Asia/Jakarta": ("2025-12-25", "2026-01-10", "0 6 * * *"),
    "Europe/Berlin": ("2025-10-20", "2025-11-03", "30 2 * * *"),  # an hour comes twice
    "America/New_York": ("2026-03-02", "2026-03-16", "30 2 * * *"),  # one is missing
    "Australia/Sydney": ("2026-03-30", "2026-04-12", "0 6 * * 1-5"),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "policy"),
    [
        *((zone, "merge") for zone in CHANGES),
        *((zone, "each") for zone in CHANGES),
        ("Europe/Berlin", "latest"),
    ],
)
def test_each_due_date_has_one_edition_and_no_article_is_lost(
    zone: str, policy: Policy, tmp_path: Path
) -> None:
    begin, until, rule = CHANGES[zone]
    years = Years(
        tmp_path,
        zone,
        rule,
        moment(begin),
        moment(until),
        policy,
        schedulers=3,
        random=Random(zone),
    )
    quiet(years.run)
    assert years.editions() == years.expected()
    assert not years.left_out() or policy == "latest"
    claimed = years.claimed()
    assert set(claimed.values()) == {1}
    last = max(years.looks)
    written = int((last - years.begin) / STEP)
    assert (
        len(claimed) >= written - 4
    )  # those since the last due time wait for the next
