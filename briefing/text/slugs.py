"""Names for addresses and files."""

from __future__ import annotations

import re
from typing import Final

from briefing.text.fingerprints import digest
from briefing.text.places import name_key
from briefing.text.terms import fold

_RESERVED: Final = re.compile(
    r"con|prn|aux|nul|index|(com|lpt)\d|.*-[0-9a-f]{8}", re.ASCII
)
"""Names that Windows keeps for devices, whatever their ending; ours; and what looks like a mark."""


def slug_of(name: str) -> str:
    """Return a name for addresses and files, of 60 letters at most, the same for ever.

    Two names have the same only if they differ in nothing but case. What is more than small
    letters and digits carries a mark of the whole.
    """
    low = name.strip().casefold()
    readable = re.sub("[^a-z0-9]+", "-", fold(low)).strip("-")[:50].rstrip("-")
    if readable and readable == low and not _RESERVED.fullmatch(low):
        return low
    return f"{readable}-{digest(low.encode())[:8]}".lstrip("-")


def name_slug(name: str) -> str:
    """Return `slug_of` what is the same for all ways to write a name."""
    return slug_of(name_key(name))
