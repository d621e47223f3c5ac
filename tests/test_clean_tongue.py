from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.clean.tongue import language_of, tag
from briefing.text import cues, fold

TEXTS = tomllib.loads(
    (Path(__file__).parent / "cases/languages.toml").read_text(encoding="utf-8")
)
CASES = [(language, text) for language, texts in TEXTS.items() for text in texts]
NEAR = [
    (language, text) for language, text in CASES if language in {"id", "ms", "jv", "su"}
]


@pytest.mark.parametrize(("language", "text"), CASES)
def test_the_language_of_a_text_alone(language, text):
    assert language_of(text, stated=None) == language


@pytest.mark.parametrize(("language", "text"), NEAR)
def test_words_decide_between_near_relations_against_the_prior(language, text):
    other = "ms" if language == "id" else "id"
    assert language_of(text, stated=None, prior=other) == language


@pytest.mark.parametrize("language", ["id", "ms", "jv"])
def test_a_long_text_overrules_a_near_relation_that_is_stated(language):
    text = " ".join(TEXTS[language])
    other = "ms" if language == "id" else "id"
    assert language_of(text, stated=other) == language
    assert language_of(TEXTS[language][0], stated=other) == other


def test_without_a_word_that_tells_what_is_expected_counts():
    plain = "Menteri itu tiba di ibu kota pada petang hari dan disambut oleh para pegawai serta anggota keluarga."
    assert language_of(plain, stated=None, prior="ms") == "ms"
    assert language_of(plain, stated=None, prior="id") == "id"
    assert language_of(plain, stated="ms", prior="id") == "ms"


def test_a_short_text_is_what_is_stated_or_expected():
    assert language_of("Kerana hujan.", stated=None) == "und"
    assert language_of("Kerana hujan.", stated=None, prior="id") == "id"
    assert language_of("Kerana hujan.", stated="ms") == "ms"


def test_each_cue_is_of_one_language_and_folded():
    assert {"id", "ms", "jv", "su"} == set(cues().values())
    assert cues()["karena"] == "id"
    assert cues()["kerana"] == "ms"
    assert all(word == fold(word) for word in cues())


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=300), stated=st.none() | st.text(max_size=8))
def test_any_text_has_a_tag(text, stated):
    found = language_of(text, stated=stated, prior="id")
    assert found == tag(found)
