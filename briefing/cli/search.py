"""search: what is kept, by words."""

from __future__ import annotations

from datetime import MAXYEAR, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from briefing.cli.printing import plain, say, say_json
from briefing.cli.wiring import Wiring, as_json, wired
from briefing.text import EARLIEST, one_line

if TYPE_CHECKING:
    from briefing.model import Article
    from briefing.search import Found
    from briefing.settings import Settings

_LONGEST: Final = 80
"""Characters of a text that stand for its headline."""


class _Day(click.DateTime):
    """A date like 2024-12-01."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the moment at which the day begins, without a zone."""
        try:
            found = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no date like 2024-12-01", param, ctx)
        if not EARLIEST.year <= found.year < MAXYEAR:
            self.fail(f"{value!r} is no date of news", param, ctx)
        return found


_DAY = _Day(["%Y-%m-%d"])


@click.command()
@wired(reads=True)
@click.argument("words", nargs=-1, required=True)
@click.option("--topic", metavar="SLUG", help="Only what fits this topic.")
@click.option("--outlet", metavar="NAME", help="Only what this outlet published.")
@click.option("--since", type=_DAY, metavar="DATE", help="Not before this day.")
@click.option("--until", type=_DAY, metavar="DATE", help="Not after this day.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="At most so many.",
)
@as_json
def search(
    given: Wiring,
    *,
    words: tuple[str, ...],
    topic: str | None,
    outlet: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find stories and articles that have all WORDS, or words made from them.

    Words are as in a topic's rules: "=word" is just that, "word*" any ending, several in
    quotation marks stand together.
    """
    from briefing.search import search as find

    _check_topic(given.settings, topic)
    with given.store(create=False) as store:
        try:
            found = find(
                given.settings,
                store,
                words,
                topic=topic,
                outlet=outlet,
                since=since.date() if since else None,
                until=until.date() if until else None,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    for one in found[:limit]:
        if as_json:
            say_json(_row(one))
        else:
            say(_line(given.settings, one))
    if not as_json:
        more = f", {limit} shown" if len(found) > limit else ""
        say(f"{len(found)} found{more}", err=True)


def _check_topic(settings: Settings, topic: str | None) -> None:
    known = [one.slug for one in settings.topics]
    if topic is not None and topic not in known:
        raise click.UsageError(
            f"there is no topic {topic!r}; there is {', '.join(known) or 'none'}"
        )


def _line(settings: Settings, found: Found) -> str:
    """Return ``2024-11-30  1f0c…  2024-12-01  Pena, Warta  Headline``."""
    lead = found.articles[0]
    outlets = dict.fromkeys(one.outlet or one.source for one in found.articles)
    return (
        f"{lead.came_out.astimezone(settings.tzinfo):%Y-%m-%d}  {found.story or lead.id:<16}  "
        f"{found.edition or '-':<10}  {', '.join(outlets)}  {lead.title or one_line(lead.text, limit=_LONGEST)}"
    )


def _row(found: Found) -> dict[str, Any]:
    return {
        "story": found.story,
        "edition": found.edition,
        "score": round(found.score, 4),
        "articles": [_article(one) for one in found.articles],
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet or article.source,
        "published": plain(article.published),
        "url": article.link or article.url,
    }
