"""Days and years of `briefing run` at once: outages, racing schedulers, clocks that are stepped.

A newspaper writes one article every few hours, and says of most when. At random moments the machine is on and several
schedulers look what is due, all at the same time, as `briefing run --once` does; now and then the
machine is off for days, or its clock is wrong. One store may keep several schedules, each in a zone of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import NamedTuple

from briefing.cli.daemon import catch_up
from briefing.cli.wiring import Wiring
from briefing.model import Brief, Policy, Schedule, schedule_of
from briefing.schedule import last_due, next_due
from briefing.settings.load import parse_settings
from briefing.store import open_store

SETTINGS = """\
title = "Kabar"
[[source]]
id = "koran"
kind = "folder"
path = "koran"
"""

SCHEDULE = """\
[[schedule]]
{name}
zone = "{zone}"
{due}
missed = "{policy}"
"""

STEP = timedelta(hours=7)
"""Between two articles."""


class Plan(NamedTuple):
    """A schedule as the settings have it; `due` is the line that says when."""

    zone: str
    due: str
    policy: Policy = "merge"
    name: str = ""


@dataclass
class Years:
    """A simulated time of a newspaper and a machine.

    Attributes:
        folder: where settings, store and articles are.
        plans: the schedules.
        begin: the first moment.
        until: the last moment.
        schedulers: how many look at the same time.
        random: decides on outages and steps of the clock.
        looks: moments at which the machine was on.
    """

    folder: Path
    plans: Sequence[Plan]
    begin: datetime
    until: datetime
    schedulers: int = 8
    random: Random = field(default_factory=lambda: Random(1))
    looks: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = SETTINGS + "".join(
            SCHEDULE.format(
                name=f'name = "{plan.name}"' if plan.name else "",
                zone=plan.zone,
                due=plan.due,
                policy=plan.policy,
            )
            for plan in self.plans
        )
        self.settings = parse_settings(text, name="tahun", root=self.folder)
        (self.folder / "koran").mkdir()
        self._written = self.begin

    def run(self, told: Callable[[datetime], None] = lambda _: None) -> None:
        """Live through it all."""
        now = self.begin
        with ThreadPoolExecutor(self.schedulers) as pool:
            while now < self.until:
                # Either just when one is due, or at any moment; now and then after days off.
                due = min(next_due(one, now) for one in self.settings.schedules)
                off = self.random.random()
                now = (
                    due
                    if off < 0.7
                    else now + timedelta(hours=self.random.uniform(1, 30))
                )
                if off > 0.97:
                    now += timedelta(days=self.random.uniform(1, 9))
                self._write(now)
                self._look(pool, now)
                told(now)

    def _look(self, pool: ThreadPoolExecutor, now: datetime) -> None:
        # A clock that is set back shows times that were there before.
        clock = now
        if self.random.random() < 0.05:
            clock -= timedelta(minutes=self.random.uniform(1, 90))
        wiring = Wiring(self.settings, lambda: clock)
        self.looks.append(clock)
        for done in [pool.submit(catch_up, wiring) for _ in range(self.schedulers)]:
            done.result()

    def _write(self, now: datetime) -> None:
        """Write the articles of the time that has passed."""
        while self._written < now:
            number = round((self._written - self.begin) / STEP)
            said = (
                f"---\ndate: {self._written.isoformat()}\n---\n" if number % 4 else ""
            )
            text = (
                f"{said}Berita nomor {number} dari kota bernama kota{number}\n\n"
                f"Warga kota{number} memilih ketua{number} pada sidang ke-{number} di balai{number}.\n"
            )
            path = self.folder / "koran" / f"{number:05}.txt"
            path.write_text(text)
            self._written += STEP

    def claimed(self) -> dict[str, Counter[str]]:
        """Return by schedule how many frozen editions each article belongs to, shown or not."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for brief in self._briefs():
            counts[schedule_of(brief.key)].update(list(brief.claims()))
        return counts

    def left_out(self) -> dict[str, set[str]]:
        """Return by schedule the articles that frozen editions name as too old for them."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for brief in self._briefs():
            for one in brief.standings:
                if one.cut == "missed":
                    found[schedule_of(brief.key)] |= {name for name, _ in one.articles}
        return found

    def _briefs(self) -> list[Brief]:
        with open_store(self.settings.store.address) as store:
            return [
                kept.brief
                for one in store.editions()
                if one.frozen and (kept := store.edition(one.key))
            ]

    def editions(self) -> dict[str, list[str]]:
        """Return the keys of the frozen editions by schedule, ascending."""
        with open_store(self.settings.store.address) as store:
            rows = store.editions()
        return {
            plan.name: sorted(
                one.key for one in rows if one.frozen and one.schedule == plan.name
            )
            for plan in self.plans
        }

    def expected(self) -> dict[str, list[str]]:
        """Return the keys of which there has to be an edition by schedule, ascending."""
        return {one.name: self._expected(one) for one in self.settings.schedules}

    def _expected(self, one: Schedule) -> list[str]:
        """Return what was due when the machine was on, by policy also what lies between."""
        dues = {last_due(one, at) for at in self.looks}
        if one.missed == "each":
            at = min(dues)
            while (at := next_due(one, at)) < max(dues):
                dues.add(at)
        named, form = one.name and f"{one.name}-", "%Y-%m-%d-%H%M"
        return sorted(
            f"{named}{at.astimezone(one.zone):{form if one.timed else form[:8]}}"
            for at in dues
        )


def quiet(work: Callable[[], None]) -> None:
    """Do `work` without what it says."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        work()


def moment(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
