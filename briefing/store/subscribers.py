"""Subscribers: who gets editions, on which list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from briefing.model import Subscriber, SubscriberState
from briefing.store.database import Group
from briefing.store.schema import outbox, subscribers
from briefing.text import folded


class Subscribers(Group):
    """Addresses on lists."""

    def add_subscribers(
        self, wanted: Iterable[Subscriber]
    ) -> tuple[list[Subscriber], list[Subscriber]]:
        """Keep subscribers; return those that were added, and those that were there already.

        Added are those who are new, had left, or need not confirm any more. Those who were
        there get the language and topics that are wanted now; whoever of them is `asked` has
        not confirmed yet, and is to be asked again. One who is named twice counts once, as
        named last.
        """
        fresh: list[Subscriber] = []
        there: list[Subscriber] = []
        with self._database.writing() as connection:
            for one in _each_once(wanted):
                kept = _found(connection, one.list, one.address)
                if kept is None:
                    fresh.append(_inserted(connection, one))
                    continue
                now_as = kept if kept.state == "confirmed" else one
                changed = _changed(connection, kept, one, now_as=now_as)
                stays = kept.state in ("confirmed", one.state)
                (there if stays else fresh).append(changed)
        return fresh, there

    def subscribers(
        self, *, list: str | None = None, state: SubscriberState | None = None
    ) -> tuple[Subscriber, ...]:
        """Return subscribers by list and in the order in which they came."""
        chosen = select(subscribers).order_by(subscribers.c.list, subscribers.c.number)
        if list is not None:
            chosen = chosen.where(subscribers.c.list == list)
        if state is not None:
            chosen = chosen.where(subscribers.c.state == state)
        return self._listed(chosen)

    def subscriber(self, number: int) -> Subscriber | None:
        """Return the subscriber of a number, None if there is none."""
        found = self._listed(select(subscribers).where(subscribers.c.number == number))
        return found[0] if found else None

    def subscribed(self, address: str) -> tuple[Subscriber, ...]:
        """Return what stands under an address, on every list."""
        return self._listed(
            select(subscribers)
            .where(subscribers.c.folded == folded(address))
            .order_by(subscribers.c.list)
        )

    def change_state(
        self,
        number: int,
        state: SubscriberState,
        now: datetime,
        *,
        of: Sequence[SubscriberState] = ("asked", "confirmed", "left"),
    ) -> bool:
        """Put a subscriber into a state, if it is in one of `of`; return whether it changed."""
        changed = (
            update(subscribers)
            .where(
                subscribers.c.number == number,
                subscribers.c.state.in_(of),
                subscribers.c.state != state,
            )
            .values(state=state, since=now)
        )
        with self._database.writing() as connection:
            return connection.execute(changed).rowcount > 0

    def forget_subscriber(self, number: int) -> None:
        """Remove a subscriber and its address; that it was sent something stays written down."""
        mails = update(outbox).where(outbox.c.subscriber == number)
        with self._database.writing() as connection:
            connection.execute(mails.values(address=""))
            connection.execute(
                delete(subscribers).where(subscribers.c.number == number)
            )

    def _listed(self, chosen: Select[Any]) -> tuple[Subscriber, ...]:
        with self._database.reading() as connection:
            return tuple(
                _subscriber(row) for row in connection.execute(chosen).mappings()
            )


def _each_once(wanted: Iterable[Subscriber]) -> Iterable[Subscriber]:
    """Return the last of those with one address on a list, in the order of the first."""
    return {(one.list, folded(one.address)): one for one in wanted}.values()


def _found(connection: Connection, name: str, address: str) -> Subscriber | None:
    chosen = select(subscribers).where(
        subscribers.c.list == name, subscribers.c.folded == folded(address)
    )
    row = connection.execute(chosen).mappings().first()
    return None if row is None else _subscriber(row)


def _inserted(connection: Connection, one: Subscriber) -> Subscriber:
    row = {
        "list": one.list,
        "address": one.address,
        "folded": folded(one.address),
        **_wishes(one),
        "state": one.state,
        "since": one.since,
    }
    connection.execute(insert(subscribers).values(row))
    kept = _found(connection, one.list, one.address)
    assert kept is not None
    return kept


def _changed(
    connection: Connection,
    kept: Subscriber,
    wanted: Subscriber,
    *,
    now_as: Subscriber,
) -> Subscriber:
    connection.execute(
        update(subscribers)
        .where(subscribers.c.number == kept.number)
        .values(state=now_as.state, since=now_as.since, **_wishes(wanted))
    )
    changed = _found(connection, kept.list, kept.address)
    assert changed is not None
    return changed


def _wishes(one: Subscriber) -> dict[str, Any]:
    return {"language": one.language, "topics": json.dumps(one.topics)}


def _subscriber(row: RowMapping) -> Subscriber:
    return Subscriber(
        number=row["number"],
        list=row["list"],
        address=row["address"],
        state=row["state"],
        since=row["since"],
        language=row["language"],
        topics=tuple(json.loads(row["topics"])),
    )
