"""What an outage does to articles: to which due time each belongs, and how the older ones stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from briefing.group.stories import story_id_of
from briefing.model import OTHER, Heading, Standing


def counts_from(article: Heading) -> datetime:
    """Return from when an article counts: when it was published, else when it was fetched.

    One of which only the day is known counts from that day's end: it may have come in its
    last hour. None counts from later than when it was fetched.
    """
    stamp = article.published
    if stamp is None:
        return article.fetched
    published = stamp.moment + timedelta(days=stamp.day_only)
    return min(published, article.fetched)


def missed(articles: Sequence[Heading]) -> tuple[Standing, ...]:
    """Return how `articles` stand in an edition that leaves them out: each by itself.

    Nobody grouped or ranked them; by id.
    """
    return tuple(
        Standing(
            story=story_id_of([one]),
            section=OTHER,
            headline=one.title,
            outlets=(one.outlet,),
            terms=(),
            articles=((one.id, one.revision),),
            shape="counted",
            cut="missed",
            alone=one.source,
        )
        for one in sorted(articles, key=lambda one: one.id)
    )
