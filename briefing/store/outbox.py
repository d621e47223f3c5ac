"""The outbox: every mail to every subscriber, from its queueing to its end.

Mails of an occasion enter it once, together with the letters they are made of. Who sends
claims some for a while; the claim's number (its fence) is asked for at each further step, so
that a claim that ran out cannot send what another took over.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from briefing.model import Letter, MailState, Recipient, SubscriberState
from briefing.ports import ANSWERED, Settlement
from briefing.store.database import Group, insert_new
from briefing.store.schema import letters, outbox, subscribers

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LEASE: Final = timedelta(minutes=15)
"""How long a claim holds. Longer than a server may take to answer the final dot (ten
minutes in RFC 5321, 4.5.3.2.6), so that a mail whose claim ran out has nobody waiting."""

_WAITING: Final[tuple[MailState, ...]] = ("pending", "deferred")
_OPEN: Final[tuple[MailState, ...]] = (*_WAITING, "in_flight", "uncertain")


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


class Outbox(Group):
    """Mails and what became of them."""

    def queue(self, post: Post) -> int:
        """Put mails into the outbox; return how many are new. Twice adds nothing."""
        with self._database.writing() as connection:
            return put(connection, post)

    def claim(self, *, limit: int, now: datetime) -> tuple[Recipient, ...]:
        """Return mails that are due, the first first, and hold them for `LEASE`.

        Those of subscribers who have left meanwhile are marked so and not returned.
        """
        free = or_(outbox.c.lease.is_(None), outbox.c.lease <= now)
        due = or_(outbox.c.due.is_(None), outbox.c.due <= now)
        chosen = (
            select(outbox.c.number, _wanted().label("wanted"))
            .where(outbox.c.state.in_(_WAITING), free, due)
            .order_by(outbox.c.number)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )
        claimed: list[int] = []
        with self._database.writing() as connection:
            # Whoever left is passed over, and the next take their places.
            while not claimed:
                rows = connection.execute(chosen).all()
                gone = [row.number for row in rows if not row.wanted]
                claimed = [row.number for row in rows if row.wanted]
                if gone:
                    _withdraw(connection, gone)
                if not gone:
                    break
            held = {"lease": now + LEASE, "fence": outbox.c.fence + 1}
            these = outbox.c.number.in_(claimed)
            connection.execute(update(outbox).where(these).values(held))
            found = select(outbox).where(these).order_by(outbox.c.number)
            return tuple(map(_recipient, connection.execute(found).mappings()))

    def commit(
        self,
        settled: Sequence[Settlement],
        leaving: Sequence[Recipient],
        *,
        now: datetime,
    ) -> Set[int]:
        """Write down what became of mails, and that others are in flight from now on.

        Return those in `leaving` that may go: see `briefing.ports.Outbox`.
        """
        with self._database.writing() as connection:
            _settle(connection, settled, now)
            return _leave(connection, leaving, now)

    def void_claims(self) -> None:
        """Let go of all claims: whoever calls this knows that nobody is sending."""
        held = outbox.c.lease.is_not(None)
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(held).values(lease=None))

    def recover(self, now: datetime) -> Set[int]:
        """Mark as uncertain what is in flight and held by nobody; return the numbers."""
        free = or_(outbox.c.lease.is_(None), outbox.c.lease <= now)
        chosen = select(outbox.c.number).where(outbox.c.state == "in_flight", free)
        with self._database.writing() as connection:
            lost = frozenset(connection.scalars(chosen.with_for_update()))
            connection.execute(
                update(outbox)
                .where(outbox.c.number.in_(lost))
                .values(
                    state="uncertain",
                    attempts=outbox.c.attempts + 1,
                    # A bare value in a function would be written without its zone.
                    first=func.coalesce(
                        outbox.c.first, literal(now, outbox.c.first.type)
                    ),
                    lease=None,
                    due=now + ANSWERED,
                    reply="the program was ended before the server had answered",
                )
            )
        return lost

    def settle_uncertain(self, found: Mapping[int, str], *, note: str) -> None:
        """Write down that uncertain mails were taken, and of the others what is known.

        Args:
            found: by number, what shows that the server took the mail: it is accepted.
            note: put behind the reply of each of the others, once.
        """
        held = select(outbox.c.number, outbox.c.reply).where(
            outbox.c.state == "uncertain"
        )
        with self._database.writing() as connection:
            for row in connection.execute(held.with_for_update()).all():
                if row.number in found:
                    told = {
                        "state": "accepted",
                        "reply": found[row.number],
                        "due": None,
                    }
                else:
                    before = row.reply.partition("; ")[0]
                    told = {"reply": f"{before}; {note}"}
                connection.execute(
                    update(outbox).where(outbox.c.number == row.number).values(told)
                )

    def resolve_uncertain(self, state: MailState, *, due: datetime | None) -> int:
        """Put what is uncertain into another state; return how many were.

        Args:
            state: the other one.
            due: only what is due at that time, None: all.
        """
        resolved = (
            update(outbox)
            .where(outbox.c.state == "uncertain")
            .values(state=state, due=None, lease=None)
        )
        if due is not None:
            resolved = resolved.where(outbox.c.due <= due)
        with self._database.writing() as connection:
            return connection.execute(resolved).rowcount

    def recipients(
        self, occasion: str | None = None, *, states: Iterable[MailState] = ()
    ) -> tuple[Recipient, ...]:
        """Return mails in the order of queueing; of one occasion, in some states."""
        chosen = select(outbox).order_by(outbox.c.number)
        if occasion is not None:
            chosen = chosen.where(outbox.c.occasion == occasion)
        if wanted := list(states):
            chosen = chosen.where(outbox.c.state.in_(wanted))
        with self._database.reading() as connection:
            return tuple(map(_recipient, connection.execute(chosen).mappings()))

    def recipients_of(
        self, subscriber: int, *, wants: SubscriberState
    ) -> tuple[Recipient, ...]:
        """Return the mails to a subscriber that are for one in a state, in their order."""
        chosen = (
            select(outbox)
            .where(outbox.c.subscriber == subscriber, outbox.c.wants == wants)
            .order_by(outbox.c.number)
        )
        with self._database.reading() as connection:
            return tuple(map(_recipient, connection.execute(chosen).mappings()))

    def mail_counts(self) -> dict[str, dict[MailState, int]]:
        """Return how many mails are in which state, by occasion, the last queued first."""
        chosen = (
            select(outbox.c.occasion, outbox.c.state, func.count().label("mails"))
            .group_by(outbox.c.occasion, outbox.c.state)
            .order_by(func.max(outbox.c.number).desc(), outbox.c.state)
        )
        counts: dict[str, dict[MailState, int]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(chosen):
                counts.setdefault(row.occasion, {})[row.state] = row.mails
        return counts

    def letter(self, occasion: str, key: str) -> Letter | None:
        """Return a letter, None if there is none."""
        chosen = select(letters.c.body).where(
            letters.c.occasion == occasion, letters.c.letter == key
        )
        with self._database.reading() as connection:
            body = connection.scalar(chosen)
        return None if body is None else _shape().validate_json(zlib.decompress(body))

    def forget_letters(self, before: datetime) -> int:
        """Remove letters that were queued before a time and are needed no more; return how many.

        A letter is needed while one of its mails may still be sent. What became of each mail,
        its Message-ID and its hash stay.
        """
        needed = exists(
            select(outbox.c.number).where(
                outbox.c.occasion == letters.c.occasion,
                outbox.c.letter == letters.c.letter,
                or_(outbox.c.queued >= before, outbox.c.state.in_(_OPEN)),
            )
        )
        with self._database.writing() as connection:
            return connection.execute(delete(letters).where(~needed)).rowcount


def put(connection: Connection, post: Post) -> int:
    """Put mails into the outbox in a transaction; return how many are new."""
    kept = [
        {
            "occasion": post.occasion,
            "letter": key,
            "body": zlib.compress(_shape().dump_json(letter)),
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
    return (connection.scalar(of_occasion) or 0) - before


def _wanted() -> ColumnElement[bool]:
    """Whether a mail's subscriber is in the state that it wants."""
    return exists(
        select(subscribers.c.number).where(
            subscribers.c.number == outbox.c.subscriber,
            subscribers.c.state == outbox.c.wants,
        )
    )


