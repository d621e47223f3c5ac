"""The interface's words, from gettext's ``.po`` files as they are.

The words in templates are English message ids. A language is one file,
``templates/locale/<language>/LC_MESSAGES/briefing.po``; there is nothing to compile.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.core import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from briefing.resources import resource

FALLBACK: Final = "en"
_PRIMARY = re.compile(r"[A-Za-z]{2,3}(?=-|_|$)")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[0-9A-Za-z]{1,8})*", re.ASCII)


def language_tag(language: str) -> str | None:
    """Return `language` if it looks like a BCP 47 tag of a known language, else None."""
    known = _TAG.fullmatch(language) and language.lower() != "und"
    return language if known else None


def spoken(language: str) -> str:
    """Return the language of the words shown to a reader of `language`: ``id`` or ``en``."""
    found = _PRIMARY.match(language)
    primary = found[0].lower() if found else FALLBACK
    return primary if _catalogue(primary).is_file() else FALLBACK


def locale(language: str) -> Locale:
    """Return the locale of dates and numbers that goes with the interface's words.

    A page with English words has English dates, whatever `language` it asked for.
    """
    shown = spoken(language)
    try:
        wanted = Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale(shown)
    return wanted if wanted.language == shown else Locale(shown)


def translations(language: str) -> NullTranslations:
    """Return the words for `language`, English ones if there are none."""
    return _read(spoken(language))


@lru_cache(maxsize=8)
def _read(language: str) -> NullTranslations:
    with _catalogue(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _catalogue(language: str) -> Path:
    return resource("templates") / "locale" / language / "LC_MESSAGES" / "briefing.po"
