"""When editions are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

Policy = Literal["merge", "each", "latest"]
"""What becomes of due times that were missed: one edition takes everything since the last;
one for each of them; the latest alone, without what belonged to the others."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A series of editions that share out the articles among themselves.

    Attributes:
        name: empty if it has none.
        rules: cron, five fields each; it is due when one of them is.
        zone: in which they are meant.
        timed: it is due more than once a day, so that keys name the time.
        missed: what becomes of due times that were missed.
    """

    name: str
    rules: tuple[str, ...]
    zone: ZoneInfo
    timed: bool = False
    missed: Policy = "merge"
