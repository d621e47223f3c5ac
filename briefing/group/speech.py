"""Verbs that say who speaks, beside names and quotations."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

_DATA: Final = Path(__file__).with_name("speech.toml")


@cache
def verbs(use: Literal["closing", "telling", "relaying"]) -> frozenset[str]:
    """Return folded verbs.

    Args:
        use: `closing` verbs stand between a quotation and a name, `telling` ones behind a name,
            `relaying` ones where the words are somebody else's.
    """
    return frozenset(tomllib.loads(_DATA.read_text("utf-8"))[use])
