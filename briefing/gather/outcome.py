"""How visits end: the failures and the states that sources hand back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from briefing.gather.address import masked
from briefing.gather.entries import MAX_ENTRIES_READ
from briefing.model import Document, Failure, Gathered, SourceState
from briefing.text import one_line

MAX_TOLD: Final = 20
"""Failures of one visit and reason that are told each by itself."""

_SUBJECT_LENGTH: Final = 500


def failed(subject: str, reason: str, detail: str = "") -> Failure:
    """Return a failure of this stage, each part one line and without passwords."""
    return Failure(
        "gather",
        one_line(masked(subject), limit=_SUBJECT_LENGTH),
        reason,
        one_line(masked(detail)),
    )


def unanswered(state: SourceState, now: datetime, failure: Failure) -> Gathered:
    """Return what a visit brought that got no answer: nothing but `failure`."""
    after = replace(
        state,
        checked=now,
        failures=state.failures + 1,
        reason=failure.reason,
        detail=failure.detail,
    )
    return Gathered(state.source, (), after, (failure,), answered=False)


def answered(
    state: SourceState,
    now: datetime,
    documents: Sequence[Document] = (),
    failures: Sequence[Failure] = (),
    *,
    complete: datetime | None = None,
) -> Gathered:
    """Return what a visit brought that got an answer.

    Args:
        state: with the address and the validators to be kept.
        now: the time of the visit.
        documents: what there was.
        failures: what could not be read of it.
        complete: up to when all was read; None: up to now.
    """
    after = replace(
        state,
        checked=now,
        answered=now,
        complete=complete,
        failures=0,
        reason=None,
        detail=None,
    )
    told = tuple(_few(failures, state.source))
    return Gathered(state.source, tuple(documents), after, told)


def without_rest(visited: Gathered, count: int) -> Gathered:
    """Return `visited`, with a failure that says of `count` entries that are not read."""
    if not count:
        return visited
    detail = f"{MAX_ENTRIES_READ} entries were looked at, {count} were not"
    rest = failed(visited.source, "too-large", detail)
    return replace(visited, failures=(*visited.failures, rest))


def _few(failures: Sequence[Failure], source: str) -> Iterator[Failure]:
    """Yield `MAX_TOLD` failures of each reason, and how many more there are."""
    count = Counter[str]()
    for failure in failures:
        count[failure.reason] += 1
        if count[failure.reason] <= MAX_TOLD:
            yield failure
    for reason, times in count.items():
        if times > MAX_TOLD:
            yield failed(source, reason, f"and {times - MAX_TOLD} more")
