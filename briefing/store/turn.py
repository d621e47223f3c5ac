"""A turn: one program at a time works with a store that is in a file."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from briefing.errors import StoreError
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
    whole = file.resolve()
    lock = whole.with_name(f".{whole.name}.lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"store {named(file)} {advice(error)}") from error
    try:
        _wait(descriptor, file)
        try:
            yield
        finally:
            # Closing alone is not enough: a worker that was forked meanwhile has it open too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
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
