"""Work on a real Dask cluster of two workers: as on one machine, whatever happens to it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from subprocess import Popen

import pytest

from briefing.errors import ClusterError
from briefing.workers import CHUNK, PAUSE, Cluster, Pause, Workers, cluster
from briefing.workers.cluster import BUNDLE
from tests.dask_cluster import LocalCluster, dask_cluster
from tests.days import Days
from tests.desk import SETTINGS, call
from tests.test_workers import (
    MEMORY,
    POISON,
    _dies_once,
    _hangs_and_says,
    _lost,
    _never,
    _poisonous,
    _raises,
    _square,
)

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),  # a busy machine takes its time to start processes
    pytest.mark.xdist_group("dask"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[LocalCluster]:
    with dask_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def workers(running: LocalCluster) -> Iterator[Workers]:
    with Cluster(running.address, memory=MEMORY) as connected:
        yield connected


@pytest.mark.parametrize("count", [0, 1, BUNDLE - 1, BUNDLE, 7 * BUNDLE + 3])
def test_same_results_in_the_same_order(workers: Workers, count: int) -> None:
    results = workers.map(_square, range(count), lost=_never)
    assert list(results) == [number * number for number in range(count)]


@pytest.mark.parametrize("how", ["eats", "killed"])
def test_a_poisonous_item_costs_no_other_anything(workers: Workers, how: str) -> None:
    where = frozenset({CHUNK - 2})
    work = partial(_poisonous, how=how, where=where)
    assert list(workers.map(work, range(CHUNK + 3), lost=_lost)) == [
        f"{number} {POISON[how][1]}" if number in where else str(number)
        for number in range(CHUNK + 3)
    ]


def test_an_item_that_hangs_costs_no_other_anything(running: LocalCluster) -> None:
    work = partial(_poisonous, how="hangs", where=frozenset({1}))
    with Cluster(running.address, seconds=3.0) as impatient:
        found = list(impatient.map(work, range(4), lost=_lost))
    assert found == ["0", "1 too-slow", "2", "3"]


def test_an_item_whose_process_was_killed_is_tried_again(
    workers: Workers, tmp_path: Path
) -> None:
    work = partial(_dies_once, note=tmp_path / "note")
    assert list(workers.map(work, range(3), lost=_never)) == [0, 1, 2]


def test_an_error_is_raised_to_the_caller(workers: Workers) -> None:
    with pytest.raises(ArithmeticError, match="5"):
        list(workers.map(_raises, [5], lost=_never))


def test_what_was_given_before_a_pause_is_finished_before_more_is_taken(
    workers: Workers,
) -> None:
    done: list[int] = []

    def items() -> Iterator[int | Pause]:
        for number in range(2 * CHUNK):
            if number in {1, CHUNK + 5}:
                yield PAUSE
                assert len(done) == number
            yield number

    done.extend(workers.map(_square, items(), lost=_never))
    assert done == [number * number for number in range(2 * CHUNK)]


def test_streams_without_reading_everything_first(workers: Workers) -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000 * BUNDLE):
            taken += 1
            yield number

    results = workers.map(_square, numbers(), lost=_never)
    assert next(results) == 0
    assert taken < 20 * BUNDLE


def test_threads_share_a_connection(workers: Workers) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(
            lambda number: list(workers.map(_square, [number], lost=_never)), range(12)
        )
        assert list(found) == [[number * number] for number in range(12)]


def test_who_waits_is_let_go_when_it_is_closed(
    running: LocalCluster, tmp_path: Path
) -> None:
    work = partial(_hangs_and_says, note=tmp_path / "begun")
    mine = Cluster(running.address, seconds=3.0)
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(lambda: list(mine.map(work, [1], lost=_never)))
        while not (tmp_path / "begun").exists():
            threading.Event().wait(0.01)
        mine.close()
        with pytest.raises(CancelledError):
            waits.result()
    with pytest.raises(CancelledError):
        list(mine.map(_square, [1], lost=_never))


def test_a_worker_of_another_version_is_refused(
    running: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "__version__", "99.0")
    with (
        Cluster(running.address) as mine,
        pytest.raises(ClusterError, match=r"has briefing .*, not 99\.0"),
    ):
        list(mine.map(_square, [1], lost=_never))


def test_lost_workers_cost_nothing(running: LocalCluster) -> None:
    """Each is killed in the middle; its nanny starts another."""
    killed = list(running.workers().values())

    def numbers() -> Iterator[int]:
        for number in range(20 * BUNDLE):
            if number in {8 * BUNDLE, 12 * BUNDLE}:
                os.kill(killed.pop(), signal.SIGKILL)
            yield number

    with Cluster(running.address) as mine:
        found = list(mine.map(_square, numbers(), lost=_never))
    assert found == [number * number for number in range(20 * BUNDLE)]
    assert not killed


def _kills_its_worker(number: int, *, poison: int) -> str:
    """Kill the Dask worker, of which this is the child's child."""
    if number == poison:
        import psutil

        for one in psutil.Process().parents():
            if "dask_worker" in " ".join(one.cmdline()):
                break
            if "forkserver" not in " ".join(one.cmdline()):
                one.kill()
    return str(number)


