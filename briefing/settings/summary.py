"""How articles are condensed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from briefing.condense import LENGTHS, METHODS, recipe
from briefing.settings.table import Table


def _method(value: str) -> str:
    if value not in METHODS:
        raise ValueError(f"unknown method {value!r}; known are {', '.join(METHODS)}")
    return value


def _length(value: str) -> str:
    if value not in LENGTHS:
        raise ValueError(f"unknown length {value!r}; known are {', '.join(LENGTHS)}")
    return value


Method = Annotated[str, AfterValidator(_method)]
Length = Annotated[str, AfterValidator(_length)]


class SummarySettings(Table):
    """How each article is condensed: the method and its budget."""

    method: Method = "learned"
    length: Length | None = None
    words: int | None = Field(default=None, ge=1, le=1000)
    sentences: int | None = Field(default=None, ge=1, le=50)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        _ = self.recipe
        return self

    @property
    def recipe(self) -> str:
        """The recipe of the summaries."""
        return recipe(**self.model_dump())

    def but(self, chosen: Mapping[str, Any]) -> SummarySettings:
        """Return these settings with the keys in `chosen` put over them.

        A budget that was chosen takes the place of all that was said of it here.

        Raises:
            ValidationError: an unknown method or an impossible budget.
        """
        kept = self.model_dump(exclude_unset=True)
        if not _BUDGET.isdisjoint(chosen):
            kept = {key: kept[key] for key in kept.keys() - _BUDGET}
        return SummarySettings.model_validate({**kept, **chosen})


_BUDGET = frozenset({"length", "words", "sentences"})
