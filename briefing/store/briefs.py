"""Brief ⇄ JSON."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from briefing.errors import StoreError
from briefing.model import Brief

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@cache
def _shape() -> TypeAdapter[Brief]:
    from pydantic import TypeAdapter

    return TypeAdapter(Brief)


def brief_to_json(brief: Brief) -> bytes:
    """Return `brief` as JSON in UTF-8: the same brief always gives the same bytes.

    Raises:
        StoreError: some text in it is no valid Unicode (half of a surrogate pair).
    """
    from pydantic_core import PydanticSerializationError

    try:
        return _shape().dump_json(brief)
    except PydanticSerializationError as error:
        raise StoreError(
            f"the brief {brief.key} cannot be stored: its text is not valid Unicode"
        ) from error


def brief_from_json(text: str | bytes) -> Brief:
    """Return the brief that `brief_to_json` wrote.

    Raises:
        StoreError: `text` is not a brief that this version can read.
    """
    from pydantic import ValidationError

    try:
        return _shape().validate_json(text)
    except ValidationError as error:
        raise StoreError(
            "a kept edition cannot be read: it is damaged,"
            " or was written by another version of this program"
        ) from error
