"""Numbers in figures and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text import Language, language
from briefing.text.numbers import alike, in_figures, in_words, numerals

ID, EN = language("id"), language("en")
ONES = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]

natural = st.integers(0, 10**12)
marks = st.sampled_from(".,")


def spelled(number: int) -> list[str]:
    """Return the Indonesian words of a number from 1 to 999,999,999."""
    for size, one, times in (
        (1_000_000, ["satu", "juta"], "juta"),
        (1000, ["seribu"], "ribu"),
        (100, ["seratus"], "ratus"),
    ):
        many, rest = divmod(number, size)
        if many:
            begin = one if many == 1 else [*spelled(many), times]
            return [*begin, *(spelled(rest) if rest else [])]
    if number < 10:
        return [ONES[number - 1]]
    if number < 12:
        return [["sepuluh", "sebelas"][number - 10]]
    if number < 20:
        return [ONES[number - 11], "belas"]
    tens, rest = divmod(number, 10)
    return [ONES[tens - 1], "puluh", *(spelled(rest) if rest else [])]


@given(natural, marks)
def test_marks_for_thousands_make_no_other_number(number: int, mark: str) -> None:
    assert alike(f"{number:,}".replace(",", mark)) == str(number)


@given(natural, st.from_regex(r"\d{1,2}", fullmatch=True), marks)
def test_a_decimal_point_is_one_in_every_language(
    number: int, fraction: str, mark: str
) -> None:
    assert alike(f"{number}{mark}{fraction}") == alike(f"{number}.{fraction}")


@given(st.from_regex(r"\d+(?:[.,]\d+)*", fullmatch=True))
def test_what_is_alike_stays_so(figures: str) -> None:
    assert alike(alike(figures).replace(".", ",")).count(",") == 0
    assert alike(figures).replace(".", "") == figures.translate({46: None, 44: None})


@given(st.lists(natural, max_size=5), st.sampled_from([" ", " orang, ", "/", "-"]))
def test_numerals_are_found_whatever_stands_between(
    numbers: list[int], between: str
) -> None:
    text = between.join(f"{one:,}" for one in numbers)
    assert numerals(text) == {str(one) for one in numbers}


@pytest.mark.parametrize(("spoken", "mark"), [(ID, "."), (EN, ",")])
@given(number=st.integers(0, 10**12))
def test_figures_are_worth_their_number(
    spoken: Language, mark: str, number: int
) -> None:
    words = [f"{number:,}".replace(",", mark), "orang"]
    assert in_figures(words, 0, spoken) == (number, 1)


@given(number=st.integers(1, 10**9 - 1))
def test_words_are_worth_their_number(number: int) -> None:
    words = spelled(number)
    assert in_words([*words, "orang"], 0, ID) == (number, len(words))


@pytest.mark.parametrize(
    ("text", "spoken", "value", "end"),
    [
        ("1,5 juta", ID, 1_500_000, 2),
        ("1.5 million", EN, 1_500_000, 2),
        ("3 ratus orang", ID, 300, 2),
        ("two hundred fifty thousand", EN, 250_000, 4),
        ("1,5 orang", ID, None, 1),
        ("1,2345678 juta orang", ID, None, 2),
        ("1.50 orang", ID, None, 1),
        ("1.2.2024 orang", ID, None, 1),
        ("1234.567 orang", ID, None, 1),
        (f"{'9' * 400} juta", ID, None, 2),
    ],
)
def test_what_figures_and_words_are_worth(
    text: str, spoken: Language, value: int | None, end: int
) -> None:
    words = text.split()
    read = in_figures if words[0][0].isdigit() else in_words
    assert read(words, 0, spoken) == (value, end)


@given(st.lists(st.sampled_from([*ID.numbers, *ID.parts, *ID.times, "x"]), min_size=1))
def test_reading_gets_on(words: list[str]) -> None:
    value, end = in_words(words, 0, ID)
    assert 0 < end <= len(words)
    assert (value is None) == (words[0] == "x")
