from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text import headline_end

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "text" / "headlines.toml").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("language", "case"),
    [(language, case) for language, cases in CASES.items() for case in cases],
)
def test_what_stands_for_a_sentence(language: str, case: str) -> None:
    sentence = case.replace(" | ", "")
    wanted = case.split(" | ", maxsplit=1)[0]
    assert sentence[: headline_end(sentence, language=language)] == wanted


PIECES = ("Roket menghantam kota", ", setelah", ", yang", ", di Basra", ", tetapi", "“", "”", " ", ",")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_it_is_the_beginning_and_never_empty(sentence: str) -> None:
    end = headline_end(sentence, language="id")
    assert (end > 0) == bool(sentence)
    assert end <= len(sentence)


def test_a_sentence_of_a_million_characters_takes_no_longer_than_its_length() -> None:
    sentence = "Roket menghantam kota di barat" + ", di Basra" * 100_000
    assert headline_end(sentence, language="id") > 0
