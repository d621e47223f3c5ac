"""Names of cities and countries."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from briefing.text.terms import fold

_DATA: Final = Path(__file__).with_name("places.toml")


def city(name: str) -> str | None:
    """Return how the city or region `name` is written, None if it is not known."""
    return _cities().get(fold(name))


def is_region(name: str) -> bool:
    """Tell whether `name` is a province's or a state's."""
    return fold(name) in _regions()


def country(name: str) -> str | None:
    """Return the code (ISO 3166) of the country `name`, None if it is not known.

    Args:
        name: in Indonesian, Malay or English, or short ("AS").
    """
    return _countries().get(fold(name).rstrip("."))


def name_key(name: str) -> str:
    """Return what is equal for all ways to write a name: ``=US`` for any of a country's."""
    code = country(name)
    return f"={code}" if code else fold(name)


@cache
def _cities() -> Mapping[str, str]:
    return {fold(name): name for name in _table()["cities"]}


@cache
def _regions() -> frozenset[str]:
    return frozenset(map(fold, _table()["regions"]))


@cache
def _countries() -> Mapping[str, str]:
    # Half of the time of `briefing --help` otherwise.
    from babel import Locale

    found: dict[str, str] = {}
    for tag in ("ms", "en", "id"):
        names = Locale.parse(tag).territories.items()
        found.update({fold(name): code for code, name in names if code.isalpha()})
    found.update(_table()["countries"])
    return found


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))
