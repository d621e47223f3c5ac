"""Who says what in a story."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
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


def said(names: Iterable[str]) -> list[str]:
    """Return one quotation of each of `names`, each worded otherwise."""
    rooms = ("lima", "enam", "tujuh", "delapan", "sembilan")
    return [
        f"“Kami menunggu laporan dari {room} kecamatan,” kata {name}."
        for room, name in zip(rooms, names, strict=False)
    ]


def test_each_speaker_once_and_not_what_is_shown_anyway() -> None:
    told = said(("Karim Hasan", "Hasan", "Salim", "Dina", "Sari"))
    found = quotations([sample_article(text=" ".join(told))], known={told[2]})
    assert [one.speaker for one in found] == ["Karim Hasan", "Dina", "Sari"][:MOST]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Wakil Ketua DPRD Karim Hasan", "Karim"), 1),
        (("Karim", "Kapolres Lembah, AKBP Karim Hasan"), 1),
        (("Ketua DPRD Karim Hasan", "Ketua DPRD Dina Sari"), 2),
        (("Menteri Pendidikan Karim", "Menteri Pertanian Dina"), 2),
        (("Camat", "HNW", "JKW"), 2),
    ],
    ids=[
        "first name",
        "office before a comma",
        "one office",
        "one title",
        "capitals",
    ],
)
def test_whoever_shares_a_name_is_one(names: tuple[str, ...], expected: int) -> None:
    found = quotations([sample_article(text=" ".join(said(names)))])
    assert len(found) == expected


def test_a_wording_is_shown_once() -> None:
    longer = "“Kemarin kami menunggu laporan dari semua kecamatan,” kata Dina."
    texts = (WAITING.format("Salim"), longer, WAITING.format("Hasan"))
    articles = [sample_article(at, text=text) for at, text in enumerate(texts)]
    assert [one.speaker for one in quotations(articles)] == ["Salim"]
    assert not quotations(articles, known={longer})
    assert quotations(articles, known={"Kami menunggu."})


@given(st.text(alphabet='ab "“”,.A \nkata', max_size=80))
def test_they_stand_in_their_article(text: str) -> None:
    for one in quotations([sample_article(text=text)]):
        at = one.sentence
        assert text[at.start : at.end] == at.text
        assert one.speaker in at.text
