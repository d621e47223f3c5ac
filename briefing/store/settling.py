"""What a try to send makes of mails in the outbox."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, update

from briefing.model import MailState, Recipient
from briefing.ports import Settlement
from briefing.store.post import is_wanted
from briefing.store.schema import outbox

LEASE: Final = timedelta(minutes=15)
"""How long a claim holds. Longer than a server may take to answer the final dot (ten
minutes in RFC 5321, 4.5.3.2.6), so that a mail whose claim ran out has nobody waiting."""

WAITING: Final[tuple[MailState, ...]] = ("pending", "deferred")
OPEN: Final[tuple[MailState, ...]] = (*WAITING, "in_flight", "uncertain")


def is_one_of(*states: MailState) -> ColumnElement[bool]:
    """Whether a mail is in one of `states`; SQLAlchemy's ``IN`` takes no list of rows."""
    return or_(*(outbox.c.state == state for state in states))


_THESE: Final = outbox.c.number.in_(bindparam("these", expanding=True))

# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_STANDING: Final = (
    select(outbox.c.number, outbox.c.fence, is_wanted().label("wanted"))
    .where(_THESE, outbox.c.state.in_(WAITING))
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
_RELEASED: Final = update(outbox).where(_MINE, is_one_of(*WAITING)).values(lease=None)
_SETTLED: Final = (
    update(outbox)
    .where(_MINE, is_one_of(*OPEN))
    .values(
        state=bindparam("now"),
        attempts=bindparam("tries"),
        reply=bindparam("words"),
        first=bindparam("since", type_=outbox.c.first.type),
        due=bindparam("next", type_=outbox.c.due.type),
        lease=None,
    )
)


def withdraw(connection: Connection, numbers: Sequence[int]) -> None:
    """Mark mails whose subscribers have left."""
    connection.execute(_WITHDRAWN, {"these": numbers})


def leave(
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
        withdraw(connection, gone)
    may_go = [row.number for row in mine if row.wanted]
    connection.execute(_LEFT, {"these": may_go, "until": now + LEASE})
    return frozenset(may_go)


def settle(
    connection: Connection, settled: Sequence[Settlement], now: datetime
) -> None:
    """Write what became of mails; those without a state may be claimed again."""
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
