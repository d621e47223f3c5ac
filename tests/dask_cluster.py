"""A Dask cluster on the loopback: a scheduler and workers with nannies, each a process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class LocalCluster:
    """What runs; `address` is the scheduler's."""

    address: str
    scheduler: subprocess.Popen[str]

    def workers(self) -> dict[str, int]:
        """Return each worker's address and process."""
        with _client(self.address) as client:
            found: dict[str, int] = client.run(os.getpid)
        return found


@contextmanager
def dask_cluster(workers: int = 2) -> Iterator[LocalCluster]:
    """Run a cluster of so many workers with a thread each."""
    with ExitStack() as running:
        scheduler = running.enter_context(_started("scheduler", "--port", "0"))
        address = _said(scheduler, "Scheduler at:").split()[-1]
        running.enter_context(_read_on(scheduler))
        if workers:
            running.enter_context(
                _started("worker", address, "--nthreads=1", f"--nworkers={workers}")
            )
        cluster = LocalCluster(address, scheduler)
        if workers:
            with _client(address) as client:
                client.wait_for_workers(workers, timeout=100)
        yield cluster


def _client(address: str) -> Client:
    from distributed import Client

    return Client(address, set_as_default=False)


@contextmanager
def _started(kind: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--no-dashboard"],
        env=_environment(),
        stderr=subprocess.PIPE if kind == "scheduler" else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        _end(process)
        if process.stderr:
            process.stderr.close()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, Any]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        # A chunk is given back when one worker was lost with it, not the fourth.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }


@contextmanager
def _read_on(process: subprocess.Popen[str]) -> Iterator[None]:
    """Read what a process prints: one whose pipe is full stands still, and answers nobody."""
    assert process.stderr is not None
    reading = threading.Thread(target=process.stderr.read)
    reading.start()
    try:
        yield
    finally:
        _end(process)
        reading.join()


def _said(process: subprocess.Popen[str], what: str) -> str:
    """Return the first line with `what` in it that a process prints."""
    assert process.stderr is not None
    return next(line for line in process.stderr if what in line).strip()
