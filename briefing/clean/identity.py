"""Articles that state one address and are not one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from briefing.clean.addresses import addresses
from briefing.model import Article, Document
from briefing.text import article_id, fold, words

SHARED: Final = 0.15
"""Share of the shorter text's shingles under which two texts are no revisions of one article.
Of 139,402 pairs of different events 99.9 % share less than .13 (id_stories.dev); an edited
article keeps most of its own."""

FEWEST: Final = 20
"""Shingles under which a text is too short to tell."""

_WORDS: Final = 3


def told_apart(
    cleaned: Sequence[tuple[Document, Article]],
    *,
    kept: Callable[[Sequence[str]], Mapping[str, str]],
) -> list[Article]:
    """Return the articles in their order, each under an address that no other has.

    A careless site states the same canonical address on many pages. Whatever states the
    address of an article that tells something else goes by the address it came from.

    Args:
        cleaned: the articles of one visit, with what they were cleaned from.
        kept: returns article id → text for those of the ids that are kept.
    """
    owned, borrowed = dict[str, str](), list[str]()
    for document, article in cleaned:
        if article.url == _own(document)[0]:
            owned[article.id] = article.text
        else:
            borrowed.append(article.id)
    texts = {**kept(borrowed), **owned}
    return [_placed(document, article, texts) for document, article in cleaned]


def _placed(document: Document, article: Article, texts: dict[str, str]) -> Article:
    before = texts.setdefault(article.id, article.text)
    # Of a text that was thrown away nobody knows what it told.
    if before and is_revision(article.text, before):
        return article
    url, link = _own(document)
    return replace(article, id=article_id(url), url=url, link=link)


def is_revision(text: str, other: str) -> bool:
    """Return whether two texts at one address can be the same article before and after."""
    if text == other:
        return True
    ours, theirs = _shingles(text), _shingles(other)
    fewer = min(len(ours), len(theirs))
    return fewer < FEWEST or len(ours & theirs) >= SHARED * fewer


def _own(document: Document) -> tuple[str, str | None]:
    return addresses(document.url, stated=())


def _shingles(text: str) -> set[tuple[str, ...]]:
    found = words(fold(text))
    return set(zip(*(found[at:] for at in range(_WORDS)), strict=False))
