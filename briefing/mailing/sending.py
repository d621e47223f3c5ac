"""From the outbox to the mail server."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Event
from typing import TYPE_CHECKING, Literal

from briefing.deliver import Key, compose, deliver, open_key
from briefing.errors import DeliveryError
from briefing.inquiry import inquire
from briefing.mailing.links import token_of
from briefing.mailing.server import mail_settings, server_of, signer_of
from briefing.model import Letter, MailState, Recipient
from briefing.settings import MailSettings, Settings

if TYPE_CHECKING:
    from briefing.store import Store


log = logging.getLogger(__name__)

Uncertain = Literal["hold", "resend", "accept"]
"""What becomes of mails that the server may have or not."""


def send(
    settings: Settings,
    store: Store,
    *,
    clock: Callable[[], datetime],
    uncertain: Uncertain | None = None,
    stopped: Event | None = None,
) -> Counter[MailState]:
    """Send what is due; return how many mails ended in which state, also of a run that died.

    Args:
        settings: `mail` is used.
        store: the outbox.
        clock: tells the time.
        uncertain: what becomes of mails that are uncertain; None: as the settings say.
        stopped: once it is set no further mail is begun.

    Raises:
        SettingsError: no server is set, or its password is missing.
        DeliveryError: the server cannot be reached, or not as the settings say.
        StoreError: the store cannot be read or written.
    """
    mail = mail_settings(settings)
    server, signer = server_of(mail), signer_of(mail)
    key = open_key(mail.key)
    with store.sending():
        lost = store.recover(clock())
        if lost:
            log.warning("event=send uncertain=%d", len(lost))
        known = inquire(mail, store)
        _resolve(store, uncertain, mail, whole=known.whole, now=clock())
        counts = deliver(
            server,
            store,
            _composer(store, key),
            sender=mail.address,
            clock=clock,
            signed=bytes if signer is None else signer.signed,
            connections=mail.connections,
            stopped=stopped,
        )
    if counts:
        store.forget_letters(clock() - timedelta(days=mail.keep))
    counts["uncertain"] += len(lost - {*known.taken})
    counts["accepted"] += len(known.taken)
    return +counts


def _composer(store: Store, key: Key) -> Callable[[Recipient], bytes]:
    """Return what composes the mail to a recipient of a letter in the outbox.

    It raises `DeliveryError` if the letter is not there.
    """

    @lru_cache(maxsize=32)
    def letter(occasion: str, name: str) -> Letter:
        found = store.letter(occasion, name)
        if found is None:
            raise DeliveryError(f"letter {name} of {occasion} is missing")
        return found

    return lambda one: composed(key, letter(one.occasion, one.letter), one)


def _resolve(
    store: Store,
    wanted: Uncertain | None,
    mail: MailSettings,
    *,
    whole: bool,
    now: datetime,
) -> None:
    """Do with what is uncertain as is wanted now, else as the settings say.

    The settings wait until the server must have decided, and for what could not be looked up.
    """
    if wanted in ("resend", "accept"):
        state: MailState = "deferred" if wanted == "resend" else "accepted"
        store.resolve_uncertain(state, due=None)
    elif wanted is None and mail.uncertain == "resend" and whole:
        store.resolve_uncertain("deferred", due=now)


def composed(key: Key, letter: Letter, one: Recipient) -> bytes:
    """Return the bytes of the mail to `one`, the same at every try."""
    return compose(
        letter,
        to=one.address,
        message_id=one.message_id,
        token=token_of(key, letter, one),
    )
