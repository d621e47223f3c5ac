"""A program that collects, builds, publishes and sends, and is killed where it is told to be.

It runs in a process of its own, which a server of processes forks: the modules are read once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

from briefing.workers import PRELOADED

EARLY = (
    "keep",  # before a part of a visit is kept
    "kept",
    "draft",  # before the draft is kept
    "drafted",
    "page",  # before a page that is written takes its place
    "paged",
    "list",  # before the pages are written down
    "listed",
)
"""Points up to the freezing of an edition."""

POINTS = (
    "freeze",  # before the edition is frozen and its mails queued
    "frozen",
    "claim",  # before mails are claimed
    "claimed",
    "body",  # before something is said to the server
    "leave",  # before mails are marked as in flight
    "left",  # before the final dot
    "dotted",  # after the final dot
    "settle",  # before an answer is committed
    "settled",
)
"""Points from the freezing of an edition on."""

_PROCESSES = multiprocessing.get_context("forkserver")
_PRELOADED = (
    *PRELOADED,
    "briefing.mailing",
    "briefing.pipeline",
    "briefing.schedule",
    "briefing.store.store",
    "tests.days",
    "tests.office",
)
"""There is one server of processes for all: what workers need is read there, too."""


def run(work: Callable[[], None], *, point: str = "", after: int = 0) -> bool:
    """Do `work`; return whether it was killed.

    Args:
        work: a function of a module, or a `functools.partial` of one.
        point: of `EARLY` or `POINTS`, where it kills itself with signal 9; empty: nowhere.
        after: how often it passes that point before.
    """
    process = start(work, point=point, after=after)
    process.join()
    assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
    return bool(process.exitcode)


def start(work: Callable[[], None], *, point: str = "", after: int = 0) -> Any:
    """Start the same and return its process."""
    _PROCESSES.set_forkserver_preload(list(_PRELOADED))
    process = _PROCESSES.Process(target=_work, args=(work, point, after))
    process.start()
    return process


def _work(work: Callable[[], None], point: str, after: int) -> None:
    from briefing.deliver.folder import _Waiting
    from briefing.deliver.smtp import _Session
    from briefing.store.editions import Editions
    from briefing.store.outbox import Outbox
    from briefing.store.visits import Visits
    from tests.postgres import join

    join()
    left = [after]

    def passing(name: str) -> None:
        if name and name == point:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def committed(*given: Any) -> tuple[str, str]:
        return ("leave", "left") if given[2] else ("settle", "settled")

    def sent(*given: Any) -> tuple[str, str]:
        return ("", "dotted") if given[1] == b".\r\n" else ("body", "")

    _around(Visits, "keep", passing, lambda *_: ("keep", "kept"))
    _around(Editions, "save_edition", passing, lambda *_: ("draft", "drafted"))
    _around(_Waiting, "take_place", passing, lambda *_: ("page", "paged"))
    _around(Editions, "save_pages", passing, lambda *_: ("list", "listed"))
    _around(Editions, "freeze", passing, lambda *_: ("freeze", "frozen"))
    _around(Outbox, "claim", passing, lambda *_: ("claim", "claimed"))
    _around(Outbox, "commit", passing, committed)
    _around(_Session, "send", passing, sent)
    work()


def _around(
    kind: type,
    method: str,
    passing: Callable[[str], None],
    points: Callable[..., tuple[str, str]],
) -> None:
    """Have `passing` called with the points before and after each call of a method."""
    inner = getattr(kind, method)

    def wrapped(*given: Any, **options: Any) -> Any:
        before, after = points(*given)
        passing(before)
        result = inner(*given, **options)
        passing(after)
        return result

    setattr(kind, method, wrapped)
