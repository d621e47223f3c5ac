"""``python -m bench.scale [TODAY KEPT]``: seconds and memory of building a day, whole and by parts.

A day of 10,000 articles in a store of 100,000, unless said otherwise.

Articles are recombined: each has sentences of two others, as reports of one subject have. The
sentences are IndoSum's where that lies beside the project, else those of `seeds/`.
"""

from __future__ import annotations

import json
import lzma
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from bench.articles import texts
from briefing.brief import TOLD
from briefing.group import (
    RECIPE,
    Profile,
    continued,
    copies,
    judged,
    profile_from,
    profiled,
    rules_recipe,
)
from briefing.model import (
    Article,
    Heading,
    Published,
    Sentence,
    SourceState,
    Summary,
)
from briefing.pipeline import build, publish
from briefing.resources import resource as resource_file
from briefing.settings import Settings, starter_settings
from briefing.store import Store, open_store

INDOSUM = Path(__file__).parents[2] / "shared/data/summaries/indosum.dev.jsonl.xz"
NOW: Final = datetime(2024, 12, 1, tzinfo=UTC)
DAYS: Final = 10
"""Days over which the articles that were told before are spread."""
SOURCES: Final = 40
A_DAY: Final = 2_740
"""Articles of a day where a year has a million."""

Result = TypeVar("Result")


@cache
def _sources() -> list[tuple[str, list[str]]]:
    """Return titles and sentences of the articles that others are made of."""
    if not INDOSUM.is_file():
        return [
            (title, [part for part in parts if part])
            for title, *parts in (text.split("\n\n") for text in texts(1_000))
        ]
    with lzma.open(INDOSUM, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        (
            row["source_url"].rstrip("/").split("/")[-1].replace("-", " "),
            [" ".join(said) for part in row["paragraphs"] for said in part],
        )
        for row in rows
    ]


def recombined(count: int, *, day: int, seed: int = 1) -> list[Article]:
    """Return `count` articles published within the day that ends `day` days before `NOW`."""
    random, sources = Random(seed * 1_000 + day), _sources()
    return [_recombined(random, sources, at, day) for at in range(count)]


def _recombined(
    random: Random, sources: Sequence[tuple[str, list[str]]], at: int, day: int
) -> Article:
    title, own = sources[random.randrange(len(sources))]
    _, others = sources[random.randrange(len(sources))]
    said = [one for one in own if random.random() < 0.55]
    said += [one for one in others if random.random() < 0.5]
    came = NOW - timedelta(days=day, minutes=random.randrange(1, 1_400))
    return Article(
        id=f"{day:04x}{at:012x}",
        revision="0" * 12,
        url=f"https://contoh.example/{day}/{at}",
        source=f"s{at % SOURCES}",
        outlet=f"Media {at % SOURCES}",
        title=" ".join(title.split()[:8]).capitalize(),
        text="\n\n".join(said),
        language="id",
        fetched=came,
        published=Published(came - timedelta(minutes=random.randrange(300))),
    )


def filled(today: int, kept: int) -> Settings:
    """Fill a store with `today` new articles and `kept` in editions of the days before."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    settings = starter_settings(folder)
    with open_store(settings.store.address) as store:
        for day in range(DAYS, 0, -1):
            _keep(settings, store, recombined(kept // DAYS, day=day))
            now = NOW - timedelta(days=day)
            brief = build(
                settings, store, edition=str(now.date()), now=now, claims="frozen"
            )
            publish(settings, store, brief, freeze=True)
        _keep(settings, store, recombined(today, day=0))
    starter = (resource_file("seeds") / "briefing.toml").read_text("utf-8")
    head, rest = starter.split("\n[[source]]", 1)
    topics = rest[rest.index("\n[[topic]]") :]
    text = f"{head}{topics}".replace("../briefing.db", "briefing.db")
    (folder / "briefing.toml").write_text(text.replace("../briefs", "briefs"))
    return settings


def _keep(settings: Settings, store: Store, articles: Sequence[Article]) -> None:
    rules = rules_recipe(settings.topics)
    store.keep(
        (),
        articles,
        [summary_of(settings, one) for one in articles],
        SourceState("s"),
        profiles=[profiled(one) for one in articles],
        hits=[judged(one, settings.topics, recipe=rules) for one in articles],
    )


def summary_of(settings: Settings, article: Article) -> Summary:
    """Return the first paragraphs: what is in a summary is not what is measured."""
    sentences, start = list[Sentence](), 0
    for position, said in enumerate(article.text.split("\n\n")[:3]):
        sentences.append(Sentence(article.id, start, start + len(said), position, said))
        start += len(said) + 2
    recipe = settings.summary_of(article.source).recipe
    return Summary(article.id, article.revision, recipe, tuple(sentences))


def main() -> None:
    today, kept = map(int, sys.argv[1:] or ("10000", "100000"))
    settings = filled(today, kept)
    folder = settings.output.folder.parent
    pages = [_built(folder, number) for number in range(2)]
    print("the same bytes:", pages[0] == pages[1] != {})
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
    print(f"{'':16}{'seconds':>9}{'cpu':>9}{'peak MB':>9}")
    with open_store(settings.store.address) as store:
        _measure(store)


def _built(folder: Path, number: int) -> dict[str, bytes]:
    """Build the edition of `NOW` from a copy of the store; return its pages."""
    copy = folder.with_name(f"{folder.name}-{number}")
    shutil.copytree(folder, copy)
    os.sync()  # else the first transaction waits for all of the copy
    command = [sys.executable, "-m", "briefing", "build", "-c", "briefing.toml"]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*command, "--now", NOW.isoformat(), "--date", str(NOW.date())],
        cwd=copy,
        check=True,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"briefing build: {time.perf_counter() - began:.1f} seconds, {used:.1f} of cpu,"
        f" at most {after.ru_maxrss / 1024:.0f} MB"
    )
    return {
        page.name: page.read_bytes() for page in (copy / "briefs").glob(f"{NOW:%F}.*")
    }


def _measure(store: Store) -> None:
    edition = str(NOW.date())
    headings = _timed("headings", lambda: store.headings_for(edition, until=NOW))
    told = _timed("told before", lambda: store.told_before(edition, most=TOLD))
    of_told = [one for one, _ in told]
    profiles = {
        **_timed("profiles, told", lambda: _read(store, of_told, shingles=False)),
        **_timed("profiles, today", lambda: _read(store, headings, shingles=True)),
    }
    copied = _timed("copies", lambda: copies(headings, profiles))
    _timed(
        "stories", lambda: continued(headings, told, copies=copied, profiles=profiles)
    )


def _read(
    store: Store, headings: Sequence[Heading], *, shingles: bool
) -> dict[str, Profile]:
    pairs = [(one.id, one.revision) for one in headings]
    kept = store.profiles(pairs, RECIPE, shingles=shingles)
    return {one.article_id: profile_from(one) for one in kept}


def _timed(name: str, work: Callable[[], Result]) -> Result:
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:16}{seconds:9.2f}{used:9.2f}{peak:9.0f}", flush=True)
    return result


if __name__ == "__main__":
    main()
