from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.group import overlaps as overlapping
from briefing.group.joining import joined
from briefing.group.likeness import Search, likenesses
from briefing.group.overlaps import MOST, Pairs, overlaps
from briefing.group.vectors import Matrix, Vectors, order_of, starts_of


def matrix(*rows: dict[int, float]) -> Matrix:
    return Matrix(
        starts_of(np.array([len(row) for row in rows])),
        np.array(list(chain(*rows)), np.intp),
        np.array([weight for row in rows for weight in row.values()]),
        10,
    )


ALIKE = {0: 0.8, 1: 0.6}
"""One vector; the next shares little with it."""
OTHER = {1: 0.1, 2: 0.995}


def test_a_chain_of_links_does_not_join_what_has_little_in_common():
    texts = matrix(ALIKE, ALIKE, OTHER, OTHER)
    links = [(-0.9, 0, 1), (-0.8, 2, 3), (-0.7, 1, 2)]
    assert joined([()] * 4, links, texts, apart=()) == [[0, 1], [2, 3]]
    together = matrix(ALIKE, ALIKE, ALIKE, ALIKE)
    assert joined([()] * 4, links, together, apart=()) == [[0, 1, 2, 3]]


def test_what_is_apart_is_not_brought_together_by_others():
    texts = matrix(*[ALIKE] * 4)
    links = [(-0.9, 0, 1), (-0.8, 2, 3), (-0.7, 1, 2)]
    assert joined([()] * 4, links, texts, apart={(0, 3)}) == [[0, 1], [2, 3]]


def test_groups_that_were_told_stay_as_they_are():
    texts = matrix(*[ALIKE] * 5)
    links = [(-0.9, 1, 2), (-0.8, 3, 4)]
    found = joined([()] * 5, links, texts, apart=(), told=[[0, 1], [2, 3]])
    assert found == [[0, 1], [2, 3, 4]]


def pairs_of(same: Matrix, firsts: list[float], new: list[bool]) -> Pairs:
    """Return the pairs of like rows that lie within 1."""
    found = overlaps(
        [(same, same)],
        firsts=np.array(firsts),
        least=0.5,
        within=1.0,
        new=np.array(new, bool),
    )
    return Pairs.together(Pairs(each.one, each.other, *each.sums) for each in found)


@pytest.mark.parametrize("count", [3, MOST + 51])
def test_each_is_compared_with_its_nearest_only(count):
    pairs = pairs_of(matrix(*[ALIKE] * count), [0.0] * count, [True] * count)
    assert len(pairs.one) == count * (count - 1) / 2
    found = pairs.highest()
    assert np.bincount(found.one).max() == min(MOST, count - 1)
    assert list(zip(found.one, found.other, strict=True)) == sorted(
        zip(found.one, found.other, strict=True)
    )
    assert np.all(found.one - found.other <= MOST)


def test_what_was_published_apart_is_no_pair():
    found = pairs_of(matrix(*[ALIKE] * 4), [0.0, 1.0, 1.5, 5.0], [True] * 4)
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [
        (1, 0),
        (2, 1),
    ]


@pytest.mark.parametrize("at_once", [1, 7, 250_000])
@given(
    rows=st.lists(
        st.tuples(
            st.dictionaries(st.integers(0, 9), st.integers(1, 3), max_size=4),
            st.integers(0, 5),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_all_pairs_of_which_one_is_new_are_found_once(at_once, rows):
    rows = sorted(rows, key=lambda row: row[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("briefing.group.overlaps.AT_ONCE", at_once)
        found = pairs_of(
            matrix(*[dict(sorted(terms.items())) for terms, _, _ in rows]),
            [float(first) for _, first, _ in rows],
            [new for _, _, new in rows],
        )
    pairs = [
        (*sorted(pair), value)
        for *pair, value in zip(
            found.one.tolist(), found.other.tolist(), found.value.tolist(), strict=True
        )
    ]
    assert sorted(pairs) == [
        (at, later, total)
        for at, (one, first, new) in enumerate(rows)
        for later, (other, last, also) in enumerate(rows)
        if at < later and last - first <= 1 and (new or also)
        if (total := sum(weight * other.get(term, 0) for term, weight in one.items()))
    ]


@pytest.mark.parametrize("told", [0, 5])
def test_a_table_is_small_however_long_the_time_that_news_is_of(
    told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, cells = overlapping._table, []

    def seen(left, indices, rows, others):
        cells.append(len(rows) * len(others))
        return table(left, indices, rows, others)

    monkeypatch.setattr(overlapping, "_table", seen)
    monkeypatch.setattr(overlapping, "AT_ONCE", 1_000)
    days = [at // 2 * 10.0 for at in range(600)]
    new = [at >= told for at in range(600)]
    found = pairs_of(matrix(*[ALIKE] * 600), days, new)
    assert found.one.tolist() == [at for at in range(1, 600, 2) if at >= told]
    assert max(cells) <= 1_000


def test_under_one_title_each_is_compared_with_those_next_before_it():
    """However many there are: the time that a flood takes grows with it, not with its square."""
    count = 3 * MOST
    words = matrix(*[ALIKE] * count)
    shares = replace(words, weights=words.weights**2)  # of a title they add up to 1
    every, days = np.ones(count, bool), np.arange(count, dtype=float)
    found = likenesses(Search(Vectors(words, shares), days, days, every, count, every))
    often = np.bincount(found.one, minlength=count)
    assert often.tolist() == [min(one, MOST) for one in range(count)]
    assert (found.one - found.other).max() == MOST


@given(
    rows=st.lists(
        st.tuples(
            st.sets(st.integers(0, 9), min_size=1, max_size=7),
            st.floats(0, 5 * 86_400),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_the_halves_of_a_search_find_what_it_finds_whole(rows):
    rows.sort(key=lambda row: row[1])
    words, shares = (
        matrix(*[dict.fromkeys(sorted(terms), weight(terms)) for terms, _, _ in rows])
        for weight in (lambda terms: len(terms) ** -0.5, lambda terms: 1 / len(terms))
    )
    days = np.array([first for _, first, _ in rows])
    new = np.array([new for _, _, new in rows], bool)
    every = np.ones(len(rows), bool)
    search = Search(Vectors(words, shares), days, days, every, 4 * 86_400, new)
    whole, parted = likenesses(search), likenesses(search, beside=partial)
    for name in ("one", "other", "value"):
        assert getattr(whole, name).tolist() == getattr(parted, name).tolist()


@given(st.lists(st.integers(0, 3) | st.integers(0, 2**63 - 1)), st.integers(0, 3))
def test_numbers_of_any_size_are_ordered_and_equal_ones_keep_their_order(some, times):
    numbers = some * times
    found = order_of(np.array(numbers, np.intp)).tolist()
    assert found == sorted(range(len(numbers)), key=numbers.__getitem__)


def test_numbers_that_leave_no_room_for_their_places_are_ordered_too():
    numbers = np.array([2**33 + 1, 7, 2**33, 7, 2**62, 2**33 + 1] * 3)
    assert numbers[order_of(numbers)].tolist() == sorted(numbers.tolist())
    rows = np.arange(
        70_000
    )  # as the terms of as many titles are, each as often as there are rows
    keys = np.repeat(rows * 70_001, 2) + np.tile([70_000, 1], len(rows))
    assert np.array_equal(
        order_of(keys), np.arange(len(keys)).reshape(-1, 2)[:, ::-1].ravel()
    )
