"""The noise rules: what to drop from a text, kept as files in ``noise/``.

A file holds ``[[rule]]`` tables; adding one needs no code:

    id      name, unique over all files
    kind    line    a whole line is noise
            prefix  the beginning of a paragraph is
            suffix  the end of a paragraph is
            inside  a part of a paragraph is; what follows is a paragraph of its own
            tail    this line is noise, and so is all that follows, if that is nothing
                    but short lines
    pattern regular expression; for ``line`` and ``tail`` it must match the whole line;
            a group called ``noise`` says which part of a ``suffix`` to drop
    example a text with the noise in it (tests apply every rule to its own example)
    leaves  what is left of the example; nothing if not given
    spares  texts the rule must leave alone
    last    only in the last paragraph
    takes   drop up to so many lines after it too, as long as they look like titles
    credit  the noise can name the agency behind the text
    open    anything may follow in the line, so one of ten words or more that ends as a
            sentence does is left alone
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

FOLDER: Final = Path(__file__).parent / "noise"

Kind = Literal["line", "prefix", "suffix", "inside", "tail"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the attributes are described in the module's docstring."""

    id: str
    kind: Kind
    pattern: re.Pattern[str]
    example: str
    leaves: str = ""
    spares: tuple[str, ...] = ()
    last: bool = False
    takes: int = 0
    credit: bool = False
    open: bool = False


@cache
def rules(kind: Kind) -> tuple[Rule, ...]:
    """Return the rules of one kind, from the files in the order of their names.

    Rules of every language are used on every text: pages mix languages.
    """
    return tuple(rule for rule in all_rules() if rule.kind == kind)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule that came along."""
    found: list[Rule] = []
    for path in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        found.extend(_rule(table) for table in tables["rule"])
    return tuple(found)


def _rule(table: dict[str, Any]) -> Rule:
    pattern = re.compile(table.pop("pattern"))
    spares = tuple(table.pop("spares", ()))
    return Rule(pattern=pattern, spares=spares, **table)
