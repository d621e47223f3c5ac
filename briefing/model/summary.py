"""Sentences by their places in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, verbatim: ``article.text[start:end] == text``, always.

    Attributes:
        article_id: the article it stands in.
        start: offset of its first character in `Article.text`.
        end: offset behind its last character.
        position: number of the sentence in the article, from 0.
        text: the sentence itself.
    """

    article_id: str
    start: int
    end: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The sentences chosen from one article, in the article's order.

    Attributes:
        article_id: the article.
        revision: the article's revision.
        recipe: method, its version and its budget, as ``lead/1 words=66``: the same recipe
            and revision always give the same sentences.
        sentences: never empty for an article with text.
    """

    article_id: str
    revision: str
    recipe: str
    sentences: tuple[Sentence, ...]
