"""Subscribers' links: made, read and followed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from briefing.deliver import Key, open_key
from briefing.mailing.server import mail_settings
from briefing.model import Letter, Recipient, Subscriber
from briefing.settings import Settings

if TYPE_CHECKING:
    from briefing.store import Store


Purpose = Literal["unsubscribe", "confirm"]


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


def token_of(key: Key, letter: Letter, one: Recipient) -> str:
    """Return what stands in the link of the mail to `one`."""
    if letter.kind == "confirm":
        told = _told("confirm", one.subscriber, one.occasion)
    else:
        told = _told("unsubscribe", one.subscriber)
    return f"{one.subscriber}.{key.mark(*told)}"


def _told(purpose: Purpose, number: int, occasion: str = "") -> tuple[object, ...]:
    """Return what the mark in a subscriber's link is made of."""
    return purpose, number, occasion
