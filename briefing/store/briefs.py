"""Brief ⇄ JSON, and what it showed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from briefing.errors import StoreError
from briefing.model import Brief, Correction, EarlierBrief

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class _Corrected:
    corrections: tuple[Correction, ...] = ()


Read = TypeVar("Read", Brief, EarlierBrief, _Corrected)

NO_CORRECTIONS: Final = '"corrections":[]'
"""Stands in each brief that `brief_to_json` wrote and that told none; in no other, since marks in
texts have a backslash."""


@cache
def _brief() -> TypeAdapter[Brief]:
    from pydantic import TypeAdapter

    return TypeAdapter(Brief)


@cache
def _shown() -> TypeAdapter[EarlierBrief]:
    from pydantic import TypeAdapter

    return TypeAdapter(EarlierBrief)


@cache
def _corrected() -> TypeAdapter[_Corrected]:
    from pydantic import TypeAdapter

    return TypeAdapter(_Corrected)


def brief_to_json(brief: Brief) -> bytes:
    """Return `brief` as JSON in UTF-8: the same brief always gives the same bytes.

    Raises:
        StoreError: some text in it is no valid Unicode (half of a surrogate pair).
    """
    from pydantic_core import PydanticSerializationError

    try:
        return _brief().dump_json(brief)
    except PydanticSerializationError as error:
        raise StoreError(
            f"the brief {brief.key} cannot be stored: its text is not valid Unicode"
        ) from error


def brief_from_json(text: str | bytes) -> Brief:
    """Return the brief that `brief_to_json` wrote.

    Raises:
        StoreError: `text` is not a brief that this version can read.
    """
    return _read(_brief(), text)


def shown_from_json(text: str | bytes) -> EarlierBrief:
    """Return what that brief showed; all else in it is passed over, unread.

    Raises:
        StoreError: as `brief_from_json`.
    """
    return _read(_shown(), text)


def corrections_from_json(text: str | bytes) -> tuple[Correction, ...]:
    """Return the corrections that that brief told; all else in it is passed over, unread.

    Raises:
        StoreError: as `brief_from_json`.
    """
    return _read(_corrected(), text).corrections


def _read(shape: TypeAdapter[Read], text: str | bytes) -> Read:
    from pydantic import ValidationError

    try:
        return shape.validate_json(text)
    except ValidationError as error:
        raise StoreError(
            "a kept edition cannot be read: it is damaged,"
            " or was written by another version of this program"
        ) from error
