"""evaluate: how near the methods' summaries are to people's, on the user's own data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from briefing.cli.filtering import filtered
from briefing.cli.filters import language_option
from briefing.cli.printing import say, say_json
from briefing.cli.rows import Measured, Row, measured_row
from briefing.cli.wiring import as_json, budgeted, checked_recipe, leave
from briefing.errors import SourceError

if TYPE_CHECKING:
    from briefing.measure import Interval

_NAMES: Final = ("ROUGE-1", "ROUGE-2", "ROUGE-L")
_KEYS: Final = ("rouge1", "rouge2", "rougeL")
_CELL: Final = 20
"""Characters of a figure with its interval."""


class _Result(NamedTuple):
    """What was measured of one method; `speed` is in articles a second of one core."""

    method: str
    articles: int
    scores: Sequence[Interval]
    words: float
    speed: float

    def line(self) -> str:
        """Return it as a line of the table."""
        cells = (
            f"{one.mean:.1f} [{one.low:.1f}, {one.high:.1f}]" for one in self.scores
        )
        return _line(self.method, cells, f"{self.words:.1f}", f"{self.speed:,.0f}")

    def row(self, recipe: str) -> Row:
        """Return it as a line of JSON."""
        figures = (list(one) for one in self.scores)
        return {
            "method": self.method,
            "recipe": recipe,
            "articles": self.articles,
            **dict(zip(_KEYS, figures, strict=True)),
            "words": self.words,
            "per_second": self.speed,
        }


def _line(method: str, cells: Iterable[str], words: str, speed: str) -> str:
    joined = "  ".join(f"{cell:{_CELL}}" for cell in cells)
    return f"{method:10}  {joined}  {words:>7}  {speed:>10}"


@click.command()
@click.argument("data")
@click.option(
    "--method",
    "methods",
    multiple=True,
    metavar="METHOD",
    help="Only this one; may be given several times.",
)
@budgeted()
@language_option
@as_json
def evaluate(
    *,
    data: str,
    methods: tuple[str, ...],
    language: str,
    as_json: bool,
    **budget: Any,
) -> None:
    """Measure how near each method's summaries are to people's: ROUGE, words, speed.

    DATA is JSON Lines, - for standard input: text or sentences, summary, and title and
    language if there are any; or paragraphs and summary of words, as IndoSum has them.
    """
    from briefing.condense import METHODS
    from briefing.measure import rouge

    wanted = tuple(dict.fromkeys(methods)) or METHODS
    recipes = [checked_recipe(method, budget) for method in wanted]
    rouge([""], [""])  # told at once where rouge-score is not installed
    rows: list[list[Measured]] = []
    status = filtered(
        data,
        partial(_row, language=language, methods=wanted, budget=budget),
        sink=lambda row: rows.append(row["measured"]),
        told_as=f"{data}:",
    )
    if not rows:
        raise SourceError(f"{data}: nothing to measure")
    if not as_json:
        say(f"{data}: {len(rows):,} articles; means and 95 % intervals")
        click.echo(_line("", _NAMES, "words", "articles/s"))
    for recipe, result in zip(recipes, _results(wanted, rows), strict=True):
        if as_json:
            say_json(result.row(recipe))
        else:
            click.echo(result.line())
    leave(status)


def _row(
    row: Row, *, language: str, methods: Sequence[str], budget: Mapping[str, Any]
) -> Row:
    found = measured_row(row, language=language, methods=methods, budget=budget)
    return {"measured": found}


def _results(
    methods: Sequence[str], rows: Sequence[Sequence[Measured]]
) -> Iterator[_Result]:
    """Yield what was measured of each method; `rows` have one value for each of them."""
    import numpy as np

    from briefing.measure import intervals

    scores = np.array([[score for one in row for score in one.scores] for row in rows])
    found = intervals(scores)
    for at, method in enumerate(methods):
        own = [row[at] for row in rows]
        seconds = sum(one.seconds for one in own)
        yield _Result(
            method,
            len(rows),
            found[len(_KEYS) * at : len(_KEYS) * (at + 1)],
            sum(one.words for one in own) / len(rows),
            len(rows) / max(seconds, 1e-9),
        )
