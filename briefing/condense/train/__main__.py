"""``python -m briefing.condense.train DATA``: validates, learns, writes the model.

DATA is IndoSum (Kurniawan and Louvan 2018) as JSON Lines: id, paragraphs, gold_labels,
summary. The same data gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
from rich.progress import track

from briefing.condense.learned import Model
from briefing.condense.reading import Vector
from briefing.condense.train.fit import FOLDS, fit, fold
from briefing.condense.train.samples import Sample, read
from briefing.condense.train.targets import target
from briefing.condense.train.validate import scores, table

MODEL: Final = Path(__file__).parents[1] / "learned.npz"

Lesson = tuple[Sample, Vector]
"""An article, and how much each of its sentences belongs into the summary."""


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model", type=click.Path(path_type=Path), default=MODEL, show_default=True
)
@click.option(
    "--validate/--no-validate",
    default=True,
    show_default=True,
    help=f"First learn {FOLDS} times from all but one part, and measure that part.",
)
@click.option("--processes", type=click.IntRange(1), default=2, show_default=True)
def main(data: Path, *, model: Path, validate: bool, processes: int) -> None:
    """Learn which sentences people choose, from DATA."""
    rows = list(track(read(data), "reading", total=None))
    with ProcessPoolExecutor(processes) as pool:
        lessons = list(
            track(pool.map(_lesson, rows, chunksize=20), "preparing", total=len(rows))
        )
        last = pool.submit(_learned, lessons, None)
        if validate:
            for line in table(list(_validated(lessons, pool))):
                click.echo(line)
        write(last.result(), model)
    click.echo(f"{model}: {model.stat().st_size:,} bytes")


def _lesson(row: dict[str, Any]) -> Lesson:
    sample = Sample.of(row, language="id")
    return sample, target(sample)


def _validated(
    lessons: Sequence[Lesson], pool: ProcessPoolExecutor
) -> Iterator[dict[str, Vector]]:
    """Yield the scores of each sample under a model that has not seen it."""
    measured = pool.map(partial(_held_out, lessons), range(FOLDS))
    for part in track(measured, "validating", total=FOLDS):
        yield from part


def _held_out(lessons: Sequence[Lesson], part: int) -> list[dict[str, Vector]]:
    model = _learned(lessons, part)
    return [scores(one, model) for one, _ in lessons if fold(one) == part]


def _learned(lessons: Sequence[Lesson], without: int | None) -> Model:
    """Return what is learned from all parts but one, or from all."""
    kept = [lesson for lesson in lessons if fold(lesson[0]) != without]
    return fit([sample for sample, _ in kept], [wanted for _, wanted in kept])


def write(model: Model, path: Path) -> None:
    """Write the model to a file that NumPy reads."""
    arrays: dict[str, Any] = {
        **model.reach.arrays(),
        **model.told.arrays("told"),
        **model.untold.arrays("untold"),
    }
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    main()
