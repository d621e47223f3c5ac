"""The headings of a brief, with their rules."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from briefing.group import check_topic
from briefing.model import OTHER, Topic
from briefing.settings.table import Table
from briefing.settings.values import Slug, Term
from briefing.text import is_kept


class ExampleSettings(Table):
    """Headlines or texts to try a topic's rules on, and to learn from."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


class TopicSettings(Table):
    """A heading that readers choose, with its rules."""

    slug: Slug
    title: str = Field(min_length=1)
    any: tuple[Term, ...] = Field(min_length=1)
    need: tuple[tuple[Term, ...], ...] = ()
    exclude: tuple[Term, ...] = Field(default=(), alias="not")
    min_score: float = Field(default=1.0, ge=0)
    examples: ExampleSettings = ExampleSettings()

    @field_validator("slug")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value == OTHER:
            raise ValueError(f"{OTHER!r} is kept for stories without a topic")
        if is_kept(value):
            raise ValueError(f"{value!r} cannot be the name of a page; choose another")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        check_topic(self.topic())
        return self

    def topic(self) -> Topic:
        """Return it as a `briefing.model.Topic`."""
        return Topic(
            slug=self.slug,
            title=self.title,
            any=self.any,
            need=self.need,
            exclude=self.exclude,
            min_score=self.min_score,
            yes=self.examples.yes,
            no=self.examples.no,
        )
