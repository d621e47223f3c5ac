"""Articles of any number become stories, so many at once that memory holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from briefing.group.copies import copies
from briefing.group.profiles import Profile
from briefing.group.stories import continued
from briefing.model import Heading

AT_ONCE: Final = 10_000
"""Articles that are grouped together, beside as many that were before them."""


def story_ids(
    articles: Iterable[tuple[Heading, Profile]], *, at_once: int = AT_ONCE
) -> Iterator[tuple[str, str]]:
    """Yield the id of each article with that of its story, as far as is known so far.

    Up to `at_once` articles are grouped as by `group_articles`. Of more, each lot goes on from the
    stories of those before it (`continued`), of which the newest `at_once` are remembered: what is
    once told of an article is never changed. Memory is that of two lots.

    Args:
        articles: headings and profiles, ordered by `Heading.came_out`, then id; each id once.
        at_once: articles of a lot.
    """
    waiting = iter(articles)
    told: list[tuple[Heading, str]] = []
    known: dict[str, Profile] = {}
    while lot := list(islice(waiting, at_once)):
        headings = [heading for heading, _ in lot]
        profiles = known | {heading.id: one for heading, one in lot}
        story_of = {
            article.id: story
            for story, members in continued(
                headings, told, copies=copies(headings, profiles), profiles=profiles
            )
            for article in members
        }
        yield from story_of.items()
        told = [*told, *((one, story_of[one.id]) for one in headings)][-at_once:]
        known = {one.id: _without_shingles(profiles[one.id]) for one, _ in told}


def _without_shingles(profile: Profile) -> Profile:
    return replace(profile, shingles=profile.shingles[:0].copy())
