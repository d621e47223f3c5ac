"""A call in a copy of a process: real processes, without threads as the command line is."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from textwrap import dedent

import pytest

from briefing.workers import cores

COUNTED = """
import os, signal
made = []
os.register_at_fork(after_in_parent=lambda: made.append(1))
"""
"""Copies that a script makes are counted."""


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COUNTED + dedent(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


needs_a_copy = pytest.mark.skipif(
    sys.platform != "linux", reason="processes are not copied here"
)
needs_two_cores = pytest.mark.skipif(cores() < 2, reason="there is one core")


@needs_a_copy
def test_the_call_is_made_in_another_process_which_knows_what_this_one_does():
    done = run("""
        from briefing.workers import forked
        known = ["known"]
        first = forked(lambda: (os.getpid(), known))
        known.append("later")
        process, seen = first()
        print(process != os.getpid(), seen)
    """)
    assert (done.stdout, done.stderr) == ("True ['known']\n", "")


@needs_a_copy
@pytest.mark.parametrize(
    "ends", ["os.kill(os.getpid(), signal.SIGKILL)", "raise MemoryError", "os._exit(0)"]
)
def test_what_a_copy_did_not_tell_is_done_here(ends):
    done = run(f"""
        from briefing.workers import forked
        here = os.getpid()
        def call():
            if os.getpid() != here:
                {ends}
            return "done here"
        print(forked(call)(), made)
    """)
    assert (done.stdout, done.stderr) == ("done here [1]\n", "")


@needs_a_copy
def test_a_copy_that_is_killed_while_it_tells_is_not_waited_for():
    done = run("""
        from multiprocessing import active_children
        from briefing.workers import forked
        here = os.getpid()
        def call():
            return bytes(1_000_000) if os.getpid() != here else b"done here"
        result = forked(call)
        [copy] = active_children()
        while open(f"/proc/{copy.pid}/stat").read().split()[2] != "S":
            pass  # it sleeps where the pipe is full
        os.kill(copy.pid, signal.SIGKILL)
        print(result())
    """)
    assert (done.stdout, done.stderr) == ("b'done here'\n", "")


@needs_a_copy
def test_what_a_killed_process_had_is_free_though_its_copy_works_on(tmp_path):
    """Else nobody could build until that copy, which nobody waits for, has ended."""
    store, begun = tmp_path / "briefing.db", tmp_path / "begun"
    script = f"""
        import os, signal, time
        from pathlib import Path
        from briefing.store.turn import turn
        from briefing.workers import forked
        begun = Path({str(begun)!r})
        def call():
            begun.write_text(str(os.getpid()))
            time.sleep(500)
        with turn(Path({str(store)!r})):
            forked(call)
            while not (begun.exists() and begun.read_text()):
                pass
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)], check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    try:
        with (tmp_path / ".briefing.db.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.kill(int(begun.read_text()), signal.SIGKILL)


@needs_a_copy
def test_what_a_call_raises_is_raised_here_once():
    done = run("""
        from briefing.workers import forked
        result = forked(int, "no number")
        print(made)
        result()
    """)
    assert done.stdout == "[1]\n"
    assert done.stderr.count("Traceback") == 1
    assert done.stderr.endswith("invalid literal for int() with base 10: 'no number'\n")


@needs_a_copy
def test_a_copy_ends_with_its_process():
    done = run("""
        import time
        from briefing.workers import forked
        forked(time.sleep, 500)
        print(made)
    """)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[1]\n", "")


@needs_a_copy
@needs_two_cores
def test_a_process_with_threads_is_not_copied():
    done = run("""
        import threading
        from briefing.workers import may_fork
        print(may_fork(1), may_fork(1_000_000))
        over = threading.Event()
        threading.Thread(target=over.wait).start()
        print(may_fork(1_000_000))
        over.set()
    """)
    assert (done.stdout, done.stderr) == ("False True\nFalse\n", "")


@needs_a_copy
def test_without_a_process_to_be_had_the_call_is_made_here():
    done = run("""
        from briefing.workers import forked
        def none():
            print("asked")
            raise BlockingIOError
        os.fork = none
        print(forked(os.getpid)() == os.getpid())
    """)
    assert (done.stdout, done.stderr) == ("asked\nTrue\n", "")


@needs_a_copy
def test_without_a_pipe_to_be_had_the_call_is_made_here():
    done = run("""
        import resource
        from briefing.workers import forked
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
        print(forked(os.getpid)() == os.getpid(), made)
    """)
    assert (done.stdout, done.stderr) == ("True []\n", "")


@needs_a_copy
@needs_two_cores
@pytest.mark.slow
def test_a_big_day_is_the_same_with_copies_of_the_process(tmp_path):
    command = [sys.executable, "-m", "tests.big_day", str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stderr == ""
    copied, alone = map(str.split, done.stdout.splitlines())
    assert (copied[0], alone[0]) == ("2", "0")
    assert copied[1] == alone[1]
