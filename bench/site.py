"""``python -m bench.site [EDITIONS]``: a static site of so many editions, and days more.

Each edition tells fifteen stories of 27 recombined articles, one story in five goes on. Prints what
writing all of it takes, then each of three days more, its size, and what a search loads in Chromium.
Beside it Pelican, where it is installed (``pip install 'briefing[bench]'``), which gets the editions'
pages as Markdown: of ours those are one in five.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bench.scale import NOW, recombined, summary_of
from briefing.group import report
from briefing.group.names import most_named
from briefing.model import Brief, Coverage, Section, Story, Window
from briefing.settings import Settings, load_settings, starter_settings
from briefing.site import build_site
from briefing.store import Store, open_store

STORIES, ARTICLES = 15, 27
TOPICS = ("penarikan", "serangan", "ekonomi", "lainnya")
DAYS = 3
"""Days more, each built apart by the command; as many again by a program that runs."""

SETTINGS = """\
title = "Kabar bangku"
language = "id"
zone = "Asia/Jakarta"

[site]
base = "https://kabar.example/"
"""
PELICAN = """\
SITENAME = "Kabar bangku"
SITEURL = "https://kabar.example"
DEFAULT_LANG = "id"
TIMEZONE = "Asia/Jakarta"
DEFAULT_PAGINATION = 30
FEED_ALL_ATOM = "feed.xml"
CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "generator"
"""
QUERIES = ("presiden", "membangun jembatan", "kebjiakan", "xylofon")
"""A word of many stories, two words, one with a slip, one that is nowhere."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of cpu and on the clock, and megabytes at most, of a program."""

    cpu: float
    wall: float
    peak: float

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.cpu:.1f} s of cpu, {self.wall:.1f} s, peak {self.peak:,.0f} MB"


