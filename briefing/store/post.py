"""Mails on their way into the outbox."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from briefing.model import Letter, Recipient, SubscriberState
from briefing.store.database import insert_new
from briefing.store.schema import letters, outbox, subscribers

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Post:
    """The mails of one occasion.

    Attributes:
        occasion: see `briefing.model.Recipient`.
        wants: the state in which a subscriber gets them.
        letters: by key.
        recipients: their numbers do not count yet.
        queued: when they are put there.
    """

    occasion: str
    wants: SubscriberState
    letters: Mapping[str, Letter]
    recipients: Sequence[Recipient]
    queued: datetime


def put(connection: Connection, post: Post) -> int:
    """Put mails into the outbox in a transaction; return how many are new."""
    kept = [
        {
            "occasion": post.occasion,
            "letter": key,
            "body": zlib.compress(letter_shape().dump_json(letter)),
        }
        for key, letter in sorted(post.letters.items())
    ]
    insert_new(connection, letters, kept, "occasion", "letter")
    of_occasion = (
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.occasion == post.occasion)
    )
    before = connection.scalar(of_occasion) or 0
    rows = [
        {
            "occasion": post.occasion,
            "subscriber": one.subscriber,
            "address": one.address,
            "letter": one.letter,
            "message_id": one.message_id,
            "sha256": one.sha256,
            "wants": post.wants,
            "state": one.state,
            "attempts": 0,
            "reply": one.reply,
            "queued": post.queued,
            "fence": 0,
        }
        for one in post.recipients
    ]
    insert_new(connection, outbox, rows, "occasion", "subscriber")
    if post.wants == "asked":
        _withdraw_older_questions(connection)
    return (connection.scalar(of_occasion) or 0) - before


def _withdraw_older_questions(connection: Connection) -> None:
    """Mark questions that wait to be sent and that a newer one has replaced."""
    connection.execute(
        update(outbox)
        .where(
            outbox.c.wants == "asked",
            outbox.c.state.in_(("pending", "deferred")),
            _is_replaced(),
        )
        .values(state="unsubscribed", reply="asked again", lease=None, due=None)
    )


def is_wanted() -> ColumnElement[bool]:
    """Whether a mail's subscriber is in the state that it wants.

    Of the questions to a subscriber only the newest is wanted: the links of others are void.
    """
    return exists(
        select(subscribers.c.number).where(
            subscribers.c.number == outbox.c.subscriber,
            subscribers.c.state == outbox.c.wants,
        )
    ) & or_(outbox.c.wants != "asked", ~_is_replaced())


def _is_replaced() -> ColumnElement[bool]:
    """Whether a mail's subscriber has a newer one that wants the same state."""
    newer = outbox.alias("newer")
    return exists(
        select(newer.c.number).where(
            newer.c.subscriber == outbox.c.subscriber,
            newer.c.wants == outbox.c.wants,
            newer.c.number > outbox.c.number,
        )
    )


@cache
def letter_shape() -> TypeAdapter[Letter]:
    """Return what writes a letter as JSON and reads it again."""
    from pydantic import TypeAdapter

    return TypeAdapter(Letter)
