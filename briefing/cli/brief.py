"""collect · build · publish · verify."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import wiring
from briefing.cli.printing import plain, progress, say, say_failures, say_json
from briefing.cli.show import edition_argument, edition_of
from briefing.cli.wiring import (
    LEFT_OUT,
    Wiring,
    as_json,
    budgeted,
    edition_key,
    leave,
    wired,
)

if TYPE_CHECKING:
    from briefing.model import Brief, Failure, Run
    from briefing.schedule import Due
    from briefing.settings import BriefLength
    from briefing.store import Store

force_option = click.option(
    "--force", is_flag=True, help="Also ask sources that are not due yet or are gone."
)


@click.command()
@wired()
@force_option
@as_json
def collect(given: Wiring, *, force: bool, as_json: bool) -> None:
    """Visit the sources that are due and keep what is new. Twice adds nothing."""
    with given.store() as store:
        run = _collect(given, store, (), force=force)
    counts = dict(run.counts)
    if as_json:
        say_json({**counts, "failures": [plain(one) for one in run.failures]})
    else:
        say(
            f"{counts['new']} new articles from {counts['answered']} of "
            f"{counts['sources']} sources"
        )
    say_failures(run.failures)
    leave(LEFT_OUT if run.failures else 0)


@click.command()
@wired()
@as_json
def clean(given: Wiring, *, as_json: bool) -> None:
    """Clean all that is kept again, after a change of the noise rules.

    Articles that come out otherwise get a new revision. Published editions stay as they are.
    """
    from briefing import pipeline

    with given.store(create=False) as store, store.turn(), progress() as told:
        run = pipeline.clean_again(
            given.settings, store, clock=given.clock, progress=told
        )
    counts = dict(run.counts)
    if as_json:
        say_json({**counts, "failures": [plain(one) for one in run.failures]})
    else:
        say(
            f"{counts['changed']} articles changed and {counts['new']} new "
            f"of {counts['documents']} documents"
        )
    say_failures(run.failures)
    leave(LEFT_OUT if run.failures else 0)


@click.command()
@wired()
@click.argument("places", nargs=-1)
@click.option(
    "--date",
    "edition",
    type=edition_key,
    metavar="EDITION",
    help="The edition, by its date or key; the present one if not given.",
)
@click.option(
    "--schedule",
    metavar="NAME",
    help="The schedule whose edition it is; the one without a name if not given.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Also what earlier editions have shown."
)
@click.option(
    "--length",
    type=click.Choice(["short", "standard", "full"]),
    help="Another length of the brief for this build.",
)
@click.option("--method", help="Another summary method for this build.")
@budgeted("--summary-length")
@force_option
@as_json
def build(
    given: Wiring,
    *,
    places: tuple[str, ...],
    edition: str | None,
    schedule: str | None,
    everything: bool,
    force: bool,
    length: BriefLength | None,
    as_json: bool,
    **summary: Any,
) -> None:
    """Collect, build the brief and write its pages.

    PLACES are folders, files or feed addresses to use instead of the configured sources.
    """
    from briefing.settings import with_length

    paths: Sequence[Path]
    given = _condensing(given, summary)
    if length is not None:
        given = Wiring(with_length(given.settings, length), given.clock)
    with given.store() as store, store.turn():
        # What is asked for wrongly is told before anybody is visited.
        _due(given, store, edition, named=schedule, now=given.clock())
        run = _collect(given, store, places, force=force)
        now = given.clock()
        due = _due(given, store, edition, named=schedule, now=now)
        kept = store.edition(due.edition)
        if kept is not None and kept.frozen:
            say(
                f"The edition {due.edition} is published and stays as it is; "
                "what is new goes to the next.",
                err=True,
            )
            brief, paths, failures = kept.brief, (), run.failures
        else:
            brief, paths = _drafted(given, store, due, now=now, everything=everything)
            failures = brief.failures
    _announce(brief, paths, failures, as_json=as_json)
    leave(LEFT_OUT if failures else 0)


@click.command()
@wired()
@edition_argument
@as_json
def publish(given: Wiring, edition: str | None, as_json: bool) -> None:
    """Write the pages of an edition and freeze it: it never changes again.

    EDITION is a date or a key, the latest edition if not given.
    """
    from briefing import pipeline

    with given.store(create=False) as store, store.turn():
        brief = edition_of(store, edition).brief
        paths = pipeline.publish(given.settings, store, brief, freeze=True)
    _announce(brief, paths, brief.failures, as_json=as_json)
    leave(LEFT_OUT if brief.failures else 0)


@click.command()
@wired(reads=True)
@edition_argument
@click.option("--all", "everything", is_flag=True, help="Check every edition.")
@as_json
def verify(
    given: Wiring,
    *,
    edition: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Prove that each sentence of an edition stands in its article, word for word."""
    from briefing.verify import verify as check

    with given.store(create=False) as store:
        keys = (
            [one.key for one in store.editions()]
            if everything
            else [edition_of(store, edition).brief.key]
        )
        folder = given.settings.output.folder
        verdicts = [check(store, one, folder=folder) for one in keys]
    for verdict in verdicts:
        if as_json:
            say_json(plain(verdict))
            continue
        outcome = f"{len(verdict.faults)} faults" if verdict.faults else "all verbatim"
        say(
            f"{verdict.edition}: {verdict.sentences} sentences, "
            f"{verdict.pages} pages: {outcome}"
        )
        for fault in verdict.faults:
            say(f"  {fault}", err=True)
    leave(1 if any(verdict.faults for verdict in verdicts) else 0)


