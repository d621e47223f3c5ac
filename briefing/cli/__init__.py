"""The command line: arguments, clock, wiring, printing, exit status.

Exit status: 0 done · 1 failed · 2 wrong usage or settings · 3 done with something left out.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import click

from briefing import __version__
from briefing.cli import brief, daemon, filters, setup
from briefing.errors import BriefingError, SettingsError


class _Group(click.Group):
    """Turns our errors into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            _fail(error, 2)
        except BriefingError as error:
            _fail(error, 1)
        except OSError as error:
            # Only what reading or writing the user's own files may bring; say it plainly.
            _fail(error, 1)


def _fail(error: Exception, status: int) -> None:
    click.echo(f"briefing: {error}", err=True)
    sys.exit(status)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (
    setup.init,
    brief.collect,
    brief.build,
    brief.publish,
    brief.show,
    brief.verify,
    daemon.run,
    setup.sources,
    setup.doctor,
    filters.extract,
    filters.summarize,
    filters.stories,
):
    main.add_command(command)
