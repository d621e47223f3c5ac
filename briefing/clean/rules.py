r"""The noise rules: what to drop from a text, kept as files in ``noise/``.

A file holds ``[[rule]]`` tables; adding one needs no code:

    id      name, unique over all files
    kind    line    a whole line is noise
            prefix  the beginning of a paragraph is
            suffix  the end of a paragraph is; the pattern must reach it
            inside  a part of a paragraph is; what follows is a paragraph of its own
            tail    this line is noise, and so is all that follows, if that is nothing
                    but short lines
    pattern regular expression; for ``line`` and ``tail`` it must match the whole line;
            a group called ``noise`` says which part of a ``suffix`` to drop
    example a text with the noise in it (tests apply every rule to its own example)
    leaves  what is left of the example by this rule alone
    spares  texts the rule must leave alone, at least one
    outlets names or sites (``kompas.com``) of the outlets whose texts alone it is for
    last    only in the last paragraph
    takes   drop up to so many lines after it too, as long as they look like titles
    credit  the noise can name the agency behind the text
    open    anything may follow in the line, so one that reads as a sentence is left alone: of
            ten words or more, or with a speaker (“…, kata polisi.”)
    label   a title may begin so (“Video: …”): left alone are a line with a speaker, a sentence
            without a capital behind the colon, and the first line above a text that has no
            other title

An operator's own rules stand in such files too. Their patterns are RE2's
(https://github.com/google/re2/wiki/Syntax), which match in linear time whatever they
say: no pattern can make a run hang. It has no lookaround, and the end of a text is ``$`` or
``\z``. Those here use `re`, where that is ``\Z``; they are bounded, and tried on hostile
lines by the tests.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from briefing.clean.paragraphs import ends_sentence
from briefing.text import fold
from briefing.text.patterns import Pattern, linear

FOLDER: Final = Path(__file__).parent / "noise"

SENTENCE_WORDS: Final = 10
"""Words from which a line that ends as a sentence does is one, whatever it begins with."""
_SPEAKER: Final = re.compile(
    r",[\"”’]? (?:(?:kata|ujar|ucap|ungkap|tutur|jelas|tegas|sebut|tambah|imbuh|papar|terang|pesan|"
    r"pinta|imbau|ajak|tulis|seru|lapor|klaim|tanya|begitu|demikian)(?:nya)?\b|(?:[\w-]{1,20} ){1,4}"
    r"(?:said|says?|told|wrote|writes|added|asked|warned|urged|shouted|chanted)\b)"
)
"""A speaker named behind what is said: no label and no advertising goes on so."""
_BEHIND_LABEL: Final = re.compile(
    r"[^:]{1,20}: [a-z][^:@/]{1,200} [^:@/]{1,200}[.!?][\"”]?"
)
"""A sentence that goes on behind a colon without a capital: "Foto: tentara menangis."."""

Kind = Literal["line", "prefix", "suffix", "inside", "tail"]
Publishers = frozenset[str]
"""Folded names and sites of who published a text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the attributes are described in the module's docstring."""

    id: str
    kind: Kind
    pattern: Pattern
    example: str
    leaves: str | None = None
    spares: tuple[str, ...] = ()
    outlets: frozenset[str] = frozenset()
    last: bool = False
    takes: int = 0
    credit: bool = False
    open: bool = False
    label: bool = False

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where `text` is noise by this rule alone, as its kind looks for it.

        None but ``inside`` finds more than one stretch, from the left to the right.
        """
        if self.kind in {"line", "tail"}:
            found = self.pattern.fullmatch(text) and not self._is_sentence(text)
            return [(0, len(text))] if found else []
        if self.kind == "prefix":
            match = self.pattern.match(text)
            return [(0, match.end())] if match else []
        matches = self.pattern.finditer(text)
        if self.kind == "inside":
            return [(match.start(), match.end()) for match in matches]
        group = self.pattern.groupindex.get("noise", 0)
        ends = (match.start(group) for match in matches if match.end() == len(text))
        return [(start, len(text)) for start in ends if start >= 0][:1]

    def _is_sentence(self, text: str) -> bool:
        """Return whether the line `text` reads as a sentence that this rule leaves alone."""
        if not (self.open or self.label):
            return False
        long = ends_sentence(text) and len(text.split()) >= SENTENCE_WORDS
        labelled = _BEHIND_LABEL.fullmatch(text) is not None
        return (
            (self.open and long)
            or (self.label and labelled)
            or _SPEAKER.search(text) is not None
        )

    def left(self, text: str) -> str:
        """Return what is left of `text` without the noise; parts are paragraphs."""
        starts, ends = zip(*self.find(text), (len(text), 0), strict=True)
        parts = zip((0, *ends), starts, strict=False)
        kept = (text[start:end].strip() for start, end in parts)
        return "\n\n".join(part for part in kept if part)


class Rules:
    """Rules in the order of their files."""

    def __init__(self, listed: tuple[Rule, ...]) -> None:
        self._listed = listed
        self._kinds: dict[Kind, tuple[Rule, ...]] = {
            kind: tuple(rule for rule in listed if rule.kind == kind)
            for kind in get_args(Kind)
        }
        self._named = frozenset(name for rule in listed for name in rule.outlets)
        self._chosen: dict[Publishers, Rules] = {}

    def of(self, kind: Kind) -> tuple[Rule, ...]:
        """Return the rules of one kind."""
        return self._kinds[kind]

    def by(self, names: Publishers) -> Rules:
        """Return those for a text published by `names`: the same object for the same names.

        Rules of every language are among them: pages mix languages.
        """
        known = names & self._named
        if known not in self._chosen:
            self._chosen[known] = Rules(
                tuple(
                    rule
                    for rule in self._listed
                    if not rule.outlets or rule.outlets & known
                )
            )
        return self._chosen[known]


def publishers(*names: str | None) -> Publishers:
    """Return the names that rules know a publisher by: “kompas.com” below a site too."""
    found = {fold(name) for name in names if name}
    for name in list(found):
        if "." in name and " " not in name:
            labels = name.split(".")
            found.update(".".join(labels[at:]) for at in range(1, len(labels) - 1))
    return frozenset(found)


@lru_cache(maxsize=8)
def rules(own: Path | None = None) -> Rules:
    """Return the rules that came along and, behind them, the operator's.

    They are read once: a file that changes is read again by the next process.

    Args:
        own: a file of rules, or a folder of such files; None if there are none.

    Raises:
        ValueError: a rule of the operator's cannot be used; the message names file, rule
            and key.
    """
    if own is None:
        return Rules(all_rules())
    return Rules((*all_rules(), *own_rules(own)))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule that came along, in the order of the files' names."""
    found: list[Rule] = []
    for path in sorted(FOLDER.glob("*.toml")):
        found.extend(_rules_in(path, re.compile))
    return tuple(found)