def _drafted(
    given: Wiring, store: Store, due: Due, *, now: datetime, everything: bool
) -> tuple[Brief, Sequence[Path]]:
    """Build an edition and write its pages; return it and where they are."""
    from briefing import pipeline

    brief = pipeline.build(
        given.settings,
        store,
        edition=due.edition,
        now=now,
        claims="none" if everything else "pages",
        after=None if everything else due.after,
    )
    return brief, pipeline.publish(given.settings, store, brief, freeze=False)


def _collect(given: Wiring, store: Store, places: Sequence[str], *, force: bool) -> Run:
    from briefing import pipeline

    with wiring.collecting(given.settings, store) as (http, leases):
        sources = (
            wiring.places(places, http)
            if places
            else wiring.sources(given.settings, http)
        )
        with progress() as told:
            return pipeline.collect(
                given.settings,
                store,
                sources,
                clock=given.clock,
                leases=leases,
                force=force,
                progress=told,
                waiting=partial(_say_waiting, given),
            )


def _say_waiting(given: Wiring, source: str, due: datetime) -> None:
    at = due.astimezone(given.settings.tzinfo)
    say(
        f"{source}: not due until {at:%Y-%m-%d %H:%M %Z} (--force asks anyway)",
        err=True,
    )


def _condensing(given: Wiring, summary: dict[str, Any]) -> Wiring:
    """Return the wiring with the summary's options put over the settings."""
    from briefing.settings import with_summary

    chosen = {
        key.removeprefix("summary_"): value
        for key, value in summary.items()
        if value is not None
    }
    return Wiring(with_summary(given.settings, chosen), given.clock)


def _due(
    given: Wiring, store: Store, wanted: str | None, *, named: str | None, now: datetime
) -> Due:
    """Return the edition to build.

    Raises:
        UsageError: there is no such schedule, or it has no such editions.
    """
    from briefing import schedule
    from briefing.model import schedule_of, time_of

    schedules = {one.name: one for one in given.settings.schedules}
    stated = schedule_of(wanted) if wanted is not None else ""
    name = stated or named or given.settings.schedules[0].name
    if name not in schedules or named not in (None, name):
        known = ", ".join(one or "the one without a name" for one in schedules)
        raise click.UsageError(
            f"no schedule {named or name!r} for it; there is {known}"
        )
    if wanted is None:
        return schedule.draft(store, schedules[name], now)
    key = wanted if stated == name else f"{name}-{wanted}"
    if schedules[name].timed is (time_of(key) is None):
        form = "2024-12-01-0600" if schedules[name].timed else "2024-12-01"
        raise click.UsageError(
            f"{wanted}: an edition of this schedule is named like {form}"
        )
    return schedule.draft(store, schedules[name], now, edition=key)


def _announce(
    brief: Brief, paths: Sequence[Path], failures: Sequence[Failure], *, as_json: bool
) -> None:
    """Say where the brief is, what is in it, and what was left out."""
    stories = {section.title: len(section.stories) for section in brief.sections}
    if as_json:
        say_json(
            {
                "edition": brief.key,
                "pages": [str(path) for path in paths],
                "articles": brief.coverage.articles,
                "stories": {one.slug: len(one.stories) for one in brief.sections},
                "failures": [plain(one) for one in failures],
            }
        )
    else:
        say(f"{brief.title}, {brief.key}: {brief.coverage.articles} articles")
        width = max(len(title) for title in [*stories, ""])
        for title, count in stories.items():
            say(f"  {title:<{width}}  {count} stories")
        shapes = Counter(one.shape for one in brief.standings)
        if shapes["line"] or shapes["counted"]:
            say(
                f"  {shapes['line']} more in one line, {shapes['counted']} counted "
                "(`briefing why` lists them)"
            )
        for path in paths:
            say(os.path.normpath(path))
    say_failures(failures)
