"""One row in, one row out: what the filters do with each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import accumulate
from time import process_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.model import Article, Document

Row = dict[str, Any]


class RowError(ValueError):
    """A row that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts are read.

    Attributes:
        language: of texts that do not say.
        zone: of dates that name none.
        now: the time.
        noise: file or folder with noise rules of the user's own.
    """

    language: str
    zone: str
    now: datetime
    noise: Path | None = None

    def cleaned(self, document: Document) -> Article:
        """Return the document's article.

        Raises:
            RowError: there is no article in it.
        """
        from briefing.clean import clean
        from briefing.model import Failure

        result = clean(
            document,
            zone=ZoneInfo(self.zone),
            language=self.language,
            noise=self.noise,
        )
        if isinstance(result, Failure):
            raise RowError(f"{result.reason} {result.detail}".strip())
        return result


def extract_row(row: Row, *, how: Reading) -> Row:
    """Return the article in a row with id, url and html.

    Raises:
        RowError: a field is missing, or there is no article in it.
    """
    from briefing.model import Document

    checked(row, needs=("html",))
    url = str(row.get("url") or f"row:{row.get('id')}")
    article = how.cleaned(
        Document(
            url,
            "row",
            row["html"].encode("utf-8", "replace"),
            "text/html",
            how.now,
            charset="utf-8",
        )
    )
    return article_row(article, row.get("id"), url=row.get("url"))


def article_row(article: Article, key: Any, *, url: str | None = None) -> Row:
    """Return what `extract` prints of an article; `key` becomes its id."""
    published = article.published
    return {
        "id": key,
        "url": url or article.link or article.url,
        "title": article.title,
        "text": article.text,
        "author": article.author,
        "published": published.moment.isoformat() if published else None,
        "language": article.language,
        "truncated": article.truncated,
    }


def summarize_row(
    row: Row, *, how: Reading, method: str, budget: Mapping[str, Any]
) -> Row:
    """Return the chosen sentences of a row with text, or with sentences split already.

    Offsets count characters of the text as given; of sentences split already, of the
    sentences joined by one blank. `budget` is as `briefing.condense.recipe` takes it.

    Raises:
        RowError: a field is missing or of the wrong type.
    """
    from briefing.condense import choose

    language = row.get("language") or how.language
    split = _split(row, language)
    chosen = choose(
        split.texts,
        method=method,
        **budget,
        title=row.get("title") or split.title,
        language=language,
    )
    shown = ((at, split.texts[at], *split.spans[at]) for at in chosen)
    return {
        "id": row.get("id"),
        "method": method,
        "sentences": [
            {"text": text, "start": start, "end": end, "position": at}
            for at, text, start, end in shown
        ],
    }


@dataclass(frozen=True, slots=True)
class _Split:
    """A row's sentences, where each stands in what was given, and the title found there."""

    texts: list[str]
    spans: list[tuple[int, int]]
    title: str | None = None


def _split(row: Row, language: str) -> _Split:
    """Return the sentences of a row with sentences, or with a text.

    Raises:
        RowError: a field is missing or of the wrong type.
    """
    checked(row, needs=() if "sentences" in row else ("text",))
    return _given(row, language) if "sentences" in row else _found(row, language)


def _given(row: Row, language: str) -> _Split:
    """Return the sentences that were split already, without a dateline that opens them."""
    from briefing.condense import without_dateline

    texts = row["sentences"]
    if not _is_list(texts, str):
        raise RowError("needs 'sentences' as a list of texts")
    ends = [end - 1 for end in accumulate(len(one) + 1 for one in texts)]
    shown = without_dateline(texts, language=language)
    spans = [(end - len(one), end) for one, end in zip(shown, ends, strict=True)]
    return _Split(shown, spans)


