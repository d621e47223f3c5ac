from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.text import sentences_of, split_sentences
from tests.store_samples import sample_article

CASES = Path(__file__).parent / "cases" / "text"
LANGUAGES = ["id", "en", "ar", "zh-Hans", "und", ""]


def sentences(text: str, language: str = "id") -> list[str]:
    return [
        text[span.start : span.end] for span in split_sentences(text, language=language)
    ]


def cases(name: str) -> list[str]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("case", cases("abbreviations.txt") + cases("glued.txt"))
def test_indonesian_sentences_end_where_a_reader_sees_it(case: str) -> None:
    text = case.replace(" | ", " ").replace("|", "")
    assert sentences(text) == [part.strip() for part in case.split("|")]


UNSEEN = sorted((CASES / "unseen").glob("*.txt"))
SHARE = 0.95
"""Of the cases of a language that must be right; in the small files one may be wrong."""


@pytest.mark.parametrize("path", UNSEEN, ids=lambda path: path.stem)
def test_cases_written_before_they_were_run(path: Path) -> None:
    known = cases(f"unseen/{path.name}")
    wrong = [
        case
        for case in known
        if sentences(case.replace(" | ", " ").replace("|", ""), path.stem)
        != [part.strip() for part in case.split("|")]
    ]
    print(f"{path.stem}: {len(known) - len(wrong)} of {len(known)}", *wrong, sep="\n")
    assert len(wrong) <= max(1, (1 - SHARE) * len(known))


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "en",
            [
                "Dr. Hill met Gen. Ford.",
                "However, no deal was signed by Corp. lawyers.",
            ],
        ),
        ("en", ["See No. 5 for the rest.", "No.", "He left."]),
        ("en", ["The U.S. Army left.", "It was 5 p.m.", "They ate."]),
        ("ar", ["هل انتهت الحرب؟", "نعم.", "عاد الجنود."]),
        ("hi", ["यह पहला वाक्य है।", "यह दूसरा है।"]),
        ("th", ["สวัสดีครับ."]),
        ("qq", ["Una frase breve.", "Otra frase breve!"]),
    ],
)
def test_other_languages(language: str, parts: list[str]) -> None:
    assert sentences(" ".join(parts), language) == parts


def test_chinese_needs_no_blanks() -> None:
    assert sentences("军队离开了。谈判开始！结束了吗？", "zh") == [
        "军队离开了。",
        "谈判开始！",
        "结束了吗？",
    ]


def test_offsets_count_characters_beyond_the_basic_plane() -> None:
    text = "Halo 😀😀 semua.\r\nApa kabar 𝔸? Baik."
    assert sentences(text) == ["Halo 😀😀 semua.", "Apa kabar 𝔸?", "Baik."]


@pytest.mark.parametrize(
    "gap", ["\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\u2029", "\n\n\n\n"]
)
def test_a_blank_line_ends_a_sentence(gap: str) -> None:
    assert sentences(f"Judul tanpa titik{gap}isi berita.") == [
        "Judul tanpa titik",
        "isi berita.",
    ]


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\r", "\u2028", "\x85", "\xa0"])
def test_a_single_line_break_is_a_blank(gap: str) -> None:
    text = f"Baris satu{gap}masih sama. Kalimat{gap}dua."
    assert sentences(text) == [f"Baris satu{gap}masih sama.", f"Kalimat{gap}dua."]


def test_a_quotation_never_closed_does_not_swallow_the_rest() -> None:
    text = "“Pintu dibuka. " + "Mereka masuk ke dalam. " * 30
    assert len(sentences(text)) == 31


def test_a_long_quotation_is_split() -> None:
    text = (
        'Ia berkata, "'
        + "Kami sudah sangat lama menunggu di sini. " * 20
        + '" Selesai.'
    )
    assert len(sentences(text)) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_characters_are_kept_where_they_stand(language: str) -> None:
    text = "Halo \ud83d semua. Apa \udfff\ud800 kabar? \udc00"
    assert sentences(text, language)[0] == "Halo \ud83d semua."


def test_nested_and_misused_marks() -> None:
    assert sentences('”Kami pulang.” Ia pergi. "Ya (benar), “kata dia.') == [
        "”Kami pulang.”",
        "Ia pergi.",
        '"Ya (benar), “kata dia.',
    ]
    assert sentences('Dia (lihat "A. B") diam. Ia pergi.') == [
        'Dia (lihat "A. B") diam.',
        "Ia pergi.",
    ]


@pytest.mark.parametrize("text", ["", " \n\n ", "\u2029"])
def test_no_text_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


@pytest.mark.parametrize("text", ["...", "***", '"', "!!! ???", "[IT/r]"])
def test_marks_alone_stay_together(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["Selesai. ***", "Selesai. . . .", "... ... Selesai!"])
def test_marks_alone_are_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


PIECES = st.sampled_from(
    ["Dia", "pergi", " ", ". ", ".", "\n", "\n\n", "\r\n", '"', "“", "”", "(", ")", "'", "…",
     "A.", "Jl. ", "19.30", "No.", "😀", "؟", "。", "-", "\u2029", "\xa0", "? ", "ujarnya", "\ud83d"]
)  # fmt: skip


@given(
    st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200)),
    st.sampled_from(LANGUAGES),
)
@example("a.\x1cB. \x85", "id")
@settings(deadline=None, max_examples=300)
def test_splitting_loses_nothing(text: str, language: str) -> None:
    spans = split_sentences(text, language=language)
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    assert edges == sorted(edges)
    for span in spans:
        sentence = text[span.start : span.end]
        assert sentence
        assert sentence == sentence.strip()
    for left, right in pairwise(edges):
        if (left, right) not in {(span.start, span.end) for span in spans}:
            assert not text[left:right].strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["a", "“", "«", '"', "(", "A. ", ". ", "!? ", "No. ", "\n", "'", ".", "1.", '."', "[.",
     ".'\u0300 ", "a.A", ").(", "... ", "Jl. No. ", "\n\n."],
)  # fmt: skip
@pytest.mark.parametrize("language", ["id", "und"])
def test_a_long_hostile_text_is_split_in_time(unit: str, language: str) -> None:
    """At a time that grew with the square of the length this would take many minutes."""
    text = (unit * 300_000)[:300_000]
    spans = split_sentences(text, language=language)
    assert [bool(span.end > span.start) for span in spans] == [True] * len(spans)
    assert "".join(text.split()) == "".join(
        "".join(text[span.start : span.end].split()) for span in spans
    )


def test_the_sentences_of_an_article_stand_there_as_they_are() -> None:
    article = sample_article(text="Hujan turun. Warga senang.\n\nAngin reda.")
    found = sentences_of(article)
    assert [one.text for one in found] == [
        "Hujan turun.",
        "Warga senang.",
        "Angin reda.",
    ]
    assert [one.position for one in found] == [0, 1, 2]
    assert {one.article_id for one in found} == {article.id}
    assert all(article.text[one.start : one.end] == one.text for one in found)
    assert sentences_of(article, 2) == found[:2]
