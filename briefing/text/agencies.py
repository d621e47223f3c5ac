"""The news agency a text credits, which is not the outlet that published it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from briefing.text.terms import fold

_DATA: Final = Path(__file__).with_name("agencies.toml")
_AGENCY: Final = "{agency}"
_NAME_LENGTH: Final = 4
"""Letters from which a word in lower case can be an agency, not an editor's initials."""
_SIGN_OFF_PART: Final = re.compile(r"[^\W_][\w. -]{0,40}")


@dataclass(frozen=True, slots=True)
class _Known:
    """What ``agencies.toml`` says, made ready.

    Attributes:
        names: agency of each way to write it, folded.
        codes: agency of each short form used in sign-offs only.
        spellings: each way to write an agency, hyphens as blanks.
        cues: patterns with a group ``agency``, one for each turn of phrase.
    """

    names: dict[str, str]
    codes: dict[str, str]
    cues: tuple[re.Pattern[str], ...]
    spellings: tuple[str, ...]


def is_agency(name: str) -> bool:
    """Return whether `name` is an agency's, in one of its spellings, or its code: “MNA”."""
    known = _known()
    folded = _folded(name)
    return folded in known.names or (name.isupper() and folded in known.codes)


def find_agency(text: str, credits: Iterable[str], *, outlet: str | None) -> str | None:
    """Return the agency credited, None if none is.

    The first cue in the text counts, then the first agency in `credits`.

    Args:
        text: the clean text.
        credits: what was dropped from it: a dateline's brackets, sign-offs, source lines.
        outlet: who published the text; a text does not credit its own outlet.
    """
    own = _known().names.get(_folded(outlet)) if outlet else None
    candidates = (*_in_text(text), *_in_noise(credits))
    return next((name for name in candidates if name != own), None)


def _in_text(text: str) -> list[str]:
    """Return the agencies that cues in the text name, in the order of the text."""
    known = _known()
    spaced = text.replace("-", " ")
    if not any(spelling in spaced for spelling in known.spellings):
        return []  # a hundred times faster than the cues
    found = [
        (match.start("agency"), known.names[_folded(match["agency"])])
        for cue in known.cues
        for match in cue.finditer(text)
    ]
    return [name for _, name in sorted(found)]


def _in_noise(lines: Iterable[str]) -> Iterator[str]:
    """Give the agencies named in sign-offs, source lines and captions."""
    known = _known()
    for line in lines:
        for match in _SIGN_OFF_PART.finditer(line):
            part = _folded(match.group())
            initials = len(part) < _NAME_LENGTH and match.group().islower()
            agency = known.codes.get(part) or (
                None if initials else known.names.get(part)
            )
            if agency:
                yield agency


@cache
def _known() -> _Known:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    spellings: set[str] = set()
    for agency in table["agency"]:
        written = [agency["name"], *agency.get("aliases", ())]
        spellings.update(written)
        names |= {_folded(spelling): agency["name"] for spelling in written}
        codes |= {_folded(code): agency["name"] for code in agency.get("codes", ())}
    unsure = frozenset(table["unsure"])
    cues = tuple(
        re.compile(cue.replace(_AGENCY, _any_of(spellings - few)))
        for kind, listed in sorted(table["cues"].items())
        for few in [frozenset() if kind == "sure" else unsure]
        for cue in listed
    )
    return _Known(
        names=names,
        codes=codes,
        cues=cues,
        spellings=tuple(sorted({each.replace("-", " ") for each in spellings})),
    )


def _any_of(spellings: Iterable[str]) -> str:
    """Return a pattern with the group ``agency``, the longest spelling first."""
    ordered = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    group = "|".join(re.escape(name).replace(r"\ ", "[ -]") for name in ordered)
    return rf"(?<!\w)(?P<agency>{group})(?!\w)"


def _folded(name: str) -> str:
    """Return a name without case, accents, hyphens and marks around it."""
    return " ".join(fold(name).replace("-", " ").strip(" .,()[]").split())