def test_only_what_kills_workers_is_lost(running: LocalCluster) -> None:
    work = partial(_kills_its_worker, poison=2)
    with Cluster(running.address) as mine:
        found = list(mine.map(work, range(4), lost=_lost))
    assert found == ["0", "1", "2 crashed", "3"]


def _days(folder: Path, dask: str | None) -> Days:
    folder.mkdir()
    paper = Days(folder)
    table = paper.settings.cluster.model_copy(update={"dask": dask})
    paper.settings = paper.settings.model_copy(update={"cluster": table})
    return paper


def _lived(folder: Path, dask: str | None) -> dict[str, bytes]:
    paper = _days(folder, dask)
    for day in range(2):
        paper.write(day)
        paper.live(day)
    return paper.pages()


def test_the_same_brief_as_on_one_machine(
    running: LocalCluster, tmp_path: Path
) -> None:
    here = _lived(tmp_path / "here", None)
    assert _lived(tmp_path / "there", running.address) == here != {}


def test_the_same_lines_as_on_one_machine(running: LocalCluster) -> None:
    lines = "".join(
        f'{{"id": {at}, "text": "Kereta ke-{at} tiba. Warga senang. Hujan turun."}}\n'
        for at in range(3 * CHUNK)
    )
    for command in (["summarize", "--sentences", "1"], ["stories"]):
        here = call(*command, "--jsonl", stdin=lines)
        there = call(*command, "--jsonl", "--dask", running.address, stdin=lines)
        assert there.exit_code == here.exit_code == 0
        assert there.stdout == here.stdout


def test_without_a_scheduler_nothing_is_lost(tmp_path: Path) -> None:
    """It goes away in the middle of a day; a later build finishes that day."""
    here = _lived(tmp_path / "here", None)
    with dask_cluster() as doomed:
        with Cluster(doomed.address) as mine:
            left = iter([doomed.scheduler])
            results = mine.map(
                _square, _until_killed(left, range(100 * BUNDLE)), lost=_never
            )
            with pytest.raises(ClusterError, match="went away") as told:
                list(results)
        paper = _days(tmp_path / "there", doomed.address)
        paper.write(0)
        with pytest.raises(ClusterError, match="no Dask scheduler answers"):
            paper.live(0)
    assert "\n" not in str(told.value)
    with dask_cluster() as other:
        table = paper.settings.cluster.model_copy(update={"dask": other.address})
        paper.settings = paper.settings.model_copy(update={"cluster": table})
        paper.live(0)
        paper.write(1)
        paper.live(1)
    assert paper.pages() == here


def _until_killed(left: Iterator[Popen[str]], numbers: Sequence[int]) -> Iterator[int]:
    for number in numbers:
        if number == 10 * BUNDLE:
            for process in left:
                process.kill()
                process.wait()
        yield number


def test_without_workers_it_is_said() -> None:
    with (
        dask_cluster(0) as idle,
        Cluster(idle.address, patience=1.0) as mine,
        pytest.raises(ClusterError, match="the scheduler has no worker"),
    ):
        list(mine.map(_square, [1], lost=_never))


def test_where_nobody_listens_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # and does not listen
        address = f"tcp://127.0.0.1:{held.getsockname()[1]}"
        result = call("summarize", "--jsonl", "--dask", address, stdin='{"text": "A"}')
    assert result.exit_code == 1
    assert result.stderr == f"briefing: {address}: no Dask scheduler answers there\n"


def test_a_scheduler_that_stands_still_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    with dask_cluster(0) as still:
        os.kill(still.scheduler.pid, signal.SIGSTOP)
        try:
            with (
                Cluster(still.address) as mine,
                pytest.raises(ClusterError, match="no Dask scheduler answers there"),
            ):
                list(mine.map(_square, [3], lost=_never))
        finally:
            os.kill(still.scheduler.pid, signal.SIGCONT)


def test_without_dask_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        Cluster("tcp://127.0.0.1:1") as mine,
        pytest.raises(ClusterError, match=r"pip install 'briefing\[dask\]'"),
    ):
        list(mine.map(_square, [1], lost=_never))


@pytest.mark.parametrize(
    "address", ["scheduler:8786", "tcp://", "tcp://a b:1", "http://a:1"]
)
def test_what_is_no_address_is_told(address: str, tmp_path: Path) -> None:
    result = call("summarize", "--jsonl", "--dask", address)
    assert result.exit_code == 2
    assert "needs an address like tcp://scheduler:8786" in result.stderr
    path = tmp_path / "briefing.toml"
    path.write_text(f'{SETTINGS}\n[cluster]\ndask = "{address}"\n')
    result = call("build", "--config", str(path))
    assert result.exit_code == 2
    assert "cluster.dask: needs an address like" in result.stderr
