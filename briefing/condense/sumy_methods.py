"""sumy's eight methods, offline and in any language.

sumy 0.13 knows no Indonesian, and its tokenizers need data of NLTK that must be downloaded.
So it is given our sentences, our words, our stop words and our stems, and asked only for
its ranking. Import this module only when one of the methods is used: sumy brings NumPy
and NLTK along.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from math import isnan
from typing import Any, Final

import numpy as np
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers.edmundson import EdmundsonSummarizer
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.sum_basic import SumBasicSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from briefing.ports import Summarizer
from briefing.text import stem, stop_words, words

MOST_SENTENCES: Final = 300
"""Sentences read, from the start. The methods are at least quadratic: CPU seconds at 300,
1,000 and 3,000 sentences are .13, 1.3, 10 for TextRank, .5, 6, 46 for LexRank and .5, 13, 55
(and 1.5 GB) for LSA. No news article is as long as 300."""

MOST_SENTENCES_KL: Final = 100
"""The same for KL, which is cubic: .6 s at 100 sentences, 15 s at 300."""

WORDS_A_SENTENCE: Final = 30
"""Words read in all, for each sentence that may be read: 9,000, for KL 3,000. Bounds the
work where "sentences" are thousands of words long; news has about 19 words a sentence."""

BONUS_WORDS: Final = 10
"""The most frequent content words that Edmundson's cue method counts as bonus words."""

_NO_WORD: Final = "\0"
"""Stands in sets that Edmundson wants filled though nothing belongs there; never a word."""

_DIGITS: Final = 9
"""Decimals of a rating that count. Less is rounding error, which differs with the order of
sums; equal ratings are ordered by position."""

_CLASSES: Final[dict[str, Callable[..., Any]]] = {
    "lsa": LsaSummarizer,
    "lexrank": LexRankSummarizer,
    "textrank": TextRankSummarizer,
    "luhn": LuhnSummarizer,
    "edmundson": EdmundsonSummarizer,
    "kl": KLSummarizer,
    "sumbasic": SumBasicSummarizer,
    "reduction": ReductionSummarizer,
}


def summarizer(method: str) -> Summarizer:
    """Return the method of sumy called `method`.

    Of a text longer than `MOST_SENTENCES`, only the beginning is ranked.

    Raises:
        KeyError: sumy has no such method.
    """
    build = _CLASSES[method]

    def ranked(
        sentences: Sequence[str], *, title: str | None, language: str
    ) -> Sequence[int]:
        text = _Text.read(sentences, title=title, language=language, method=method)
        return (
            _rank(build, text) if len(text.sentences) > 1 else range(len(sentences[:1]))
        )

    return ranked


@dataclass(frozen=True, slots=True)
class _Text:
    """What a method is given: words in lower case, a list for each sentence."""

    method: str
    sentences: list[list[str]]
    title: list[str]
    stops: frozenset[str]
    stem: Callable[[str], str]

    @classmethod
    def read(
        cls, sentences: Sequence[str], *, title: str | None, language: str, method: str
    ) -> _Text:
        most = MOST_SENTENCES_KL if method == "kl" else MOST_SENTENCES
        stops = stop_words(language)
        split = [words(sentence) for sentence in sentences[:most]]
        if method == "kl":
            # KL compares its summary so far with the text, but drops stop words only
            # from the text: with them its choice follows the stop words.
            split = [[w for w in sentence if w not in stops] for sentence in split]
        return cls(
            method=method,
            sentences=_cut(split, most=most * WORDS_A_SENTENCE),
            title=words(title or "")[:WORDS_A_SENTENCE],
            stops=stops,
            stem=_stemmer(language),
        )


def _cut(sentences: list[list[str]], *, most: int) -> list[list[str]]:
    """Return the first sentences with at most `most` words in all, the first one cut short."""
    head = [sentences[0][:most], *sentences[1:]] if sentences else []
    ends = takewhile(lambda end: end <= most, accumulate(map(len, head)))
    return head[: sum(1 for _ in ends)]


def _stemmer(language: str) -> Callable[[str], str]:
    """Return our stemmer for `language`, which stems each word once."""
    known: dict[str, str] = {}

    def stemmed(word: str) -> str:
        if word not in known:
            known[word] = stem(word, language)
        return known[word]

    return stemmed


def _rank(build: Callable[..., Any], text: _Text) -> list[int]:
    """Return the places of the sentences, best first."""
    method = build(text.stem)
    if text.method == "edmundson":
        _teach(method, text)
    else:
        method.stop_words = text.stops
    ranking = _Ranking(len(text.sentences))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # LSA warns of texts with fewer words than sentences; its answer is still one.
        warnings.filterwarnings("ignore", "Number of words", UserWarning)
        method(_document(text), ranking)
    return ranking.places


class _Ranking:
    """Given to sumy as the "number of sentences wanted", which may be a callable.

    sumy hands it all sentences with their ratings, the best first, for every method; so
    the whole ranking can be read off.
    """

    def __init__(self, count: int) -> None:
        # Methods that find no word in the text return before they ask.
        self.places = list(range(count))

    def __call__(self, rated: Sequence[Any]) -> Sequence[Any]:
        by_place = {sentence.order: _rounded(sentence.rating) for sentence in rated}
        self.places.sort(key=lambda place: (-by_place[place], place))
        return rated


def _rounded(rating: float) -> float:
    """Return `rating`, or 0 for the NaN of a text whose sentences share no word at all."""
    return 0.0 if isnan(rating) else round(float(rating), _DIGITS)


class _Words:
    """Tokenizer for sumy: a sentence's text is its place, its words are looked up.

    So sentences that differ only in words sumy does not see stay different for it.
    """

    def __init__(self, sentences: list[list[str]]) -> None:
        self._sentences = sentences

    def to_words(self, place: str) -> list[str]:
        return self._sentences[int(place)]


def _document(text: _Text) -> Any:
    """Return sumy's model of the text: one paragraph, headed by the title."""
    tokens = _Words([*text.sentences, text.title])
    heading = Sentence(str(len(text.sentences)), tokens, is_heading=True)
    body = [Sentence(str(place), tokens) for place in range(len(text.sentences))]
    return ObjectDocumentModel([Paragraph([heading, *body])])


def _teach(method: Any, text: _Text) -> None:
    """Give Edmundson his word lists: title and frequent words are a bonus, stop words null."""
    counts = Counter(w for sentence in text.sentences for w in sentence)
    content = _content(counts, text.stops)
    frequent = sorted(content, key=lambda word: (-counts[word], word))[:BONUS_WORDS]
    method.bonus_words = {_NO_WORD, *_content(text.title, text.stops), *frequent}
    method.stigma_words = {_NO_WORD}
    method.null_words = {_NO_WORD, *text.stops}


def _content(tokens: Iterable[str], stops: frozenset[str]) -> list[str]:
    return [token for token in tokens if token not in stops]
