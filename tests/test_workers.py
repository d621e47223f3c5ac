from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from itertools import count, islice
from pathlib import Path

import pytest

from briefing.workers import CHUNK, PAUSE, Loss, Pause, Processes, Workers, cores

MEMORY = 500_000_000


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Processes(2, memory=MEMORY) as started:
        yield started


@pytest.fixture(scope="module")
def impatient() -> Iterator[Workers]:
    with Processes(2, seconds=5.0) as started:
        yield started


def _lost(item: int, why: Loss) -> str:
    return f"{item} {why}"


def _never(item: int, why: Loss) -> int:
    raise AssertionError(f"{item} {why}")


def _square(number: int) -> int:
    return number * number


def _where(_: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, 7 * CHUNK + 3])
def test_same_results_in_the_same_order(workers: Workers, count: int) -> None:
    results = workers.map(_square, range(count), lost=_never)
    assert list(results) == [number * number for number in range(count)]


@pytest.mark.parametrize("count", [1, 4 * CHUNK])
def test_work_is_done_by_other_processes(workers: Workers, count: int) -> None:
    places = set(workers.map(_where, range(count), lost=_never))
    assert os.getpid() not in places


def _hangs(number: int) -> None:
    threading.Event().wait()


def _ends(number: int) -> None:
    os._exit(3)


def _breaks(number: int) -> None:
    ctypes.string_at(0)


def _eats(number: int) -> int:
    return len(bytearray(100 * MEMORY))


def _killed(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


POISON = {
    "ends": (_ends, "crashed"),
    "breaks": (_breaks, "crashed"),
    "eats": (_eats, "too-big"),
    "killed": (_killed, "crashed"),
}


def _poisonous(number: int, *, how: str, where: frozenset[int]) -> str:
    if number in where:
        (POISON[how][0] if how in POISON else _hangs)(number)
    return str(number)


@pytest.mark.parametrize("how", sorted(POISON))
@pytest.mark.parametrize(
    ("count", "where"), [(1, {0}), (3, {1}), (3 * CHUNK, {0, CHUNK, CHUNK + 1, 90})]
)
def test_a_poisonous_item_costs_no_other_anything(
    workers: Workers, how: str, count: int, where: set[int]
) -> None:
    work = partial(_poisonous, how=how, where=frozenset(where))
    why = POISON[how][1]
    assert list(workers.map(work, range(count), lost=_lost)) == [
        f"{number} {why}" if number in where else str(number) for number in range(count)
    ]


@pytest.mark.slow
def test_an_item_that_hangs_costs_no_other_anything(impatient: Workers) -> None:
    work = partial(_poisonous, how="hangs", where=frozenset({1}))
    results = impatient.map(work, range(CHUNK + 2), lost=_lost)
    assert list(results) == [
        "1 too-slow" if number == 1 else str(number) for number in range(CHUNK + 2)
    ]


def _dies_once(number: int, *, note: Path) -> int:
    """As the kernel does it where the machine runs out of memory."""
    if not note.exists():
        note.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("count", [1, 3])
def test_an_item_whose_process_was_killed_is_tried_again(
    workers: Workers, tmp_path: Path, count: int
) -> None:
    work = partial(_dies_once, note=tmp_path / "note")
    assert list(workers.map(work, range(count), lost=_never)) == list(range(count))


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_process_that_is_killed_while_it_starts(deaths: int) -> None:
    with Processes(1) as workers:
        results = workers.map(_square, _and_kill_a_process(deaths), lost=_never)
        assert list(results) == [number * number for number in range(2 * CHUNK)]


def _and_kill_a_process(deaths: int) -> Iterator[int]:
    """Give the items of two chunks; kill what was started when the first is under way."""
    for number in range(2 * CHUNK):
        if number >= 2 * CHUNK - deaths:
            for process in multiprocessing.active_children():
                process.kill()
                process.join()
        yield number


def test_threads_share_processes(workers: Workers) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(
            lambda number: list(workers.map(_square, [number], lost=_never)), range(40)
        )
        assert list(found) == [[number * number] for number in range(40)]


def test_who_waits_is_let_go_when_it_is_closed(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    workers = Processes(1)
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(
            lambda: list(
                workers.map(partial(_hangs_and_says, note=begun), [1], lost=_never)
            )
        )
        while not begun.exists():
            threading.Event().wait(0.01)
        workers.close()
        with pytest.raises(CancelledError):
            waits.result()
    with pytest.raises(CancelledError):
        list(workers.map(_square, [1], lost=_never))


def _hangs_and_says(number: int, *, note: Path) -> int:
    note.touch()
    _hangs(number)
    return number


def _raises(number: int) -> int:
    raise ArithmeticError(str(number))


def test_an_error_is_raised_to_the_caller(workers: Workers) -> None:
    with pytest.raises(ArithmeticError, match="5"):
        list(workers.map(_raises, [5], lost=_never))


def _struck(number: int) -> int:
    for one in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), one)
    return number


def test_signals_to_the_whole_group_do_not_break_the_work(workers: Workers) -> None:
    """As a terminal's Ctrl-C and a service manager's stop are sent to."""
    numbers = range(2 * CHUNK)
    assert list(workers.map(_struck, numbers, lost=_never)) == list(numbers)


def test_streams_without_reading_everything_first(workers: Workers) -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000 * CHUNK):
            taken += 1
            yield number

    results = workers.map(_square, numbers(), lost=_never)
    assert next(results) == 0
    assert taken < 20 * CHUNK


def test_little_work_starts_one_process_and_more_starts_more() -> None:
    with Processes(2) as few:
        assert len(set(few.map(_where, range(CHUNK - 1), lost=_never))) == 1
        assert list(few.map(_square, range(CHUNK), lost=_never))[-1] == (CHUNK - 1) ** 2


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1


def test_what_is_read_before_processes_are_copied_is_all_that_cleaning_needs() -> None:
    """Else every process reads it again: the language model alone takes most of a second."""
    code = """
import builtins, datetime, zoneinfo
import briefing.ready
from briefing.clean import clean
from briefing.model import Document
text = "Jembatan ditutup\\n\\n" + "Roket menghantam pangkalan di Irak barat pada Jumat. " * 40
document = Document("https://a.example/1", "a", text.encode(), "text/plain", datetime.datetime(2024, 12, 1, tzinfo=datetime.UTC))
def refused(*args, **options):
    raise AssertionError(f"opens {args}")
builtins.open = refused
print(clean(document, zone=zoneinfo.ZoneInfo("UTC"), language="id").language)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (found.stdout.strip(), found.stderr) == ("id", "")


def test_what_was_given_before_a_pause_is_finished_before_more_is_taken(
    workers: Workers,
) -> None:
    done: list[int] = []

    def items() -> Iterator[int | Pause]:
        for number in range(3 * CHUNK):
            if number in {1, CHUNK + 5}:
                yield PAUSE
                assert len(done) == number
            yield number

    done.extend(workers.map(_square, items(), lost=_never))
    assert done == [number * number for number in range(3 * CHUNK)]


def test_endless_items_are_taken_as_they_are_needed(workers: Workers) -> None:
    taken = count()
    results = workers.map(_square, taken, lost=_never)
    assert list(islice(results, 100)) == [number * number for number in range(100)]
    assert next(taken) < 100 + 10 * CHUNK
