"""An edition's mails: who gets which, and their way out.

    freeze    Brief + subscribers ─render→ letters ──→ outbox, in the edition's transaction
    send      outbox ─deliver→ mail server

Subscribers of one list who want the same topics in the same language share a letter.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Event
from typing import TYPE_CHECKING, Final, Literal

from briefing.deliver import (
    Key,
    Server,
    Signer,
    bodies_of,
    check,
    compose,
    deliver,
    open_key,
    open_signer,
    secret_text,
)
from briefing.errors import DeliveryError, SettingsError
from briefing.inquiry import inquire
from briefing.model import (
    Brief,
    Letter,
    MailState,
    Recipient,
    Subscriber,
)
from briefing.render import confirmation, mail_of, narrowed
from briefing.settings import ListSettings, MailSettings, Settings
from briefing.text import digest, one_line

if TYPE_CHECKING:
    from briefing.store import Post, Store

log = logging.getLogger(__name__)

Uncertain = Literal["hold", "resend", "accept"]
"""What becomes of mails that the server may have or not."""

Purpose = Literal["unsubscribe", "confirm"]

_SHOWN_TOKEN: Final = "contoh"  # in previews, where a link leads nowhere


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
    writer = _Writer(settings, brief)
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
            written[wanted] = _confirmation(settings, mail, one)
        letter = replace(written[wanted], moment=one.since.replace(microsecond=0))
        name = _key_of(letter)
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
    writer = _Writer(settings, brief)
    for one in settings.list:
        _, letter = writer.letter(
            Subscriber(0, one.slug, "", "asked", brief.window.until)
        )
        body = compose(
            letter,
            to=mail.address,
            message_id=f"preview.{_key_of(letter)}@{mail.domain}",
            token=_SHOWN_TOKEN,
        )
        yield f"{brief.date}-{one.slug}", body, bodies_of(letter, _SHOWN_TOKEN)[1]


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
    server = _server(mail)
    signer = _signer(mail)
    key = open_key(mail.key)
    with store.sending():
        lost = store.recover(clock())
        if lost:
            log.warning("event=send uncertain=%d", len(lost))
        known = inquire(mail, store)
        _resolve(store, uncertain, mail, whole=known.whole, now=clock())

        @lru_cache(maxsize=32)
        def letter(occasion: str, name: str) -> Letter:
            found = store.letter(occasion, name)
            if found is None:
                raise DeliveryError(f"letter {name} of {occasion} is missing")
            return found

        def bytes_of(one: Recipient) -> bytes:
            return _composed(key, letter(one.occasion, one.letter), one)

        counts = deliver(
            server,
            store,
            bytes_of,
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


def holder(
    settings: Settings, store: Store, token: str, *, purpose: Purpose
) -> Subscriber | None:
    """Return the subscriber whose link has `token`; None if no link of that purpose has it.

    A link to confirm counts until the subscriber is asked anew; one to unsubscribe for ever.

    Raises:
        DeliveryError: the key cannot be read.
        StoreError: the store cannot be read.
    """
    number, _, mark = token.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    one = store.subscriber(int(number))
    if one is None:
        return None
    key = open_key(mail_settings(settings).key)
    told = [_told(purpose, one.number)]
    if purpose == "confirm":
        asked = store.recipients_of(one.number, wants="asked")[-1:]
        told = [_told(purpose, one.number, mail.occasion) for mail in asked]
    return one if any(key.fits(mark, *parts) for parts in told) else None


def follow(
    settings: Settings, store: Store, token: str, *, purpose: Purpose, now: datetime
) -> Subscriber | None:
    """Do what a subscriber's link says; return the subscriber, None if it is no such link.

    Following it again changes nothing, and whoever has left is not confirmed by an old link.

    Raises:
        DeliveryError: the key cannot be read.
        StoreError: the store cannot be read or written.
    """
    one = holder(settings, store, token, purpose=purpose)
    if one is None:
        return None
    if purpose == "unsubscribe":
        store.change_state(one.number, "left", now)
    else:
        store.change_state(one.number, "confirmed", now, of=("asked",))
    return store.subscriber(one.number)


def mail_settings(settings: Settings) -> MailSettings:
    """Return the settings of mail.

    Raises:
        SettingsError: there are none.
    """
    if settings.mail is None:
        raise SettingsError(
            'mail is not set up; add [mail] with from = "Name <name@host>"'
        )
    return settings.mail


class _Writer:
    """Writes each letter of an edition once."""

    def __init__(self, settings: Settings, brief: Brief) -> None:
        self._settings, self._brief = settings, brief
        self._lists = {one.slug: one for one in settings.list}
        self._keys: dict[tuple[str, str, tuple[str, ...]], str] = {}
        self.letters: dict[str, Letter] = {}

    def letter(self, one: Subscriber) -> tuple[str, Letter]:
        """Return the letter for a subscriber, and its key."""
        which = self._lists[one.list]
        language = one.language or which.language or self._brief.language
        topics = one.topics or which.topics
        wanted = (one.list, language, tuple(sorted(set(topics))))
        if wanted not in self._keys:
            letter = self._written(which, language, wanted[2])
            _try_out(letter, mail_settings(self._settings))
            self._keys[wanted] = _key_of(letter)
            self.letters[_key_of(letter)] = letter
        key = self._keys[wanted]
        return key, self.letters[key]

    def _written(
        self, which: ListSettings, language: str, topics: Sequence[str]
    ) -> Letter:
        mail = mail_settings(self._settings)
        brief = replace(narrowed(self._brief, topics), language=language)
        # No text can hold its own hash, so this stands only where the link belongs.
        link = f"https://{digest(repr(brief).encode())[:32]}.invalid/"
        full = mail.page.replace("{date}", str(brief.date)) if mail.page else None
        words = mail_of(
            brief,
            subject=mail.subject,
            list_title=which.title or brief.title,
            link=link,
            full=full,
            templates=self._settings.output.templates,
        )
        return Letter(
            kind="edition",
            words=words,
            link=link,
            sender=mail.sender,
            moment=brief.window.until.replace(microsecond=0),
            language=language,
            list_id=f"{which.slug}.{mail.domain}",
            base=mail.base,
            reply=mail.reply or mail.address,
            archive=full,
            empty=not any(section.stories for section in brief.sections),
        )


def _confirmation(settings: Settings, mail: MailSettings, one: Subscriber) -> Letter:
    lists = {each.slug: each for each in settings.list}
    which = lists[one.list]
    language = one.language or which.language or settings.language
    title = which.title or settings.title
    link = f"https://{digest(f'{title}{language}'.encode())[:32]}.invalid/"
    words = confirmation(
        language=language,
        list_title=title,
        link=link,
        templates=settings.output.templates,
    )
    return Letter(
        kind="confirm",
        words=words,
        link=link,
        sender=mail.sender,
        moment=one.since.replace(microsecond=0),
        language=language,
        list_id=f"{one.list}.{mail.domain}",
        base=mail.base,
        reply=mail.reply or mail.address,
    )


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
        "token": _token(key, letter, queued),
    }
    try:
        body = compose(letter, **who)
        check(body, letter, **who)
    except DeliveryError as error:
        # The letter is right, so it is this one address; the others get theirs.
        log.warning("event=queue subscriber=%d error=%s", one.number, error)
        return replace(queued, state="failed", reply=one_line(str(error)))
    return replace(queued, sha256=digest(body))


def _try_out(letter: Letter, mail: MailSettings) -> None:
    """Raise DeliveryError unless a mail of `letter` has the headers that it should have."""
    who = {"to": mail.address, "message_id": f"x@{mail.domain}", "token": _SHOWN_TOKEN}
    check(compose(letter, **who), letter, **who)


def _composed(key: Key, letter: Letter, one: Recipient) -> bytes:
    return compose(
        letter,
        to=one.address,
        message_id=one.message_id,
        token=_token(key, letter, one),
    )


def _token(key: Key, letter: Letter, one: Recipient) -> str:
    if letter.kind == "confirm":
        told = _told("confirm", one.subscriber, one.occasion)
    else:
        told = _told("unsubscribe", one.subscriber)
    return f"{one.subscriber}.{key.mark(*told)}"


def _told(purpose: Purpose, number: int, occasion: str = "") -> tuple[object, ...]:
    """Return what the mark in a subscriber's link is made of."""
    return purpose, number, occasion


