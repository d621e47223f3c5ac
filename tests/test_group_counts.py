"""Numbers that sentences state, and stories whose outlets disagree on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.group.counts import Count, counts
from briefing.group.disputes import disputes
from briefing.model import Article, Published
from tests.store_samples import NOON, sample_article

CASES = Path(__file__).parent / "cases" / "group" / "counts.txt"


def cases() -> list[tuple[str, str, list[str]]]:
    found = []
    for line in CASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            said, _, expected = line.rpartition(" =")
            language, _, sentence = said.partition(": ")
            found.append(
                (
                    language,
                    sentence,
                    [*filter(None, map(str.strip, expected.split(";")))],
                )
            )
    return found


def written(count: Count) -> str:
    mark = ""
    if count.least < count.value < count.most:
        mark = "~"
    elif count.most > count.value:
        mark = "+"
    elif count.least < count.value:
        mark = "-"
    return f"{count.what} {count.value}{mark}"


@pytest.mark.parametrize(("language", "sentence", "expected"), cases())
def test_what_a_sentence_counts(
    language: str, sentence: str, expected: list[str]
) -> None:
    assert [written(one) for one in counts(sentence, language=language)] == expected


def test_figures_without_end_count_nothing() -> None:
    assert counts(f"{'9' * 400} orang tewas", language="id") == []


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for count in counts(text, language="id"):
        assert count.least <= count.most


def article(number: int, text: str, *, hours: float = 0) -> Article:
    return replace(
        sample_article(number, text=text),
        outlet=f"Warta {number}",
        language="id",
        published=Published(NOON + timedelta(hours=hours)),
    )


def test_outlets_that_disagree_stand_side_by_side_the_newest_first() -> None:
    first = article(1, "Serangan di kota itu menewaskan 12 orang. Warga berduka.")
    second = article(2, "Hujan turun. Sebanyak 15 orang tewas di kota itu.", hours=2)
    [found] = disputes([first, second])
    assert found.what == "dead"
    assert [(one.value, one.outlet) for one in found.claims] == [
        (15, "Warta 2"),
        (12, "Warta 1"),
    ]
    for claim, said in zip(found.claims, (second, first), strict=True):
        shown = claim.sentence
        assert said.text[shown.start : shown.end] == shown.text
        assert shown.article_id == said.id
    assert found.claims[0].sentence.position == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Serangan menewaskan 12 orang.", "Serangan menewaskan 12 orang di kota."),
        ("Sedikitnya 12 orang tewas.", "Sebanyak 15 orang tewas."),
        ("Sebanyak 12 orang tewas.", "Sebanyak 15 orang terluka."),
        ("Tiga roket menghantam pangkalan.", "Lima roket diluncurkan."),
        ("Sekitar 100 orang tewas.", "Sebanyak 104 orang tewas."),
        ("Serangan menewaskan 12 orang.", "Serangan menewaskan lima polisi."),
        ("Sebanyak 12 orang tewas di Sumatra.", "Empat orang tewas di Padang."),
        (
            "Sebanyak 12 orang tewas.",
            "Sebanyak 15 orang tewas. Semula 12 orang tewas dilaporkan.",
        ),
    ],
    ids=[
        "same",
        "at least",
        "other kind",
        "other deed",
        "about",
        "a part",
        "another place",
        "one says both",
    ],
)
def test_no_false_alarm(one: str, other: str) -> None:
    assert disputes([article(1, one), article(2, other)]) == ()


def test_a_toll_that_has_risen_in_days_is_no_dispute() -> None:
    before = article(1, "Serangan menewaskan 12 orang.")
    after = article(2, "Serangan menewaskan 19 orang.", hours=30)
    assert disputes([before, after]) == ()


def test_of_one_outlet_the_newest_counts() -> None:
    old = article(1, "Serangan menewaskan 12 orang.")
    new = replace(
        article(2, "Serangan menewaskan 15 orang.", hours=1), outlet="Warta 1"
    )
    other = article(3, "Serangan menewaskan 15 orang.")
    assert disputes([old, new, other]) == ()


def test_the_order_of_articles_changes_nothing() -> None:
    articles = [
        article(at, f"Serangan menewaskan {number} orang.")
        for at, number in enumerate((12, 15, 15))
    ]
    assert len({disputes(order) for order in permutations(articles)}) == 1


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["1 roket ditembakkan, ", "12 tentara ", "12 , "])
def test_a_sentence_of_numbers_alone_is_read_in_time(unit: str) -> None:
    """At a time that grew with the square of their number this would take many minutes."""
    assert len(counts(unit * 15_000, language="id")) <= 1