def own_rules(path: Path) -> tuple[Rule, ...]:
    """Return the operator's rules in the file or the folder's ``*.toml`` files at `path`.

    Each one is tried on its own example and on what it spares.

    Raises:
        ValueError: see `rules`.
    """
    if not path.exists():
        raise ValueError(f"{path}: no such file or folder")
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    found: list[Rule] = []
    taken = {rule.id for rule in all_rules()}
    for file in files:
        for rule in _rules_in(file, linear):
            place = f"{file}: rule {rule.id!r}"
            if rule.id in taken:
                raise ValueError(f"{place}: id: there is another rule of this name")
            taken.add(rule.id)
            _try(rule, place)
            found.append(rule)
    return tuple(found)


def _try(rule: Rule, place: str) -> None:
    """Apply the rule to its own cases.

    Raises:
        ValueError: it misses its example, leaves something else of it than it says, or
            takes what it must spare.
    """
    if "noise" in rule.pattern.groupindex and rule.kind != "suffix":
        raise ValueError(f"{place}: pattern: a group 'noise' is for a suffix alone")
    if not rule.find(rule.example):
        reach = " up to its end" if rule.kind == "suffix" else ""
        raise ValueError(f"{place}: example: the pattern does not match it{reach}")
    left = rule.left(rule.example)
    if rule.leaves is not None and left != rule.leaves:
        raise ValueError(f"{place}: leaves: the rule leaves {left!r} of its example")
    if not rule.spares:
        raise ValueError(f"{place}: spares: name a text that the rule must leave alone")
    for spared in rule.spares:
        if rule.find(spared):
            raise ValueError(f"{place}: spares: the pattern matches {spared!r}")


def _rules_in(path: Path, compiled: Callable[[str], Pattern]) -> list[Rule]:
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from error
    listed = tables.pop("rule", [])
    whole = isinstance(listed, list) and all(isinstance(one, dict) for one in listed)
    if tables or not whole:
        raise ValueError(f"{path}: holds something else than [[rule]] tables")
    return [_rule(table, at, path, compiled) for at, table in enumerate(listed, 1)]


_TYPES: Final[Mapping[str, type]] = {
    "id": str, "kind": str, "pattern": str, "example": str, "leaves": str, "spares": list,
    "outlets": list, "last": bool, "takes": int, "credit": bool, "open": bool,
    "label": bool,
}  # fmt: skip
_NEEDED: Final = ("id", "kind", "pattern", "example")


def _rule(
    table: dict[str, Any], number: int, path: Path, compiled: Callable[[str], Pattern]
) -> Rule:
    place = f"{path}: rule {table.get('id', number)!r}"
    _check(table, place)
    try:
        pattern = compiled(table["pattern"])
    except re.error as error:
        raise ValueError(f"{place}: pattern: {error}") from error
    return Rule(
        **{
            **table,
            "pattern": pattern,
            "spares": tuple(table.get("spares", ())),
            "outlets": frozenset(map(fold, table.get("outlets", ()))),
        }
    )


def _check(table: dict[str, Any], place: str) -> None:
    """Raise ValueError if a key is unknown, of the wrong type, missing or out of range."""
    for key, value in table.items():
        if key not in _TYPES:
            raise ValueError(f"{place}: {key}: unknown key")
        strings = not isinstance(value, list) or all(isinstance(v, str) for v in value)
        if type(value) is not _TYPES[key] or not strings:
            raise ValueError(f"{place}: {key}: not a {_TYPES[key].__name__}")
    for key in _NEEDED:
        if not table.get(key):
            raise ValueError(f"{place}: {key}: is missing")
    if table["kind"] not in get_args(Kind):
        raise ValueError(f"{place}: kind: one of {', '.join(get_args(Kind))}")
    if table.get("takes", 0) < 0:
        raise ValueError(f"{place}: takes: fewer than 0")
