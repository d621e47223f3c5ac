from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text import fold, stem, stop_words, unspaced, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pasukan Anti-Teror, 2.500 orang!",
            ["pasukan", "anti-teror", "2", "500", "orang"],
        ),
        ("Asa’ib dan Asa'ib_x", ["asa’ib", "dan", "asa'ib", "x"]),
        ("- 'kutip' -", ["kutip"]),
        ("Tehrān", ["tehrān"]),
        ("यह है", ["यह", "है"]),
        ("قال الرئيسُ", ["قال", "الرئيسُ"]),
        ("东京下雨", ["东京", "京下", "下雨"]),
        ("雨", ["雨"]),
        ("TV东京-ok", ["tv", "东京", "ok"]),
        ("ไทย", ["ไท", "ทย"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_scripts_without_blanks() -> None:
    assert [unspaced(word) for word in ("东京", "ไทย", "tv", "2", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Asa’ib", "asa'ib"),
        ("Tehrān", "TEHRAN"),
        ("Mi‘raj", "mi`raj"),
        ("Straße", "STRASSE"),
        ("Ｉｒａｋ", "irak"),
        ("Đặng", "dang"),
        ("anti‑teror", "anti-teror"),
        ("الرئيسُ", "الرئيس"),
    ],
)
def test_fold_brings_spellings_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("कि", "क")])
def test_fold_keeps_letters_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=120))
def test_words_are_lower_case_without_blanks(text: str) -> None:
    for word in words(text):
        assert word
        assert word == word.strip("-'’ ")


def test_stop_words_join_the_general_list_and_our_own() -> None:
    indonesian = stop_words("id-ID")
    assert {"yang", "dan", "ujarnya", "scroll"} <= indonesian
    assert "pasukan" not in indonesian
    assert "said" in stop_words("en")


@pytest.mark.parametrize("language", ["qq", "und", "", "not a tag"])
def test_unknown_languages_have_no_stop_words(language: str) -> None:
    assert stop_words(language) == frozenset()


def test_languages_without_own_data_have_the_general_stop_words() -> None:
    assert "der" in stop_words("de")


def test_stem() -> None:
    assert stem("serangan", "id-ID") == "serang"
    assert stem("attacks", "en") == "attack"
    assert stem("attacks", "qq") == "attacks"


def test_stemming_in_threads_gives_the_same() -> None:
    nouns = [
        f"{stump}an" for stump in ("serang", "pakai", "makan", "tanam", "latih")
    ] * 40
    with ThreadPoolExecutor(4) as pool:
        stems = list(pool.map(lambda noun: stem.__wrapped__(noun, "id"), nouns))
    assert stems == [stem(noun, "id") for noun in nouns]


@given(
    parts=st.lists(
        st.text(alphabet=st.characters() | st.sampled_from("e\u0301`’か\u3099")),
        max_size=4,
    )
)
def test_words_fold_each_by_itself(parts):
    assert fold(" ".join(parts)) == " ".join(map(fold, parts))
