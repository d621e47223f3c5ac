"""A call in a copy of this process: it has all that this one has, at once, and a core of its own."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from briefing.workers.processes import cores

MANY: Final = 2_000
"""Items under which a call is too short to be worth a process."""

_OPEN: Final = Path("/proc/self/fd")
"""Has what a process has open, on Linux."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def may_fork(items: int) -> bool:
    """Return whether a call about so many items is worth a copy, and this process can be copied.

    One that has threads is never copied: they could hold locks for ever in the copy.
    """
    return items >= MANY and cores() > 1 and _is_alone()


def forked(
    call: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
) -> Callable[[], _T]:
    """Begin a call in a copy of this process; return what waits for its result.

    Where there can be no copy, or it ends without a result, as for want of memory or because
    the call raised something, the call is made here when its result is asked for.

    Args:
        call: needs no open file, connection or database; what it returns can be pickled.
        args: of the call.
        kwargs: of the call.
    """
    here = partial(call, *args, **kwargs)
    if not _is_alone():
        return here
    context = get_context("fork")
    try:
        receiving, sending = context.Pipe(duplex=False)
    except OSError:  # too much is open
        return here
    process = context.Process(target=_tell, args=(here, sending), daemon=True)
    try:
        process.start()
    except OSError:  # too many processes
        receiving.close()
        return here
    finally:
        sending.close()

    def result() -> _T:
        found: list[_T] = []
        with receiving, suppress(EOFError, OSError):
            found = [receiving.recv()]
        process.join()
        return found[0] if found else here()

    return result


def _is_alone() -> bool:
    """Return whether this process has no threads, and may have copies that can let go."""
    alone = threading.active_count() == 1 and not current_process().daemon
    return alone and _OPEN.is_dir()


def _tell(call: Callable[[], object], sending: Connection) -> None:
    """Make the call in the copy, and send its result, if any."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_DFL)
    _let_go(but=sending.fileno())
    with suppress(Exception):  # it is raised by the call that is made instead
        sending.send(call())


def _let_go(*, but: int) -> None:
    """Close all that the copied process has open: its locks and connections end with it alone."""
    gc.disable()  # what is thrown away would close numbers that are used again
    for name in os.listdir(_OPEN):
        if int(name) > 2 and int(name) != but:
            with suppress(OSError):
                os.close(int(name))