def _key_of(letter: Letter) -> str:
    return digest(repr(letter).encode())[:16]


def _signer(mail: MailSettings) -> Signer | None:
    """Return what signs the mails, None if nothing does."""
    wanted = mail.dkim
    if wanted is None:
        return None
    if wanted.key is None:
        key, where = _from_environment("mail.dkim.key_env", wanted.key_env), "its key"
    else:
        where = f"key {wanted.key}"
        try:
            key = secret_text(wanted.key)
        except OSError as error:
            raise DeliveryError(f"{where}: {error.strerror}") from error
    return open_signer(
        domain=wanted.domain or mail.domain,
        selector=wanted.selector,
        key=key,
        where=f"mail.dkim: {where}",
    )


def _from_environment(setting: str, name: str | None) -> str:
    value = os.environ.get(name or "")
    if not value:
        raise SettingsError(f"{setting}: {name} is not in the environment")
    return value


def _server(mail: MailSettings) -> Server:
    if mail.server is None:
        raise SettingsError("mail.server: is missing; mails can only be previewed")
    password = None
    if mail.password_env is not None:
        password = _from_environment("mail.password_env", mail.password_env)
    return Server(
        mail.server,
        mail.where,
        security=mail.security,
        user=mail.user,
        password=password,
        authorities=mail.authorities,
        timeout=mail.timeout,
        greeting=mail.domain,
        copy=mail.copy_to,
    )
