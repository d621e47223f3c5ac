"""What the outbox is to hold: who gets which letter."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from briefing.deliver import Key, bodies_of, check, compose, open_key
from briefing.errors import DeliveryError
from briefing.mailing.letters import SHOWN_TOKEN, Writer, confirmation_of, key_of
from briefing.mailing.links import token_of
from briefing.mailing.server import mail_settings
from briefing.model import Brief, Letter, Recipient, Subscriber
from briefing.settings import MailSettings, Settings
from briefing.text import digest, one_line

if TYPE_CHECKING:
    from briefing.store import Post, Store

log = logging.getLogger(__name__)


def mails_of(settings: Settings, store: Store, brief: Brief) -> Post | None:
    """Return what the outbox is to hold for an edition; None if no mail is set up.

    Raises:
        DeliveryError: a template is wrong, or a mail's headers are not what they should be.
        StoreError: the subscribers cannot be read.
    """
    from briefing.store import Post

    if settings.mail is None:
        return None
    key = open_key(settings.mail.key)
    writer = Writer(settings, brief)
    lists = {one.slug for one in settings.list}
    occasion = str(brief.date)
    recipients = [
        _recipient(settings.mail, key, occasion, one, name=name, letter=letter)
        for one in store.subscribers(state="confirmed")
        if one.list in lists
        for name, letter in [writer.letter(one)]
    ]
    return Post(occasion, "confirmed", writer.letters, recipients, brief.window.until)


def ask(
    settings: Settings, store: Store, asked: Sequence[Subscriber], *, now: datetime
) -> int:
    """Queue the mails that ask whether subscriptions are wanted; return how many.

    Raises:
        DeliveryError: a template is wrong.
        StoreError: the store cannot be written.
    """
    from briefing.store import Post

    mail = mail_settings(settings)
    key = open_key(mail.key)
    written: dict[tuple[str, str | None], Letter] = {}
    posts: dict[str, tuple[dict[str, Letter], list[Recipient]]] = {}
    for one in asked:
        occasion = f"confirm {one.since.isoformat(timespec='microseconds')}"
        letters, recipients = posts.setdefault(occasion, ({}, []))
        wanted = (one.list, one.language)
        if wanted not in written:
            written[wanted] = confirmation_of(settings, mail, one)
        letter = replace(written[wanted], moment=one.since.replace(microsecond=0))
        name = key_of(letter)
        letters[name] = letter
        recipients.append(
            _recipient(mail, key, occasion, one, name=name, letter=letter)
        )
    return sum(
        store.queue(Post(occasion, "asked", letters, recipients, now))
        for occasion, (letters, recipients) in posts.items()
    )


def previews(settings: Settings, brief: Brief) -> Iterator[tuple[str, bytes, str]]:
    """Yield for each list a name, the mail to its sender's own address, and its HTML.

    Raises:
        DeliveryError: a template is wrong.
    """
    mail = mail_settings(settings)
    writer = Writer(settings, brief)
    for one in settings.list:
        _, letter = writer.letter(
            Subscriber(0, one.slug, "", "asked", brief.window.until)
        )
        body = compose(
            letter,
            to=mail.address,
            message_id=f"preview.{key_of(letter)}@{mail.domain}",
            token=SHOWN_TOKEN,
        )
        yield f"{brief.date}-{one.slug}", body, bodies_of(letter, SHOWN_TOKEN)[1]


def _recipient(
    mail: MailSettings,
    key: Key,
    occasion: str,
    one: Subscriber,
    *,
    name: str,
    letter: Letter,
) -> Recipient:
    """Return a mail for the outbox, its bytes made once and checked."""
    message_id = f"{key.mark('id', occasion, one.number)}@{mail.domain}"
    queued = Recipient(0, occasion, one.number, one.address, name, message_id, "")
    if letter.empty and not mail.empty:
        return replace(queued, state="nothing")
    who = {
        "to": one.address,
        "message_id": message_id,
        "token": token_of(key, letter, queued),
    }
    try:
        body = compose(letter, **who)
        check(body, letter, **who)
    except DeliveryError as error:
        # The letter is right, so it is this one address; the others get theirs.
        log.warning("event=queue subscriber=%d error=%s", one.number, error)
        return replace(queued, state="failed", reply=one_line(str(error)))
    return replace(queued, sha256=digest(body))
