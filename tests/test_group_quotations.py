"""Who says what in a story."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.group.quotations import MOST, quotations
from tests.store_samples import sample_article

CASES = tomllib.loads(
    (Path(__file__).parent / "cases/group/quotations.toml").read_text("utf-8")
)["case"]
WAITING = "“Kami menunggu laporan dari semua kecamatan,” kata {}."


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentence"][-30:])
def test_whose_words_they_are(case) -> None:
    article = sample_article(text=case["sentence"], language=case.get("language", "id"))
    found = quotations([article])
    assert [one.speaker for one in found] == (
        [case["speaker"]] if case["speaker"] else []
    )


def test_each_speaker_once_and_not_what_is_shown_anyway() -> None:
    names = ("Karim Hasan", "Hasan", "Salim", "Dina", "Sari")
    text = " ".join(map(WAITING.format, names))
    found = quotations([sample_article(text=text)], known={WAITING.format("Salim")})
    assert [one.speaker for one in found] == ["Karim Hasan", "Dina", "Sari"][:MOST]


@given(st.text(alphabet='ab "“”,.A \nkata', max_size=80))
def test_they_stand_in_their_article(text: str) -> None:
    for one in quotations([sample_article(text=text)]):
        at = one.sentence
        assert text[at.start : at.end] == at.text
        assert one.speaker in at.text
