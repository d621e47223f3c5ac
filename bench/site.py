"""``python -m bench.site [EDITIONS]``: a static site of so many editions, and one day more.

Each edition tells fifteen stories of 27 recombined articles, one story in five goes on. Prints
seconds of cpu, peak memory, pages and megabytes of the whole site, of adding a day, and what a
search loads.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from bench.scale import NOW, recombined, summary_of
from briefing.group import report
from briefing.model import Brief, Coverage, Section, Story, Window
from briefing.settings import Settings, starter_settings
from briefing.site import build_site
from briefing.store import Store, open_store

STORIES, ARTICLES = 15, 27
TOPICS = ("penarikan", "serangan", "ekonomi", "lainnya")

Result = TypeVar("Result")


def main(editions: int) -> None:
    settings = starter_settings(Path(tempfile.mkdtemp(prefix="bench-")))
    with open_store(settings.store.address) as store:
        known: list[str] = []
        for day in range(editions, 0, -1):
            store.save_edition(_brief(settings, day, known), frozen=True)
        _timed(f"a site of {editions} editions", lambda: _site(settings, store))
        folder = settings.site.folder
        files = [one for one in folder.rglob("*") if one.is_file()]
        size = sum(one.stat().st_size for one in files) / 1e6
        print(f"{len(files):,} files, {size:,.0f} MB")
        index = sorted(one.stat().st_size for one in (folder / "search").iterdir())
        print(
            f"search: {len(index):,} parts, {sum(index) / 1e6:.1f} MB, the largest "
            f"{index[-1] / 1e3:.0f} kB, the median {index[len(index) // 2] / 1e3:.1f} kB, "
            f"always loaded {(folder / 'search/index.js').stat().st_size / 1e3:.0f} kB"
        )
        store.save_edition(_brief(settings, 0, known), frozen=True)
        _timed("the same with a day more", lambda: _site(settings, store))


def _site(settings: Settings, store: Store) -> object:
    return build_site(
        settings, store, settings.site.folder, base="https://kabar.example/"
    )


def _timed(what: str, work: Callable[[], Result]) -> Result:
    began, wall = time.process_time(), time.perf_counter()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    spent, passed = time.process_time() - began, time.perf_counter() - wall
    print(
        f"{what}: {spent:.1f} s of cpu, {passed:.1f} s, peak {peak:,.0f} MB", flush=True
    )
    return result


def _brief(settings: Settings, day: int, known: list[str]) -> Brief:
    random = Random(day)
    until = NOW - timedelta(days=day)
    reports = [
        report(one, summary_of(settings, one)) for one in recombined(ARTICLES, day=day)
    ]
    sections: dict[str, list[Story]] = {slug: [] for slug in TOPICS}
    for at in range(STORIES):
        goes_on = known and at % 5 == 0
        ident = random.choice(known[-60:]) if goes_on else f"{day:06x}{at:06x}"
        story = Story(ident, tuple(reports[at::STORIES]))
        sections[TOPICS[at % len(TOPICS)]].append(story)
        known.append(ident)
    return Brief(
        title=settings.title,
        language=settings.language,
        zone=settings.zone,
        date=until.date(),
        window=Window(until - timedelta(days=1), until),
        top_lines=(),
        sections=tuple(
            Section(
                slug, slug.capitalize(), tuple({one.id: one for one in some}.values())
            )
            for slug, some in sections.items()
        ),
        coverage=Coverage(40, 40, ARTICLES, ARTICLES),
        failures=(),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 365)
