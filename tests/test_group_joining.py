from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from briefing.group.joining import joined
from briefing.group.overlaps import MOST, overlaps
from briefing.group.vectors import Matrix, starts_of


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


@pytest.mark.parametrize("count", [3, MOST + 51])
def test_each_is_compared_with_its_nearest_only(count):
    same = matrix(*[ALIKE] * count)
    found = overlaps(same, same, firsts=np.zeros(count), least=0.5, within=1.0)
    assert np.bincount(found.one).max() == min(MOST, count - 1)
    assert list(zip(found.one, found.other, strict=True)) == sorted(
        zip(found.one, found.other, strict=True)
    )
    assert np.all(found.one != found.other)


def test_what_was_published_apart_is_no_pair_and_undated_lies_nowhere():
    same = matrix(*[ALIKE] * 4)
    firsts = np.array([0.0, 1.0, 5.0, np.nan])
    found = overlaps(same, same, firsts=firsts, least=0.5, within=1.0)
    pairs = set(zip(found.one.tolist(), found.other.tolist(), strict=True))
    once = {(0, 1), (0, 3), (1, 3), (2, 3)}
    assert pairs == once | {(b, a) for a, b in once}