def _found(row: Row, language: str) -> _Split:
    """Return the sentences that stand in the text, noise passed over."""
    from briefing.clean import clean_text
    from briefing.text import split_sentences

    cleaned = clean_text(row["text"], language=language)
    found = split_sentences(cleaned.text, language=language)
    return _Split(
        [cleaned.text[one.start : one.end] for one in found],
        [cleaned.origin(one.start, one.end) for one in found],
        cleaned.title,
    )


class Measured(NamedTuple):
    """A method's summary of one row: ROUGE-1, -2 and -L, words, and seconds it took."""

    scores: tuple[float, ...]
    words: int
    seconds: float


def measured_row(
    row: Row, *, language: str, methods: Sequence[str], budget: Mapping[str, Any]
) -> list[Measured]:
    """Return how near each method comes to the row's summary, which people wrote.

    The article is ``text`` or ``sentences`` as for `summarize_row`, or ``paragraphs`` of
    sentences of words, as in IndoSum; ``summary`` is a text, a list of sentences, or a list
    of lists of words. Seconds are of the processor, without reading the models. There is at
    least one method, and none twice.

    Raises:
        RowError: a field is missing or of the wrong type.
    """
    from briefing.condense import choose
    from briefing.condense.budget import length
    from briefing.condense.wording import forget
    from briefing.measure import rouge

    tag = row.get("language") or language
    if "paragraphs" in row:
        row = {**row, "sentences": _joined(row, "paragraphs")}
    split, reference = _split(row, tag), _reference(row, tag)
    found = {}
    for method in in_turn(methods, len(split.texts)):
        condensed = partial(
            choose,
            split.texts,
            method=method,
            title=row.get("title") or split.title,
            language=tag,
            **budget,
        )
        if method not in _WARM:
            _WARM.add(method)
            condensed()
        forget()
        began = process_time()
        chosen = [split.texts[at] for at in condensed()]
        seconds = process_time() - began
        scores = rouge(chosen, reference)
        found[method] = Measured(scores, sum(map(length, chosen)), seconds)
    return [found[method] for method in methods]


def in_turn(methods: Sequence[str], number: int) -> list[str]:
    """Return the methods, beginning with another one at each number.

    The first learns words that those after it then know.
    """
    first = number % len(methods)
    return [*methods[first:], *methods[:first]]


_WARM: Final = set[str]()
"""Methods that this process has used: what they read at first is not measured."""


def _reference(row: Row, language: str) -> list[str]:
    """Return the sentences of the row's summary."""
    from briefing.text import split_sentences

    summary = row.get("summary")
    if isinstance(summary, str):
        spans = split_sentences(summary, language=language)
        sentences = [summary[one.start : one.end] for one in spans]
    elif _is_list(summary, str):
        sentences = list(summary or ())
    else:
        sentences = _joined({"summary": [summary]}, "summary")
    if not any(map(str.strip, sentences)):
        raise RowError("needs 'summary'")
    return sentences


def _joined(row: Row, name: str) -> list[str]:
    """Return the sentences of paragraphs that are lists of lists of words."""
    paragraphs = row[name]
    if not _is_list(paragraphs, list) or not all(
        _is_list(sentence, str) for paragraph in paragraphs for sentence in paragraph
    ):
        raise RowError(f"needs {name!r} as lists of sentences of words, or as text")
    return [" ".join(sentence) for paragraph in paragraphs for sentence in paragraph]


def _is_list(value: Any, of: type) -> bool:
    return isinstance(value, list) and all(isinstance(one, of) for one in value)


def checked(row: Row, *, needs: tuple[str, ...]) -> Row:
    """Return `row` if it has all in `needs`, and its other fields are text or missing.

    Raises:
        RowError: it has not.
    """
    for name in needs:
        if row.get(name) is None:
            raise RowError(f"needs {name!r}")
    for name in _TEXTS & row.keys():
        if not isinstance(row[name], str | None):
            raise RowError(f"needs {name!r} as text")
    return row


_TEXTS: Final = frozenset(
    {"html", "language", "published", "source", "text", "title", "url"}
)
