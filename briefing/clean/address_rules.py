"""What in an address does not say which article it is of, read once from addresses.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("addresses.toml")


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The rules, ready to be applied; all names in lower case.

    Attributes:
        hosts: labels of a host's name for other renderings of its pages.
        caches: patterns of addresses (without scheme) in caches, with the page's own
            address as the group ``page``.
        index: files that the address of their folder stands for.
        tracking: pattern of parameters that go whatever their value.
        words: parameters that go if their value has no digit.
        renderings: parameters that go with certain values.
        drawn: parameters that go if their value looks drawn by chance.
        path_session: pattern of session ids in a path.
    """

    hosts: re.Pattern[str]
    caches: re.Pattern[str]
    index: frozenset[str]
    tracking: re.Pattern[str]
    words: frozenset[str]
    renderings: Mapping[str, frozenset[str]]
    drawn: frozenset[str]
    path_session: re.Pattern[str]


@cache
def address_rules() -> AddressRules:
    """Return the rules of ``addresses.toml``."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    tracking, sessions = data["tracking"], data["sessions"]
    names = _either([*tracking["names"], *sessions["names"]])
    ids = _either([*sessions["names"], *sessions["drawn"]])
    caches = "|".join(f"{one['host']}{one['path']}" for one in data["caches"])
    return AddressRules(
        hosts=re.compile(rf"(?:{_either(data['hosts'])})\d?"),
        caches=re.compile(rf"(?:{caches})(?P<page>[\w-]+\.[^/]+/.*)", re.S),
        index=frozenset(data["files"]["index"]),
        tracking=re.compile(rf"(?:{_either(tracking['prefixes'])}).*|(?:{names})"),
        words=frozenset(tracking["words"]),
        renderings={
            name: frozenset(values) for name, values in data["renderings"].items()
        },
        drawn=frozenset(sessions["drawn"]),
        path_session=re.compile(
            rf"(?i:;(?:{ids})=[^;/]*)|/\((?:[A-Z]\(\w+\))+\)(?=/|\Z)"
        ),
    )


def _either(names: list[str]) -> str:
    return "|".join(map(re.escape, names))
