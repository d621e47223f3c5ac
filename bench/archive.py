"""``python -m bench.archive STORE [ARTICLES]``: what a day costs, however much is kept.

A year's news comes day by day, `A_DAY` articles each, until so many are kept (a million, unless said otherwise)
in STORE, ``sqlite`` or ``postgresql``. Each day is kept, built and published before the next one comes. Prints
what building and publishing took at 10,000, 20,000, 50,000 … articles kept, the median of a week; writes that
into ``archive.csv`` in place of what was there of this store, and draws ``archive.svg`` of all that is there.

Articles are recombined as in `bench.scale`, `TEXTS` of them; the same text comes again after eight days.
"""

from __future__ import annotations

import csv
import resource
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import psycopg

from bench.drawing import drawn
from bench.scale import A_DAY, NOW, recombined, summary_of
from briefing.group import judged, profiled, rules_recipe
from briefing.model import Article, Judged, Profiled, Published, SourceState, Summary
from briefing.pipeline import build, publish
from briefing.settings import Settings, starter_settings
from briefing.store import Store, open_store

TEXTS: Final = 8 * A_DAY
WEEK: Final = 7
FIGURES: Final = Path(__file__).with_name("archive.csv")
SHOWN: Final = FIGURES.with_suffix(".svg")


class Cost(NamedTuple):
    """Of building and publishing a day: seconds on the clock and of cpu here, megabytes at most."""

    seconds: float
    cpu: float
    megabytes: float


class _Counted(NamedTuple):
    """An article with all that collecting keeps of it."""

    article: Article
    summary: Summary
    profile: Profiled
    hits: Judged


def main(name: str, articles: int) -> None:
    rows = [row for row in _figures() if row[0] != name]
    print(f"{'kept':>10}{'seconds':>9}{'cpu':>9}{'MB':>6}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        settings = starter_settings(Path(folder))
        for kept, cost in _milestones(settings, _address(name, settings), articles):
            print(
                f"{kept:10,}{cost.seconds:9.2f}{cost.cpu:9.2f}{cost.megabytes:6.0f}",
                flush=True,
            )
            rows.append((name, str(kept), *(f"{figure:.2f}" for figure in cost)))
    rows.sort(key=_order)
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    if len(rows) > 1:
        _draw(rows)


def _address(name: str, settings: Settings) -> str:
    if name == "sqlite":
        return str(settings.store.address)
    from tests.postgres import empty

    return empty("archive")


def _rest(address: str) -> None:
    """Let a server look at its tables, as it does by itself between one day and the next."""
    if address.startswith("postgresql"):
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def _milestones(
    settings: Settings, address: str, articles: int
) -> Iterator[tuple[int, Cost]]:
    """Yield how much is kept and what a day costs then, at 1, 2 and 5 times each power of ten."""
    marks = (times * 10**power for power in count(4) for times in (1, 2, 5))
    mark, week = next(marks), deque[Cost](maxlen=WEEK)
    for kept, cost in _days(settings, address, articles):
        week.append(cost)
        if kept >= mark:
            yield mark, Cost(*map(statistics.median, zip(*week, strict=True)))
            mark = next(marks)


def _days(
    settings: Settings, address: str, articles: int
) -> Iterator[tuple[int, Cost]]:
    """Keep and build day after day; yield how many articles are kept, and what the day cost."""
    texts = _texts(settings)
    days = -(-articles // A_DAY)
    with open_store(address) as store:
        for day in range(days):
            first = day * A_DAY
            some = [
                _dated(texts[at % TEXTS], day - days, at - first)
                for at in range(first, first + A_DAY)
            ]
            _keep(store, some)
            _rest(address)
            now = NOW + timedelta(days=day - days + 1)
            yield first + A_DAY, _spent(partial(_told, settings, store, now))


def _keep(store: Store, some: Sequence[_Counted]) -> None:
    store.keep(
        (),
        [one.article for one in some],
        [one.summary for one in some],
        SourceState("s"),
        profiles=[one.profile for one in some],
        hits=[one.hits for one in some],
    )


def _told(settings: Settings, store: Store, now: datetime) -> None:
    brief = build(settings, store, edition=str(now.date()), now=now, claims="frozen")
    publish(settings, store, brief, freeze=True)


def _texts(settings: Settings) -> Sequence[_Counted]:
    rules = rules_recipe(settings.topics)
    return [
        _Counted(
            one,
            summary_of(settings, one),
            profiled(one),
            judged(one, settings.topics, recipe=rules),
        )
        for one in recombined(TEXTS, day=0)
    ]


def _dated(text: _Counted, day: int, at: int) -> _Counted:
    """Return the same as another article, of another day."""
    ident = f"{day % 0x10000:04x}{at:012x}"
    later = timedelta(days=day + 1)
    stated = text.article.published
    return _Counted(
        replace(
            text.article,
            id=ident,
            url=f"https://contoh.example/{ident}",
            fetched=text.article.fetched + later,
            published=stated and Published(stated.moment + later),
        ),
        replace(
            text.summary,
            article_id=ident,
            sentences=tuple(
                replace(one, article_id=ident) for one in text.summary.sentences
            ),
        ),
        replace(text.profile, article_id=ident),
        replace(text.hits, article_id=ident),
    )


def _spent(work: Callable[[], None]) -> Cost:
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(
        time.perf_counter() - began,
        time.process_time() - cpu,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _figures() -> list[tuple[str, ...]]:
    """Return the rows of what was measured before: store, articles kept, and the cost."""
    if not FIGURES.exists():
        return []
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def _order(row: tuple[str, ...]) -> tuple[str, int]:
    return row[0], int(row[1])


def _draw(rows: Sequence[tuple[str, ...]]) -> None:
    lines: dict[str, list[tuple[float, float]]] = {}
    for name, kept, seconds, *_ in rows:
        lines.setdefault(name, []).append((int(kept), float(seconds)))
    marks = sorted({int(row[1]) for row in rows})
    title = "Seconds to build and publish a day, by the articles that are kept"
    drawing = drawn(
        title, lines, across="articles kept", marks=marks, powers=range(-1, 3)
    )
    SHOWN.write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else 1_000_000)
