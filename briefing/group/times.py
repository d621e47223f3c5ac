"""When the articles of one story were published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from briefing.model import Heading

DAYS_APART: Final = timedelta(days=4)
"""Articles published further apart tell of different events, however alike: what recurs
(exchange rates, weather, anniversaries) is no one story. No story lasts longer; what goes on
is told in another. Pair-F on id_stories.dev at 3, 4, 5, 6, 7 days: .92, .93, .91, .92, .90."""

_LAST: Final = datetime.max.replace(tzinfo=UTC)

Times = tuple[datetime, ...]
"""When the first and the last of several articles were published; empty if all are undated."""


def times(article: Heading) -> Times:
    """Return when one article was published."""
    return (article.published.moment,) if article.published else ()


def together(one: Times, other: Times) -> Times | None:
    """Return the times of two groups as one, None if they lie more than `DAYS_APART`."""
    moments = one + other
    if not moments:
        return ()
    first, last = min(moments), max(moments)
    return (first, last) if last - first <= DAYS_APART else None


def earliness(article: Heading) -> tuple[datetime, str]:
    """Return the key that sorts articles by publication, undated last, then by id."""
    moment = article.published.moment if article.published else _LAST
    return moment, article.id
