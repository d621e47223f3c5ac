from __future__ import annotations

import tracemalloc

import pytest

from briefing.condense.budget import length
from briefing.condense.reading import MOST_CHARACTERS, NAMES, Reading
from briefing.condense.standing import standings
from briefing.condense.wording import Wording


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Baca_Juga \n", ["Baca", "Juga"]),
        ("Anti-teror -- “Jum’at” ini.", ["Anti-teror", "Jum’at", "ini"]),
        ("Café à Lyon", ["Café", "à", "Lyon"]),
        ("外国军队", ["外国", "国军", "军队"]),
        ("…", []),
    ],
)
def test_words_are_those_that_all_else_uses(text: str, words: list[str]) -> None:
    found = Wording.of(text)
    assert found.text == text.strip()
    assert found.words == words
    assert found.low == [word.lower() for word in words]


@pytest.mark.parametrize(
    "text", ["", "Satu dua.", "外国军队星期一离开", "แม่น้ำ", "Dua 军队."]
)
def test_a_sentence_is_as_long_as_its_budget_counts(text: str) -> None:
    assert Wording.of(text).size == length(text)


def test_a_long_sentence_is_counted_to_its_end() -> None:
    long = "kata " * MOST_CHARACTERS
    assert Reading.of([long], "id").sizes.tolist() == [MOST_CHARACTERS]


@pytest.mark.parametrize(
    ("text", "tokens", "numbers"),
    [
        ("Anti-teror di Jum'at 7.", 6, 1),
        ("Naik 12,5 persen pada 2024-2025.", 7, 4),
        ("Cafe\u0301 kami buka 7.", 4, 1),  # its accent is a character of its own
    ],
)
def test_parts_of_words_and_numbers_are_counted(
    text: str, tokens: int, numbers: int
) -> None:
    features = dict(zip(NAMES, Reading.of([text], "id").features[:, 0], strict=True))
    assert features["nums"] == numbers
    assert features["numm"] == pytest.approx(numbers / tokens)


def test_words_are_as_long_as_they_are_written() -> None:
    reading = Reading.of(["İzmir yandı."], "tr")  # "i̇zmir" has a letter more
    assert reading.features[NAMES.index("awl"), 0] == 5


def test_many_sentences_are_read_one_after_the_other() -> None:
    many = [f"外国军队星期一离开了北部的基地第{at}次。" for at in range(20_000)]
    standings(many[:100])
    tracemalloc.start()
    try:
        standings(many)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
