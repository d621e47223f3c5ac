"""Work on each line of JSON Lines, in order, on all cores."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial

from briefing.cli.lines import LONGEST, opened
from briefing.cli.printing import progress, say, say_json
from briefing.cli.rows import Row, RowError
from briefing.cli.wiring import LEFT_OUT
from briefing.workers import Loss, workers_at

Work = Callable[[Row], Row]


def filtered(
    place: str,
    work: Work,
    *,
    sink: Callable[[Row], None] = say_json,
    told_as: str = "line ",
    dask: str | None = None,
) -> int:
    """Do `work` on each JSON line at `place`, in order, on all cores; return the status.

    A bad line is reported with its number behind `told_as`; the others go on. With the address
    of a Dask scheduler the work is done there.
    """
    bad = 0
    with (
        opened(place) as lines,
        progress(printing=sink is say_json) as told,
        workers_at(dask) as workers,
    ):
        results = workers.map(partial(_worked, work=work), lines, lost=_lost)
        for number, result in enumerate(results, 1):
            told("lines", number, 0)
            fault = result if isinstance(result, str) else _sunk(result, sink)
            if fault:
                bad += 1
                say(f"{told_as}{number}: {fault}", err=True)
    return LEFT_OUT if bad else 0


def _sunk(row: Row | None, sink: Callable[[Row], None]) -> str | None:
    """Give `row` to `sink`; return what it has against it."""
    try:
        if row is not None:
            sink(row)
    except RowError as error:
        return str(error)
    return None


def _lost(line: bytes, why: Loss) -> str:
    return why


def _finite(number: str) -> float:
    """Return a number of JSON, which knows neither ``NaN`` nor what is too large for a float."""
    found = float(number)
    if not math.isfinite(found):
        raise ValueError(f"{number} is no number of JSON")
    return found


def _worked(line: bytes, *, work: Work) -> Row | str | None:
    """Return the finished row, what is wrong with it, or None for a blank line."""
    if not line.strip():
        return None
    if len(line) > LONGEST:
        return f"longer than {LONGEST:,} bytes"
    try:
        row = json.loads(line, parse_float=_finite, parse_constant=_finite)
        if not isinstance(row, dict):
            return "not a JSON object"
        return work(row)
    except (RowError, ValueError, RecursionError) as error:
        return str(error) or type(error).__name__
    except Exception as error:  # noqa: BLE001  # one line must not cost those behind it
        return f"{type(error).__name__}: {error}"
