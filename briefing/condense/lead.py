"""The default method: the first sentences that are no quotation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from briefing.condense.budget import length
from briefing.condense.quotations import Quotations
from briefing.text import language as known

MIN_WORDS: Final = 6
"""Words; anything shorter is an exclamation or says little.

On the 2,780 development articles of IndoSum, ROUGE-1 is 70.6 so, 70.5 where only sentences that
end a quotation are left out and not those inside, 70.1 where they are not, 69.4 with quotations
that name their speaker."""

_QUOTES: Final = tuple("\"'“”„‟‘’‚‛«»‹›「」『』《》〝＂＇")


def lead(sentences: Sequence[str], *, title: str | None, language: str) -> list[int]:
    """Return the sentences that are no quotations and no stubs, in the article's order.

    Left out are sentences that begin with a quotation mark, stand in a quotation that goes
    over several, or have fewer than `MIN_WORDS` words. News puts what matters first, so the
    order of the article is the ranking.

    Args:
        sentences: the sentences of one text in order.
        title: not looked at.
        language: BCP 47 tag; its words tell where quotations end.
    """
    units = Quotations.read(sentences, known(language).attributions).units
    return [
        at
        for at, (sentence, (first, last)) in enumerate(
            zip(sentences, units, strict=True)
        )
        if first == last
        and not sentence.startswith(_QUOTES)
        and length(sentence) >= MIN_WORDS
    ]
