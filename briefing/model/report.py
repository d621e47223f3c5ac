"""An article as an edition tells it."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.model.document import Published
from briefing.model.summary import Sentence


@dataclass(frozen=True, slots=True)
class Report:
    """One article as a brief shows it: everything but its full text.

    Attributes:
        sentences: the summary's sentences.
        recipe: how they were chosen (`Summary.recipe`).
        copy_of: id of the article in the same story that carries the same text and stands
            for it, None if this one is no copy.
        Others as in `Article`.
    """

    article_id: str
    revision: str
    url: str
    source: str
    outlet: str
    language: str
    sentences: tuple[Sentence, ...]
    recipe: str
    title: str | None = None
    link: str | None = None
    origin: str | None = None
    author: str | None = None
    published: Published | None = None
    place: str | None = None
    truncated: bool = False
    copy_of: str | None = None
