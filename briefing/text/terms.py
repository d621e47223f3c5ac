"""Text into words that two texts can be compared by."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Final

from briefing.text.lexicon import base
from briefing.text.lexicon import language as known

_MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06ed\u0900-\u0963\u0966-\u0dff"
)
"""Combining marks, which `\\w` lacks, and the Indic scripts, where they are vowels."""
_UNSPACED: Final = (
    r"\u0e00-\u0e4e\u0e80-\u0ece\u1000-\u1049\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    r"\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Kana, Han
    "\U00020000-\U0003ffff"
)
"""Scripts written without blanks between words."""
_LETTER: Final = rf"(?:[^\W_]|[{_MARKS}{_UNSPACED}])"
_WORD: Final = re.compile(rf"{_LETTER}+(?:[-'’]{_LETTER}+)*")
_RUN: Final = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_ANY_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
_LOOSE: Final = ("--", "-'", "'-", "''", " -", "- ", " '", "' ")
"""A hyphen or an apostrophe that is not inside a word, with what stands beside it."""
_BETWEEN: Final = str.maketrans(
    {chr(n): " " for n in range(128) if not chr(n).isalnum() and chr(n) not in "-'"}
)
_PRINTED: Final = "“”„«»…–—"
"""Marks that keep texts of a Latin script from being ASCII, which is read much faster."""

_PIECE: Final = re.compile(r"([\x00-\x7f]?[^\x00-\x7f]+)")
"""What is not ASCII, with the character that a mark in it belongs to. Such pieces fold each
by itself, and few of them are many: quotes, dashes, words of another script."""
_SHORT: Final = 32
"""Characters of a piece that is worth remembering."""

_FOLDED: Final = str.maketrans(
    {
        **dict.fromkeys("’‘ʼʻʹʾʿ`´′＇", "'"),
        **dict.fromkeys("‐‑‒−", "-"),
        "đ": "d",
        "ø": "o",
        "ł": "l",
        "ı": "i",
        "ħ": "h",
    }
)

_STEMMERS: Final = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
    "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian",
    "lt": "lithuanian", "ms": "indonesian", "ne": "nepali", "nb": "norwegian", "nn": "norwegian",
    "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_STEMMING: Final = Lock()  # Snowball's stemmers keep state while they work


def words(text: str) -> list[str]:
    """Return the words of `text` in order, in lower case, without punctuation.

    Hyphens and apostrophes inside a word stay ("anti-teror", "asa'ib"). A stretch in a
    script without blanks (Chinese, Japanese, Thai …) gives its pairs of neighbouring
    characters, or its only one.
    """
    return cased_words(text.lower())


def cased_words(text: str) -> list[str]:
    """Return the words of `text` in order, as `words` does, but in their own case."""
    if not text.isascii():
        for mark in _PRINTED:
            text = text.replace(mark, " ")
    if text.isascii():
        spaced = f" {text.translate(_BETWEEN)} "
        if "-" in spaced or "'" in spaced:
            for loose in _LOOSE:
                spaced = spaced.replace(loose, " ")
        return spaced.split()
    found = _WORD.findall(text)
    if not has_unspaced(text):
        return found
    return [part for word in found for part in _parts(word)]


def folded_words(text: str) -> list[str]:
    """Return the words of `text`, folded, in order: ``words(fold(text))``, but faster."""
    for mark in _PRINTED:
        text = text.replace(mark, " ")
    return words(fold(text.replace("’", "'").replace("‘", "'")))


def has_unspaced(text: str) -> bool:
    """Return whether `text` has letters of a script written without blanks, such as Chinese."""
    return not text.isascii() and _ANY_UNSPACED.search(text) is not None


def unspaced(word: str) -> bool:
    """Return whether `word` begins in a script written without blanks, such as Chinese.

    In such a script, the words of `words` are pairs of neighbouring characters.
    """
    return _ANY_UNSPACED.match(word) is not None


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    for run in _RUN.findall(word):
        if _ANY_UNSPACED.match(run) and len(run) > 1:
            parts += [run[at : at + 2] for at in range(len(run) - 1)]
        else:
            parts += [run.strip("-'’")] if run.strip("-'’") else []
    return parts


def fold(text: str) -> str:
    """Return `text` without case, diacritics and typographic apostrophes, for comparing.

    "Tehrān" and "tehran" meet, and so do "Asa’ib" and "asa'ib". Folding twice changes
    nothing more. Vowel signs of Indic scripts and kana voicing stay: they are letters.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    pieces = _PIECE.split(text)
    pieces[::2] = [piece.lower().replace("`", "'") for piece in pieces[::2]]
    pieces[1::2] = map(_fold, pieces[1::2])
    return "".join(pieces)


def _fold(text: str) -> str:
    return _fold_short(text) if len(text) <= _SHORT else _fold_any(text)


def _fold_any(text: str) -> str:
    folded = _bare(text)
    again = _bare(folded)
    while again != folded:  # a few characters need a second round; none more than three
        folded, again = again, _bare(again)
    return folded


_fold_short = lru_cache(maxsize=32768)(_fold_any)


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDED)
    kept = "".join(char for char in apart if not _is_diacritic(char))
    return unicodedata.normalize("NFC", kept)


def _is_diacritic(char: str) -> bool:
    """Tell Latin, Greek, Hebrew and Arabic marks (UAX #44 combining classes) from letters."""
    order = unicodedata.combining(char)
    return 10 <= order <= 35 or order >= 200


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of `language` (BCP 47) that say nothing about a text's subject.

    They are stopwords-iso's and those of our own data file (speech tags, page debris),
    in lower case; empty for a language neither knows.
    """
    import stopwordsiso

    tag = base(language)
    general = stopwordsiso.stopwords(tag) if stopwordsiso.has_lang(tag) else ()
    own = known(tag)
    return frozenset(general) | (own.stop if own.tag == tag else frozenset())


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a lower-case `word`, or the word if none is known."""
    name = _STEMMERS.get(base(language))
    if name is None:
        return word
    with _STEMMING:
        stemmed: str = _stemmer(name).stemWord(word)
    return stemmed


@cache
def _stemmer(name: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(name, 0)  # without a memory of its own: `stem` has one
