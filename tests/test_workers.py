from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from briefing.workers import CHUNK, cores, ordered_map


def _square(number: int) -> int:
    return number * number


def _where(_: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, 7 * CHUNK + 3])
@pytest.mark.parametrize("processes", [1, 2])
def test_same_results_in_the_same_order(count: int, processes: int) -> None:
    results = ordered_map(_square, range(count), processes=processes)
    assert list(results) == [number * number for number in range(count)]


def test_long_work_is_done_by_other_processes() -> None:
    places = set(ordered_map(_where, range(4 * CHUNK), processes=2))
    assert os.getpid() not in places


def _struck(number: int) -> int:
    for one in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), one)
    return number


def test_signals_to_the_whole_group_do_not_break_the_work() -> None:
    """As a terminal's Ctrl-C and a service manager's stop are sent to."""
    numbers = range(2 * CHUNK)
    assert list(ordered_map(_struck, numbers, processes=2)) == list(numbers)


def test_streams_without_reading_everything_first() -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000 * CHUNK):
            taken += 1
            yield number

    results = ordered_map(_square, numbers(), processes=2)
    assert next(results) == 0
    assert taken < 20 * CHUNK
    results.close()  # type: ignore[attr-defined]  # a generator, typed as an iterator


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
