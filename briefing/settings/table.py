"""What all tables of a settings file have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of a settings file: no key in it is unknown, and it does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
