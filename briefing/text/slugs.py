"""Names for addresses and files."""

from __future__ import annotations

import re
from typing import Final

from briefing.text.fingerprints import digest
from briefing.text.places import name_key
from briefing.text.terms import fold

_KEPT: Final = re.compile(r"con|prn|aux|nul|index|(com|lpt)\d", re.ASCII)
"""Names that Windows keeps for devices, whatever their ending, and ours."""

_MARKED: Final = re.compile(".*-[0-9a-f]{8}")
"""What looks like a mark."""


def is_kept(slug: str) -> bool:
    """Tell whether no file may be called so."""
    return _KEPT.fullmatch(slug) is not None


def slug_of(name: str) -> str:
    """Return a name for addresses and files, of 60 letters at most, the same for ever.

    Two names have the same only if they differ in nothing but case. What is more than small
    letters and digits carries a mark of the whole.
    """
    low = name.strip().casefold()
    readable = re.sub("[^a-z0-9]+", "-", fold(low)).strip("-")[:50].rstrip("-")
    plain = readable == low and not is_kept(low) and not _MARKED.fullmatch(low)
    if readable and plain:
        return low
    return f"{readable}-{digest(low.encode())[:8]}".lstrip("-")


def name_slug(name: str) -> str:
    """Return `slug_of` what is the same for all ways to write a name."""
    return slug_of(name_key(name))