def _is_one_of(*states: MailState) -> ColumnElement[bool]:
    """Whether a mail is in one of `states`; SQLAlchemy's ``IN`` takes no list of rows."""
    return or_(*(outbox.c.state == state for state in states))


_THESE: Final = outbox.c.number.in_(bindparam("these", expanding=True))

# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_STANDING: Final = (
    select(outbox.c.number, outbox.c.fence, _wanted().label("wanted"))
    .where(_THESE, outbox.c.state.in_(_WAITING))
    .with_for_update(of=outbox)
)
_WITHDRAWN: Final = (
    update(outbox).where(_THESE).values(state="unsubscribed", lease=None, due=None)
)
_LEFT: Final = (
    update(outbox)
    .where(_THESE)
    .values(state="in_flight", lease=bindparam("until", type_=outbox.c.lease.type))
)
_MINE: Final = and_(
    outbox.c.number == bindparam("this"), outbox.c.fence == bindparam("claim")
)
_RELEASED: Final = update(outbox).where(_MINE, _is_one_of(*_WAITING)).values(lease=None)
_SETTLED: Final = (
    update(outbox)
    .where(_MINE, _is_one_of(*_WAITING, "in_flight", "uncertain"))
    .values(
        state=bindparam("now"),
        attempts=bindparam("tries"),
        reply=bindparam("words"),
        first=bindparam("since", type_=outbox.c.first.type),
        due=bindparam("next", type_=outbox.c.due.type),
        lease=None,
    )
)


