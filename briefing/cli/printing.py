"""Printing: results to standard output, the rest to standard error."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.model import Failure

COLUMNS: Final = 80
"""Of a page on a terminal: longer lines are hard to read."""

LONGEST: Final = 2000
"""Characters of foreign text that are printed on one line."""

_STEERING: Final = re.compile(
    "[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What JSON leaves as it is, but a terminal or a reader of lines may obey or choke on."""


def say(text: str, *, err: bool = False) -> None:
    """Print one line; control characters in it are gone, leading blanks stay."""
    blanks = len(text) - len(text.lstrip(" "))
    click.echo(" " * blanks + one_line(text, limit=LONGEST), err=err)


def say_error(error: Exception) -> None:
    """Print an error to standard error, as one line."""
    _flush()
    say(f"briefing: {words_of(error)}", err=True)


def _flush() -> None:
    """Print what waits for it; where it cannot be, let go of it.

    At the end of the program Python would try once more, and tell its failure in its own way.
    """
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def words_of(error: Exception) -> str:
    """Return what an error says; one of the system without its number."""
    if not (isinstance(error, OSError) and error.strerror):
        return str(error) or type(error).__name__
    if error.filename is None:
        return error.strerror
    return f"{error.filename}: {error.strerror}"


def print_anything() -> None:
    """Have a standard stream print what its encoding lacks, as an escape with a backslash.

    One that the program was started without has nothing to read and loses what is printed.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Open as long as the program runs.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say_json(value: Any) -> None:
    """Print `value` as one line of JSON; what could steer a terminal is escaped."""
    # JSON has escapes of its own for what the encoding lacks.
    narrow = not (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=narrow)
    click.echo(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def say_failures(failures: Sequence[Failure]) -> None:
    """Print one line a failure to standard error."""
    for one in failures:
        detail = f" ({one.detail})" if one.detail else ""
        say(f"left out: {one.subject}: {one.reason}{detail} [{one.stage}]", err=True)


def say_page(page: str, file: TextIO) -> None:
    """Print a page of Markdown as it is to be read: headings, lists, links that can be opened.

    What is no terminal gets text in lines of its width. Control characters become visible.
    """
    from rich.console import Console
    from rich.markdown import Markdown

    from briefing.deliver.stream import HARMLESS

    console = Console(file=file, highlight=False, emoji=False)
    console.print(Markdown(page.translate(HARMLESS)), width=min(console.width, COLUMNS))


def plain(value: Any) -> Any:
    """Return a value of the model as JSON values."""
    from pydantic import TypeAdapter

    return TypeAdapter(type(value)).dump_python(value, mode="json")


@contextmanager
def progress(*, printing: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that is told what is counted, how many are done, and of how many.

    Draws a bar for each, on a terminal only; a total of 0 is one that is not known.

    Args:
        printing: results are printed meanwhile: no bar if they go to the terminal too.
    """
    if not sys.stderr.isatty() or (printing and sys.stdout.isatty()):
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as bars:

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield told
