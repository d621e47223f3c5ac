"""send: the mails that are due."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from briefing.cli.printing import say, say_json
from briefing.cli.show import edition_argument, edition_of
from briefing.cli.wiring import LEFT_OUT, Wiring, as_json, leave, wired

if TYPE_CHECKING:
    from briefing.mailing import Uncertain
    from briefing.model import MailState, Recipient
    from briefing.store import Store

UNHAPPY: Final[tuple[MailState, ...]] = ("deferred", "failed", "uncertain", "in_flight")
"""States of mails that somebody may have to look after."""


@click.command()
@wired()
@edition_argument
@click.option(
    "--preview",
    is_flag=True,
    help="Write the mails of an edition into the current folder; send nothing.",
)
@click.option(
    "--uncertain",
    type=click.Choice(["hold", "resend", "accept"]),
    help="What becomes of mails that the server may have or not, this time.",
)
@as_json
def send(
    given: Wiring,
    *,
    edition: str | None,
    preview: bool,
    uncertain: Uncertain | None,
    as_json: bool,
) -> None:
    """Send the mails that are due: each subscriber gets each edition once.

    With EDITION, a published one, those who have not been sent it yet get it too.
    """
    from briefing import mailing

    if preview and uncertain is not None:
        raise click.UsageError("--preview sends nothing, so it knows no --uncertain")
    with given.store(create=False) as store:
        if preview:
            _preview(given, store, edition, as_json=as_json)
            return
        unread = not heed_replies(given, store)
        if edition is not None:
            _queue(given, store, edition)
        stopped = Event()
        with _stopping(stopped):
            counts = mailing.send(
                given.settings,
                store,
                clock=given.clock,
                uncertain=uncertain,
                stopped=stopped,
            )
        held = store.recipients(states=["uncertain"])
        waiting = len(store.recipients(states=["pending", "deferred"]))
    if as_json:
        say_json({**counts, "waiting": waiting, "uncertain": len(held)})
    else:
        say(f"{in_states(counts) or 'nothing sent'}; {waiting} waiting")
    _say_held(held)
    unhappy = any(counts[state] for state in UNHAPPY)
    leave(LEFT_OUT if unhappy or held or unread else 0)


def heed_replies(given: Wiring, store: Store) -> bool:
    """Do what subscribers asked for by mail; return whether it could be read.

    If not, that is said, and it is no reason to send nothing to the others.
    """
    from briefing.errors import DeliveryError
    from briefing.replies import read_replies

    try:
        read_replies(given.settings, store, now=given.clock())
    except DeliveryError as error:
        say(f"briefing: {error}", err=True)
        return False
    return True


def say_outcome(counts: Counter[MailState], store: Store) -> None:
    """Say what became of mails that were sent, nothing if none was."""
    if counts:
        say(f"mails: {in_states(counts)}", err=True)
    if counts["uncertain"]:
        _say_held(store.recipients(states=["uncertain"]))


def in_states(counts: Mapping[MailState, int]) -> str:
    """Return ``2 accepted, 1 failed``."""
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))


def _say_held(held: Sequence[Recipient]) -> None:
    """Say to standard error which mails are held because they may have arrived."""
    if not held:
        return
    names = ", ".join(one.address for one in held[:20])
    more = f" and {len(held) - 20} more" if len(held) > 20 else ""
    say(
        f"{len(held)} mails may have arrived or not and are held: {names}{more}. "
        "Look into the server's log for their Message-ID (`briefing status --json`), then "
        "`briefing send --uncertain accept` or `--uncertain resend`.",
        err=True,
    )


def _preview(
    given: Wiring, store: Store, edition: str | None, *, as_json: bool
) -> None:
    from briefing import mailing
    from briefing.deliver import Folder

    brief = edition_of(store, edition).brief
    pages: dict[str, str] = {}
    for name, mail, html in mailing.previews(given.settings, brief):
        # Bytes of a mail to an ASCII address are ASCII; its lines stay as they are.
        pages |= {f"{name}.eml": mail.decode("ascii"), f"{name}.html": html}
    paths = Folder(Path()).send(pages)
    if as_json:
        say_json({"edition": brief.key, "pages": [os.fspath(path) for path in paths]})
        return
    for path in paths:
        say(os.fspath(path))
    if _has_desktop():
        click.launch(paths[1].resolve().as_uri())


def _has_desktop() -> bool:
    """Whether somebody sits before a screen that a page can be shown on."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(shown) and sys.stdout.isatty()


def _queue(given: Wiring, store: Store, edition: str) -> None:
    """Queue a published edition for those who have not been sent it yet."""
    from briefing import mailing
    from briefing.errors import DeliveryError

    kept = edition_of(store, edition)
    if not kept.frozen:
        raise DeliveryError(
            f"the edition {edition} is a draft; `briefing publish {edition}` first"
        )
    post = mailing.mails_of(given.settings, store, kept.brief)
    if post is not None:
        store.queue(replace(post, queued=given.clock()))


@contextmanager
def _stopping(stopped: Event) -> Iterator[None]:
    """Set `stopped` on SIGTERM and Ctrl-C: mails on the way are finished, others wait."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(one, lambda *_: stopped.set()) for one in numbers]
    try:
        yield
    finally:
        for one, handler in zip(numbers, before, strict=True):
            signal.signal(one, handler)