def _withdraw(connection: Connection, numbers: Sequence[int]) -> None:
    connection.execute(_WITHDRAWN, {"these": numbers})


def _leave(
    connection: Connection, leaving: Sequence[Recipient], now: datetime
) -> Set[int]:
    """Mark mails as in flight; return the numbers of those that may go."""
    if not leaving:
        return frozenset()
    fences = {one.number: one.fence for one in leaving}
    mine = [
        row
        for row in connection.execute(_STANDING, {"these": list(fences)})
        if row.fence == fences[row.number]
    ]
    if gone := [row.number for row in mine if not row.wanted]:
        _withdraw(connection, gone)
    may_go = [row.number for row in mine if row.wanted]
    connection.execute(_LEFT, {"these": may_go, "until": now + LEASE})
    return frozenset(may_go)


def _settle(
    connection: Connection, settled: Sequence[Settlement], now: datetime
) -> None:
    released = [one.recipient for one in settled if one.state is None]
    if released:
        rows = [{"this": one.number, "claim": one.fence} for one in released]
        connection.execute(_RELEASED, rows)
    ended = [
        {
            "this": one.recipient.number,
            "claim": one.recipient.fence,
            "now": one.state,
            "tries": one.recipient.attempts + 1,
            "words": one.reply,
            "since": one.recipient.first or now,
            "next": one.due,
        }
        for one in settled
        if one.state is not None
    ]
    if ended:
        connection.execute(_SETTLED, ended)


def _recipient(row: RowMapping) -> Recipient:
    return Recipient(
        number=row["number"],
        occasion=row["occasion"],
        subscriber=row["subscriber"],
        address=row["address"],
        letter=row["letter"],
        message_id=row["message_id"],
        sha256=row["sha256"],
        state=row["state"],
        attempts=row["attempts"],
        reply=row["reply"],
        queued=row["queued"],
        first=row["first"],
        due=row["due"],
        fence=row["fence"],
    )


@cache
def _shape() -> TypeAdapter[Letter]:
    from pydantic import TypeAdapter

    return TypeAdapter(Letter)
