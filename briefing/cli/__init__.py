"""The command line: arguments, clock, wiring, printing, exit status.

Exit status: 0 done · 1 failed · 2 wrong usage or settings · 3 done with something left out.
"""

from __future__ import annotations

import gc
import logging
from typing import Any

import click

from briefing import __version__
from briefing.cli import (
    brief,
    daemon,
    evaluate,
    feeds,
    filters,
    health,
    search,
    send,
    serve,
    setup,
    show,
    site,
    store,
    subscribers,
    topics,
    why,
)
from briefing.cli.printing import print_anything, say_error
from briefing.errors import BriefingError, SettingsError


class _Group(click.Group):
    """Turns our errors into one line and an exit status."""

    def main(self, *args: Any, **options: Any) -> Any:
        # Articles and pages have hardly any cycles; to look for some took a tenth of a big build.
        gc.set_threshold(50_000)
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
    feeds.add,
    feeds.import_,
    feeds.export,
    brief.collect,
    brief.clean,
    brief.build,
    brief.publish,
    show.show,
    brief.verify,
    why.why,
    search.search,
    send.send,
    send.status,
    subscribers.subscribers,
    store.store,
    serve.serve,
    site.site,
    daemon.run,
    health.sources,
    setup.doctor,
    filters.extract,
    filters.summarize,
    filters.stories,
    evaluate.evaluate,
    topics.topics,
):
    main.add_command(command)
