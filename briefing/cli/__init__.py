"""The command line: arguments, clock, wiring, printing, exit status.

Exit status: 0 done · 1 failed · 2 wrong usage or settings · 3 done with something left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import click

from briefing import __version__
from briefing.cli.printing import print_anything, say_error
from briefing.errors import BriefingError, SettingsError
from briefing.tuning import tune

_PLACES: Final = {
    "brief": ("build", "clean", "collect", "publish", "verify"),
    "daemon": ("run",),
    "evaluate": ("evaluate",),
    "feeds": ("add", "export", "import_"),
    "filters": ("extract", "stories", "summarize"),
    "health": ("sources",),
    "search": ("search",),
    "send": ("send",),
    "serve": ("serve",),
    "setup": ("doctor", "init"),
    "show": ("show",),
    "site": ("site",),
    "status": ("status",),
    "store": ("store",),
    "subscribers": ("subscribers",),
    "topics": ("topics",),
    "why": ("why",),
}
"""Which commands each module has."""


class _Commands(Mapping[str, click.Command]):
    """All commands by name; one is loaded when it is asked for."""

    def __init__(self) -> None:
        self._places = {
            function.rstrip("_"): (module, function)
            for module, functions in _PLACES.items()
            for function in functions
        }

    def __getitem__(self, name: str) -> click.Command:
        module, function = self._places[name]
        found: click.Command = getattr(
            import_module(f"briefing.cli.{module}"), function
        )
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Group(click.Group):
    """Turns our errors into one line and an exit status."""

    def main(self, *args: Any, **options: Any) -> Any:
        tune()
        print_anything()
        return super().main(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader has left, which click takes quietly
        except SettingsError as error:
            say_error(error)
            ctx.exit(2)
        except (BriefingError, OSError) as error:
            # Only what reading or writing the user's own files may bring.
            say_error(error)
            ctx.exit(1)


@click.group(
    cls=_Group,
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-v", "--verbose", is_flag=True, help="Log each stage to standard error.")
@click.version_option(__version__, prog_name="briefing")
def main(verbose: bool) -> None:
    """Gather news, condense each article verbatim, write a dated brief.

    Start with `briefing init`, then `briefing build`.
    """
    logging.basicConfig(
        level=logging.ERROR, format="%(levelname)s %(name)s %(message)s"
    )
    if verbose:
        logging.getLogger("briefing").setLevel(logging.INFO)
