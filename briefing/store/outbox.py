"""The outbox: every mail to every subscriber, from its queueing to its end.

Mails of an occasion enter it once, together with the letters they are made of. Who sends
claims some for a while; the claim's number (its fence) is asked for at each further step, so
that a claim that ran out cannot send what another took over.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    Connection,
    RowMapping,
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
from briefing.store.database import Group
from briefing.store.post import Post, is_wanted, letter_shape, put
from briefing.store.schema import letters, outbox
from briefing.store.settling import LEASE, OPEN, WAITING, leave, settle, withdraw

FURTHEST: Final = timedelta(hours=7)
"""What is due later than this from now was put off by a clock that was ahead: no mail waits
longer than six hours, and the clocks of several senders differ by less than one."""


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
        ahead = outbox.c.due > now + FURTHEST
        due = or_(outbox.c.due.is_(None), outbox.c.due <= now, ahead)
        chosen = (
            select(outbox.c.number, is_wanted().label("wanted"))
            .where(outbox.c.state.in_(WAITING), free, due)
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
                    withdraw(connection, gone)
                if not gone:
                    break
            return _held(connection, claimed, now)

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
            settle(connection, settled, now)
            return leave(connection, leaving, now)

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

    def mail_counts(
        self, occasion: str | None = None
    ) -> dict[str, dict[MailState, int]]:
        """Return how many mails of an occasion are in which state; of all if none is given.

        By occasion, the last queued first.
        """
        chosen = (
            select(outbox.c.occasion, outbox.c.state, func.count().label("mails"))
            .group_by(outbox.c.occasion, outbox.c.state)
            .order_by(func.max(outbox.c.number).desc(), outbox.c.state)
        )
        if occasion is not None:
            chosen = chosen.where(outbox.c.occasion == occasion)
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
        return (
            None
            if body is None
            else letter_shape().validate_json(zlib.decompress(body))
        )

    def forget_letters(self, before: datetime) -> int:
        """Remove letters that were queued before a time and are needed no more; return how many.

        A letter is needed while one of its mails may still be sent. What became of each mail,
        its Message-ID and its hash stay.
        """
        needed = exists(
            select(outbox.c.number).where(
                outbox.c.occasion == letters.c.occasion,
                outbox.c.letter == letters.c.letter,
                or_(outbox.c.queued >= before, outbox.c.state.in_(OPEN)),
            )
        )
        with self._database.writing() as connection:
            return connection.execute(delete(letters).where(~needed)).rowcount


def _held(
    connection: Connection, numbers: Sequence[int], now: datetime
) -> tuple[Recipient, ...]:
    """Return mails, which are held for `LEASE` from now on."""
    these = outbox.c.number.in_(numbers)
    held = {"lease": now + LEASE, "fence": outbox.c.fence + 1}
    connection.execute(update(outbox).where(these).values(held))
    # A first try by a clock that was ahead would put off for years that it is given up.
    ahead = outbox.c.first > now
    connection.execute(update(outbox).where(these, ahead).values(first=None))
    found = select(outbox).where(these).order_by(outbox.c.number)
    return tuple(map(_recipient, connection.execute(found).mappings()))


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
