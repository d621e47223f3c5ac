"""How visits end: the failures and the states that sources hand back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from briefing.gather.address import masked
from briefing.model import Document, Failure, Gathered, SourceState
from briefing.text import one_line

_SUBJECT_LENGTH = 500


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
) -> Gathered:
    """Return what a visit brought that got an answer.

    Args:
        state: with the address and the validators to be kept.
        now: the time of the visit.
        documents: what there was.
        failures: what could not be read of it.
    """
    after = replace(
        state, checked=now, answered=now, failures=0, reason=None, detail=None
    )
    return Gathered(state.source, tuple(documents), after, tuple(failures))
