"""What one flooding source takes from the others' places in a brief, and from a build's time.

    python -m bench.flood

Five hundred articles of ten sources, a third of them on each of two topics; then 5,000 more of
one of the sources: near-copies of one article, or as many distinct ones that all fit a topic.
What is counted when an article comes is counted before the clock runs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from time import process_time

from bench.stages import NOW, mixed
from briefing.group import (
    PER_SOURCE,
    ROOM,
    candidate,
    continued,
    copies,
    cut,
    judged,
    profile_from,
    profiled,
    ranked,
)
from briefing.model import Article, Standing, Topic

FLOOD = 5_000
SOURCES = 10
TOPICS = (
    Topic("satu", "Satu", any=("pokoksatu^3",)),
    Topic("dua", "Dua", any=("pokokdua^3",)),
)


def day(count: int) -> list[Article]:
    """Return the articles of a day before the flood."""
    return [
        replace(
            one,
            source=f"s{at % SOURCES}",
            outlet=f"s{at % SOURCES}",
            text=f"{one.text} {('pokoksatu', 'pokokdua', '')[at % 3]}",
        )
        for at, one in enumerate(mixed(count))
    ]


def near_copies(article: Article) -> list[Article]:
    """Return `FLOOD` near-copies of `article`, each with 18 words of its own."""
    random = Random(3)
    read = article.text.split()
    found = []
    for at in range(FLOOD):
        changed = read[:]
        for place in random.sample(range(len(read)), 18):
            changed[place] = f"lain{at}x{place}"
        found.append(replace(article, id=f"f{at:015}", text=" ".join(changed)))
    return found


def distinct(articles: list[Article], flooding: str) -> list[Article]:
    """Return articles of the source `flooding` alone, all of a topic and all of now."""
    return [
        replace(
            one,
            id=f"f{at:015}",
            source=flooding,
            outlet=flooding,
            title=f"{one.title} {('pokoksatu', 'pokokdua')[at % 2]}",
            published=replace(one.published, moment=NOW) if one.published else None,
        )
        for at, one in enumerate(articles)
    ]


def standings(articles: list[Article]) -> tuple[tuple[Standing, ...], float]:
    """Return how each story of `articles` stands in a brief of standard length.

    Also the seconds of cpu that it took.
    """
    profiles = {one.id: profile_from(profiled(one)) for one in articles}
    hits = {one.id: judged(one, TOPICS, recipe="").hits for one in articles}
    begun = process_time()
    copied = copies(articles, profiles)
    grouped = continued(articles, (), copies=copied, profiles=profiles)
    stories = [
        candidate(reports, TOPICS, hits, copies=copied, ident=ident)
        for ident, reports in grouped
    ]
    slugs = [topic.slug for topic in TOPICS]
    found = ranked(stories, slugs, now=NOW, weights={}, novelty={})
    shown = cut(found, ROOM["standard"], per_source=PER_SOURCE)
    return shown, process_time() - begun


def places(found: tuple[Standing, ...]) -> Counter[str]:
    """Return how many places each source alone has."""
    return Counter(
        each.alone for each in found if each.shape != "counted" and each.alone
    )


def main() -> None:
    """Print the places that sources have before the flood and in it."""
    articles = mixed(500 + FLOOD)
    quiet_day = day(500)
    before = places(standings(quiet_day)[0])
    flooding = "s0"
    others = sum(before.values()) - before[flooding]
    print(f"before: {sum(before.values())} places, of others {others}")
    busy_day = day(FLOOD)
    _, seconds = standings(busy_day)
    print(f"{FLOOD} articles of a day: {seconds:.1f} s of cpu")
    _, seconds = standings([*busy_day, *near_copies(busy_day[0])])
    print(f"{FLOOD} near-copies besides: {seconds:.1f} s of cpu")
    for name, flood in (
        ("near-copies", near_copies(quiet_day[0])),
        ("distinct", distinct(articles[500:], flooding)),
    ):
        shown, seconds = standings([*quiet_day, *flood])
        found = places(shown)
        left = sum(found.values()) - found[flooding]
        print(
            f"{FLOOD} {name}: of others {left} ({left / others:.0%}), "
            f"{seconds:.1f} s of cpu"
        )


if __name__ == "__main__":
    main()
