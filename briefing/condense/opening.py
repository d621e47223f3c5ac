"""The dateline that opens an article: “Baghdad, MINA –” is told once, not read as text."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.text.datelines import find_dateline


def without_dateline(sentences: Sequence[str], *, language: str) -> list[str]:
    """Return the sentences, the first one without the dateline that opens it.

    Args:
        sentences: those of one article in order.
        language: BCP 47 tag, ``und`` if unknown.
    """
    if not sentences:
        return []
    first, *others = sentences
    found = find_dateline(first, outlet=None, language=language)
    return [first[found.length :] if found else first, *others]
