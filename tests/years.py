"""Days and years of `briefing run` at once: outages, racing schedulers, clocks that are stepped.

A newspaper writes one article every few hours, and says of most when. At random moments the machine is on and several
schedulers look what is due, all at the same time, as `briefing run --once` does; now and then the
machine is off for days, or its clock is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from briefing.cli.daemon import catch_up
from briefing.cli.wiring import Wiring
from briefing.model import Brief
from briefing.schedule import Policy, last_due, next_due
from briefing.settings.load import parse_settings
from briefing.store import open_store

SETTINGS = """\
title = "Kabar {zone}"
zone = "{zone}"
[schedule]
cron = "{rule}"
missed = "{policy}"
[[source]]
id = "koran"
kind = "folder"
path = "koran"
"""

STEP = timedelta(hours=7)
"""Between two articles."""


@dataclass
class Years:
    """A simulated time of a newspaper and a machine.

    Attributes:
        folder: where settings, store and articles are.
        zone: of the schedule.
        rule: cron, five fields.
        begin: the first moment.
        until: the last moment.
        policy: what becomes of due dates that were missed.
        schedulers: how many look at the same time.
        random: decides on outages and steps of the clock.
        looks: moments at which the machine was on.
    """

    folder: Path
    zone: str
    rule: str
    begin: datetime
    until: datetime
    policy: Policy = "merge"
    schedulers: int = 8
    random: Random = field(default_factory=lambda: Random(1))
    looks: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = SETTINGS.format(zone=self.zone, rule=self.rule, policy=self.policy)
        self.settings = parse_settings(text, name="tahun", root=self.folder)
        (self.folder / "koran").mkdir()
        self._written = self.begin

    def run(self, told: Callable[[datetime], None] = lambda _: None) -> None:
        """Live through it all."""
        zone = ZoneInfo(self.zone)
        now = self.begin
        with ThreadPoolExecutor(self.schedulers) as pool:
            while now < self.until:
                # Either just when it is due, or at any moment; now and then after days off.
                due = next_due(self.rule, zone, now)
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

    def claimed(self) -> Counter[str]:
        """Return how many frozen editions each article belongs to, shown or not."""
        return Counter(
            article for brief in self._briefs() for article in brief.claims()
        )

    def left_out(self) -> set[str]:
        """Return the articles that frozen editions name as too old for them."""
        return {
            article
            for brief in self._briefs()
            for one in brief.standings
            if one.cut == "missed"
            for article, _ in one.articles
        }

    def _briefs(self) -> list[Brief]:
        with open_store(self.settings.store.address) as store:
            return [
                kept.brief
                for one in store.editions()
                if one.frozen and (kept := store.edition(one.date))
            ]

    def editions(self) -> list[date]:
        """Return the dates of the frozen editions, ascending."""
        with open_store(self.settings.store.address) as store:
            return sorted(one.date for one in store.editions() if one.frozen)

    def expected(self) -> list[date]:
        """Return the dates of which there has to be an edition, ascending.

        Those that were due when the machine was on, by policy also those between them.
        """
        zone = ZoneInfo(self.zone)
        dues = {last_due(self.rule, zone, at) for at in self.looks}
        if self.policy == "each":
            at = min(dues)
            while (at := next_due(self.rule, zone, at)) < max(dues):
                dues.add(at)
        return sorted({at.astimezone(zone).date() for at in dues})


def quiet(work: Callable[[], None]) -> None:
    """Do `work` without what it says."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        work()


def moment(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
