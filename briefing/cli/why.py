"""why: what put a story where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from briefing.cli.printing import say, say_json
from briefing.cli.show import edition_of
from briefing.cli.wiring import Wiring, as_json, edition_key, wired
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.model import Brief, Standing

_LONGEST: Final = 80
"""Characters of a sentence that stands for a headline."""

_SHOWN: Final = {
    "full": "told in full",
    "line": "told in one line",
    "counted": "not shown, only counted",
}
_CUT: Final = {
    "topic": "its section has as many as the brief's length allows",
    "brief": "the brief has as many as its length allows",
    "source": "the source that alone has it has had its share, and others waited",
    "words": "the brief has as many words as its length allows",
    "unchanged": "nothing of it is new",
    "elsewhere": "its schedule shows other topics",
    "missed": "it came before the due time before this one, and no edition was made then",
}


@click.command()
@wired(reads=True)
@click.argument("story", required=False)
@click.option(
    "--edition",
    type=edition_key,
    metavar="EDITION",
    help="Of this edition; of the latest if not given.",
)
@as_json
def why(
    given: Wiring, *, story: str | None, edition: str | None, as_json: bool
) -> None:
    """Say what put STORY where it stands: the sum that ranks it, and what cut it.

    STORY is a story's id, an article's, or the beginning of either; without it all stories of
    the edition are listed by rank, also those that are not shown.
    """
    with given.store(create=False) as store:
        brief = edition_of(store, edition).brief
    headings = _headings(brief)
    for place, standing in _meant(brief, story):
        if as_json:
            say_json(_as_row(brief, place, standing))
        elif story is None:
            say(_line(place, standing, headings.get(standing.story, "-")))
        else:
            _tell(brief, place, standing)


def _meant(brief: Brief, wanted: str | None) -> list[tuple[int, Standing]]:
    """Return the standings that `wanted` means, each with its place from 1.

    Raises:
        StoreError: there is none.
    """
    from briefing.errors import StoreError

    found = [
        (place, each)
        for place, each in enumerate(brief.standings, 1)
        if wanted is None
        or each.story.startswith(wanted)
        or any(article.startswith(wanted) for article, _ in each.articles)
    ]
    if wanted is not None and not found:
        raise StoreError(
            f"there is no story {wanted} in the edition {brief.key}; "
            "`briefing why` lists them"
        )
    return found


def _headings(brief: Brief) -> dict[str, str]:
    """Return what stands over each story, by id, as far as the edition knows it."""
    told = {
        story.id: one_line(sentence.text, limit=_LONGEST)
        for section in brief.sections
        for story in section.stories
        for sentence in (*story.sentences, *story.reports[0].sentences)[:1]
    }
    return told | {one.story: one.headline for one in brief.standings if one.headline}


def _line(place: int, standing: Standing, heading: str) -> str:
    """Return ``12  2.31  line     1f0c…  serangan  Headline``."""
    return (
        f"{place:>5}  {standing.score:7.2f}  {standing.shape:<7}  {standing.story}  "
        f"{standing.section}  {heading}"
    )


def _tell(brief: Brief, place: int, standing: Standing) -> None:
    say(f"{standing.headline or standing.story} ({', '.join(standing.outlets)})")
    say(f"  story {standing.story}, {len(standing.articles)} articles")
    for name, value in standing.terms:
        say(f"  {name:<11} {value:+.2f}")
    say(f"  {'sum':<11} {standing.score:+.2f}")
    at = f"  place {place} of {len(brief.standings)}, under {standing.section}: "
    reason = f": {_CUT[standing.cut]}" if standing.cut in _CUT else ""
    say(f"{at}{_SHOWN[standing.shape]}{reason}")


def _as_row(brief: Brief, place: int, standing: Standing) -> dict[str, object]:
    return {
        "edition": brief.key,
        "story": standing.story,
        "headline": standing.headline,
        "outlets": list(standing.outlets),
        "section": standing.section,
        "place": place,
        "of": len(brief.standings),
        "score": round(standing.score, 4),
        "terms": dict(standing.terms),
        "shape": standing.shape,
        "cut": standing.cut or None,
        "alone": standing.alone,
        "articles": [article for article, _ in standing.articles],
    }
