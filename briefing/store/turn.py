"""A turn: one program at a time works with a store that is in a file."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from briefing.errors import StoreError
from briefing.ports import Alone, Leases
from briefing.store.words import advice, named

_LOG: Final = logging.getLogger(__name__)


@contextmanager
def turn(file: Path) -> Iterator[None]:
    """Wait until no other program has the turn at the store in `file`, and have it.

    The lock is on ``.NAME.lock`` beside the file. That stays: were it removed, two programs
    could hold locks on two files of that name. The system lets go of the lock when its
    holder dies.

    Raises:
        StoreError: the lock cannot be made.
    """
    with _opened(file, "lock") as descriptor:
        _wait(descriptor, file)
        yield


@contextmanager
def leases(file: Path) -> Iterator[Leases]:
    """Give the leases of the only collector of the store in `file`; others wait.

    The lock is on ``.NAME.collecting``. Collectors that share a file share a machine, which one
    of them keeps busy.

    Raises:
        StoreError: the lock cannot be made.
    """
    with _opened(file, "collecting") as descriptor:
        _wait(descriptor, file)
        yield Alone()


@contextmanager
def sending(file: Path, *, orphaned: Callable[[], None]) -> Iterator[None]:
    """Send mails of the store in `file`; others may do so too.

    Whoever sends shares a lock on ``.NAME.sending``. Whoever can have it alone at the start
    knows that all who had claimed mails before are dead, and `orphaned` is called. Nobody
    waits for one who has stopped answering.

    Raises:
        StoreError: the lock cannot be made.
    """
    with _opened(file, "sending") as descriptor:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            orphaned()
        # Another may have it alone in between, but not while anyone has claimed something.
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


@contextmanager
def _opened(file: Path, kind: str) -> Iterator[int]:
    """Give the descriptor of a lock beside `file`, and let go of the lock at the end."""
    whole = file.resolve()
    lock = whole.with_name(f".{whole.name}.{kind}")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"store {named(file)} {advice(error)}") from error
    try:
        yield descriptor
    finally:
        # Closing alone is not enough: a worker that was forked meanwhile has it open too.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _wait(descriptor: int, file: Path) -> None:
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _LOG.info("store.waiting place=%s", named(file))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        raise StoreError(f"store {named(file)} {advice(error)}") from error
