"""What a collect or another long work did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from briefing.model.failure import Failure

RunKind = Literal["collect", "clean", "forget"]
RunStatus = Literal["running", "done", "partial", "failed"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a verb; written down also when it crashed."""

    kind: RunKind
    started: datetime
    finished: datetime | None = None
    status: RunStatus = "running"
    counts: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
