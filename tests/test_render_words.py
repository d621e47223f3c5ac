"""The interface's words and the reader's dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from briefing import render
from briefing.model import DISPUTED, LEFT_OUT, REASONS, Stage
from briefing.render import words
from briefing.render.dates import Dates
from briefing.render.language import language_tag, locale, spoken
from briefing.resources import resource

KEYS = {
    "reason": REASONS,
    "left out": LEFT_OUT,
    "counted": DISPUTED,
    "stage": frozenset(get_args(Stage)),
}
LANGUAGES = ("en", "id")


def catalogue(language: str) -> Catalog:
    path = resource("templates") / "locale" / language / "LC_MESSAGES" / "briefing.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def used() -> set[str]:
    """Return each message that a template or the code for pages uses, in the singular."""
    found = chain(
        extract_from_dir(
            str(resource("templates")),
            method_map=[(f"**.{kind}", "jinja2") for kind in ("html", "md", "txt")],
            options_map={
                "**": {"silent": "false", "trimmed": "true", "trim_blocks": "true"}
            },
        ),
        extract_from_dir(str(Path(render.__file__).parent), [("**.py", "python")]),
    )
    return {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in found
    }


def test_every_message_of_the_templates_is_in_indonesian():
    known = {
        message.id[0] if message.pluralizable else message.id
        for message in catalogue("id")
        if message.id and not message.context
    }
    assert used() == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_fuzzy_or_with_other_names(language):
    found = catalogue(language)
    for message in found:
        if message.id:
            several = isinstance(message.string, tuple)
            assert message.string
            assert not several or all(message.string), message.id
            assert not message.fuzzy
            assert not list(message.check(found))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", sorted(KEYS))
def test_every_key_has_words(language, context):
    spoken = words(language)
    for key in KEYS[context]:
        assert spoken.pgettext(context, key) != key or (language, key) == (
            "en",
            "empty",
        )
    known = {one.id for one in catalogue(language) if one.context == context}
    assert known == KEYS[context]


@pytest.mark.parametrize(
    ("language", "shown", "dates"),
    [
        ("id", "id", "id"),
        ("id-ID", "id", "id_ID"),
        ("en", "en", "en"),
        ("en-GB", "en", "en_GB"),
        ("en_XX", "en", "en"),
        ("tlh", "en", "en"),
        ("../id", "en", "en"),
        ("", "en", "en"),
        ("ID", "id", "id"),
    ],
)
def test_unknown_languages_speak_english(language, shown, dates):
    assert spoken(language) == shown
    assert str(locale(language)) == dates
    timeout = {"id": "tidak menjawab pada waktunya", "en": "no answer in time"}
    assert words(language).pgettext("reason", "timeout") == timeout[shown]


def test_unknown_message_comes_back_as_it_is():
    assert words("id").gettext("Nothing of the kind") == "Nothing of the kind"


@pytest.mark.parametrize(
    ("tag", "known"),
    [("ar", "ar"), ("zh-Hant", "zh-Hant"), ("und", None), ("", None), ('x"y', None)],
)
def test_language_tag(tag, known):
    assert language_tag(tag) == known


def test_dates_of_zones_with_and_without_a_name():
    moment = datetime(2024, 11, 30, 23, 30, tzinfo=UTC)
    jakarta = Dates(Locale("id"), ZoneInfo("Asia/Jakarta"))
    assert jakarta.moment(moment) == "Minggu, 1 Desember 2024, 06.30 WIB"
    assert jakarta.day(date(2024, 12, 1)) == "Minggu, 1 Desember 2024"
    nowhere = Dates(Locale("id"), ZoneInfo("Asia/Kathmandu"))
    assert nowhere.moment(moment).endswith("05.15 GMT+05:45")
    assert jakarta.number(1234567) == "1.234.567"
