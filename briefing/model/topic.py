"""What a brief is about, by rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OTHER: Final = "other"
"""Slug of the section for stories that fit no topic; always last."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading that readers choose, with the rules that put articles under it.

    Attributes:
        slug: name in addresses.
        title: heading.
        any: terms that score; ``"penarikan pasukan^3"`` weighs 3, ``"serang*"`` matches any ending.
        need: of each list at least one term must occur.
        exclude: none of these may occur (``not`` in the settings).
        min_score: the least score that counts.
        yes: headlines or texts that belong under it, to try the rules on and to learn from.
        no: headlines or texts that do not.
    """

    slug: str
    title: str
    any: tuple[str, ...]
    need: tuple[tuple[str, ...], ...] = ()
    exclude: tuple[str, ...] = ()
    min_score: float = 1.0
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicHit:
    """How well something fits a topic, and the terms that say so."""

    slug: str
    score: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Which topics an article fits, as it is kept.

    Attributes:
        article_id: the article.
        revision: its revision.
        recipe: of the rules (`briefing.group.rules_recipe`).
        hits: the strongest first.
    """

    article_id: str
    revision: str
    recipe: str
    hits: tuple[TopicHit, ...]