def main(editions: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    (folder / "briefing.toml").write_text(SETTINGS)
    settings = starter_settings(folder)
    with open_store(folder / "briefing.db") as store:
        known: list[str] = []
        for day in range(editions + 2 * DAYS, 2 * DAYS, -1):
            store.save_edition(_brief(settings, day, known), frozen=True)
        whole = _run(_briefing(folder), folder)
        print(f"a site of {editions:,} editions: {whole}", flush=True)
        _sizes(folder / "site")
        _search(folder / "site")
        peers = list(_peer(folder))
        days = []
        for day in range(2 * DAYS, DAYS, -1):
            store.save_edition(_brief(settings, day, known), frozen=True)
            days.append(_run(_briefing(folder), folder))
            print(f"a day more: {days[-1]}", flush=True)
        print(f"nothing new: {_run(_briefing(folder), folder)}")
        for day in range(DAYS, 0, -1):
            store.save_edition(_brief(settings, day, known), frozen=True)
            print(f"a day more, in a program that runs: {_here(folder, store)}")
    cpu = statistics.median(one.cpu for one in days)
    wall = statistics.median(one.wall for one in days)
    print(f"a day more, the median: {cpu:.2f} s of cpu, {wall:.2f} s")
    if peers:
        first, again = peers
        print(f"Pelican, the editions alone: {first}; a day more: {again}")
        print(
            f"cpu, ours to Pelican's: {whole.cpu / first.cpu:.2f} for all,"
            f" {cpu / again.cpu:.3f} for a day more"
        )
    else:
        print("Pelican is not installed: nothing stands beside it")
    shutil.rmtree(folder)


def _briefing(folder: Path) -> list[str]:
    settings = str(folder / "briefing.toml")
    return [sys.executable, "-m", "briefing", "site", "--config", settings, "--json"]


def _here(folder: Path, store: Store) -> str:
    """Build the site in this program, with the settings of the command's."""
    settings = load_settings(folder / "briefing.toml")
    began, before = time.perf_counter(), time.process_time()
    build_site(settings, store, settings.site.folder, base=settings.site.base)
    cpu, wall = time.process_time() - before, time.perf_counter() - began
    return f"{cpu:.1f} s of cpu, {wall:.1f} s"


def _run(command: Sequence[str], folder: Path) -> Spent:
    """Run a program to its end in a folder."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env=os.environ
        | {
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        },
    )
    peak, ended = 0.0, None
    while ended is None:
        # What wait4 says of memory counts this program too, of which the other began as a copy.
        peak = max(peak, _peak(process.pid))
        time.sleep(0.01)
        ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.perf_counter() - began
    return Spent(used.ru_utime + used.ru_stime, wall, peak)


def _peak(process: int) -> float:
    """Return the most memory that a process has had, in megabytes; 0 if it has ended."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) / 1e3 if found else 0.0


def _sizes(site: Path) -> None:
    sizes = {
        str(one.relative_to(site)): one.stat().st_size
        for one in site.rglob("*")
        if one.is_file()
    }
    kinds: dict[str, list[int]] = {}
    for name, size in sizes.items():
        kinds.setdefault(name.partition("/")[0] if "/" in name else "", []).append(size)
    print(f"{len(sizes):,} files, {sum(sizes.values()) / 1e6:,.0f} MB")
    for kind, some in sorted(kinds.items()):
        print(f"  {kind or '(top)'}: {len(some):,} files, {sum(some) / 1e6:,.1f} MB")
    print(f"  first page {sizes['index.html'] / 1e3:.0f} kB", flush=True)


def _search(site: Path) -> None:
    """Print what queries load and take in Chromium, each on a fresh page."""
    with suppress(ImportError):
        from tests.browser.chromium import chromium

        with chromium() as browser:
            for query in QUERIES:
                tab = browser.new_page()
                asked: list[str] = []
                tab.on("request", lambda one, asked=asked: asked.append(one.url))
                tab.goto((site / "search.html").as_uri())
                tab.wait_for_selector("form.search:not([hidden])")
                began = time.perf_counter()
                tab.fill("[name=q]", query)
                tab.wait_for_selector("#count:not(:empty)")
                passed = time.perf_counter() - began
                parts = [one for one in asked if "/search/" in one]
                size = sum(
                    (site / "search" / one.partition("/search/")[2]).stat().st_size
                    for one in parts
                )
                print(
                    f"search “{query}”: {tab.locator('#results li').count()} shown,"
                    f" {len(parts)} parts, {size / 1e3:,.0f} kB, {passed:.2f} s",
                    flush=True,
                )
                tab.close()
        return
    print("search: no browser")


def _peer(folder: Path) -> Iterator[Spent]:
    """Yield what Pelican takes for the editions' Markdown, and for a day more."""
    program = shutil.which("pelican")
    if program is None:
        return
    content = folder / "pelican" / "content"
    content.mkdir(parents=True)
    (folder / "pelican" / "settings.py").write_text(PELICAN)
    pages = sorted((folder / "site" / "editions").glob("*.md"))
    for page in pages[:-1]:
        _as_article(page, content)
    command = [program, "content", "-o", "output", "-s", "settings.py", "-q"]
    yield _run(command, content.parent)
    _as_article(pages[-1], content)
    yield _run(command, content.parent)


def _as_article(page: Path, content: Path) -> None:
    head = f"Title: {page.stem}\nDate: {page.stem}\nSlug: {page.stem}\n\n"
    (content / page.name).write_text(head + page.read_text("utf-8"), "utf-8")


def _brief(settings: Settings, day: int, known: list[str]) -> Brief:
    random = Random(day)
    until = NOW - timedelta(days=day)
    articles = recombined(ARTICLES, day=day)
    reports = [report(one, summary_of(settings, one)) for one in articles]
    sections: dict[str, list[Story]] = {slug: [] for slug in TOPICS}
    for at in range(STORIES):
        goes_on = known and at % 5 == 0
        ident = random.choice(known[-60:]) if goes_on else f"{day:06x}{at:06x}"
        names = most_named(articles[at::STORIES])
        story = Story(ident, tuple(reports[at::STORIES]), names=names)
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
