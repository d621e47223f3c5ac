"""A call that nobody waits for at exit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def aside(call: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
    """Return the result to be of a call, which is made in a thread that is left behind at exit.

    Threads of a common pool are waited for.
    """
    future: Future[_T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(call(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  # whoever waits gets it
            future.set_exception(error)

    Thread(target=run, name="aside", daemon=True).start()
    return future
