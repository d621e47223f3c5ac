"""The outbox → the mail server, over several connections at once.

    claim ──→ connection: MAIL, RCPT, DATA, the mail ──→ commit “in flight” ──→ the final dot
                                                     ──→ commit the answer

A mail is marked as in flight, and that committed, just before the dot: whatever is killed
before delivers nothing, whatever is killed after is known to be uncertain. The connections
wait for one writer, which commits the marks and answers of all of them together.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final

from briefing.deliver.smtp import Answer, Connection, Server, UnreachableError
from briefing.errors import BriefingError, DeliveryError
from briefing.model import MailState, Recipient
from briefing.ports import ANSWERED, Outbox, Settlement
from briefing.text import digest, one_line

log = logging.getLogger(__name__)

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
GIVEN_UP: Final = timedelta(hours=48)
"""After a refusal for now it is tried again after a minute, then after twice as long each
time, up to six hours; two days after the first try it has failed. RFC 5321, 4.5.4.1 asks
for half an hour and four to five days; a news mail that old helps nobody, and a minute is
what greylisting servers wait for."""

_AT_ONCE: Final = 200
"""Mails of one claim: few enough for its lease, enough to keep the connections busy."""

_TOGETHER: Final = 0.0005
"""Seconds that a commit waits for one more connection to join in: 1,500 mails on 16 connections
took 4.6 s with it, 5.5 s without, 6.8 s with 0.002 (two busy cores)."""

_UNREACHABLE: Final = 3
"""Connections in a row that fail before it is given up for now."""

Mail = Callable[[Recipient], bytes]
"""Returns the bytes of a mail."""


@dataclass
class _Ask:
    """A connection asks whether its mail may go: answered when the mark is committed."""

    recipient: Recipient
    answer: Future[bool] = field(default_factory=Future)


@dataclass
class _Done:
    """A connection has done with a mail."""

    recipient: Recipient
    answer: Answer | None = None
    error: BaseException | None = None


def deliver(
    server: Server,
    outbox: Outbox,
    mail: Mail,
    *,
    sender: str,
    clock: Callable[[], datetime],
    signed: Callable[[bytes], bytes] = bytes,
    connections: int = 4,
    stopped: Event | None = None,
) -> Counter[MailState]:
    """Send all mails of `outbox` that are due; return how many ended in which state.

    Args:
        server: where they are handed in.
        outbox: what is to be sent, and where it is written down what became of it.
        mail: gives the bytes of a mail; they must have the hash in the outbox.
        sender: the envelope's sender.
        clock: tells the time.
        signed: puts a signature before a mail. It is none of what has the hash, so that mails
            which wait when the signer's key is replaced go out with the new one's.
        connections: how many mails are on the way at once.
        stopped: once it is set no further mail is begun.

    Raises:
        DeliveryError: the server cannot be reached, or not as the settings are. What was
            sent is written down; the rest waits.
        StoreError: the outbox cannot be read or written.
    """
    going = _Round(
        server,
        outbox,
        mail,
        sender=sender,
        clock=clock,
        signed=signed,
        stopped=stopped or Event(),
    )
    return going.run(connections)


class _Round:
    """One time through what is due. The thread that calls `run` is the only one to write."""

    def __init__(
        self,
        server: Server,
        outbox: Outbox,
        mail: Mail,
        *,
        sender: str,
        clock: Callable[[], datetime],
        signed: Callable[[bytes], bytes],
        stopped: Event,
    ) -> None:
        self._server, self._outbox, self._mail = server, outbox, mail
        self._sender, self._clock, self._stopped = sender, clock, stopped
        self._signed = signed
        self._jobs: SimpleQueue[Recipient | None] = SimpleQueue()
        self._told: SimpleQueue[_Ask | _Done] = SimpleQueue()
        self._out: dict[int, Recipient] = {}
        self._counts: Counter[MailState] = Counter()
        self._error: BaseException | None = None
        self._failed = 0
        self._connections = 0
        self._exhausted = False

    def run(self, connections: int) -> Counter[MailState]:
        self._refill()
        self._connections = wanted = min(connections, len(self._out))
        threads = [Thread(target=self._work, daemon=True) for _ in range(wanted)]
        for thread in threads:
            thread.start()
        try:
            while self._out:
                self._step()
        finally:
            for _ in threads:
                self._jobs.put(None)
        for thread in threads:
            thread.join()
        if self._error is not None:
            raise self._error
        return self._counts

    def _refill(self) -> None:
        if self._exhausted or self._error is not None or self._stopped.is_set():
            return
        claimed = self._outbox.claim(limit=_AT_ONCE, now=self._clock())
        self._exhausted = not claimed
        for one in claimed:
            self._out[one.number] = one
            self._jobs.put(one)

    def _step(self) -> None:
        """Take what the connections have told meanwhile, and commit it together."""
        told = [self._told.get()]
        with suppress(Empty):
            while len(told) < self._connections:
                told.append(self._told.get(timeout=_TOGETHER))
        asks = [one for one in told if isinstance(one, _Ask)]
        done = [one for one in told if isinstance(one, _Done)]
        settled = [self._settlement(one) for one in done]
        try:
            granted = self._outbox.commit(
                settled, [one.recipient for one in asks], now=self._clock()
            )
        except BriefingError as error:
            # Nobody sends a dot any more; what had been answered comes out as uncertain.
            self._error, granted = error, frozenset()
        for ask in asks:
            ask.answer.set_result(ask.recipient.number in granted)
        for one in done:
            self._out.pop(one.recipient.number, None)
        if len(self._out) < _AT_ONCE // 2:
            self._refill()

    def _settlement(self, done: _Done) -> Settlement:
        one, answer = done.recipient, done.answer
        if isinstance(done.error, UnreachableError):
            self._failed += 1
            if self._failed >= _UNREACHABLE:
                self._error = self._error or DeliveryError(str(done.error))
        elif done.error is not None:
            self._error = self._error or done.error
        elif answer is not None:
            self._failed = 0
        if answer is None or answer.outcome == "withdrawn":
            return Settlement(one, None)
        settled = settlement(one, answer, self._clock())
        if settled.state is not None:
            self._counts[settled.state] += 1
        return settled

    def _work(self) -> None:
        connection = Connection(self._server)
        try:
            while (one := self._jobs.get()) is not None:
                self._told.put(self._tried(connection, one))
        finally:
            connection.close()

    def _tried(self, connection: Connection, one: Recipient) -> _Done:
        if self._error is not None or self._stopped.is_set():
            return _Done(one)
        try:
            mail = self._signed(self._as_queued(one))
            answer = connection.hand_in(
                self._sender, one.address, mail, may_go=lambda: self._ask(one)
            )
        except BaseException as error:  # noqa: BLE001  # told to the thread that waits
            return _Done(one, error=error)
        return _Done(one, answer)

    def _as_queued(self, one: Recipient) -> bytes:
        mail = self._mail(one)
        if digest(mail) != one.sha256:
            raise DeliveryError(
                f"the mail to {one_line(one.address)} is not what was queued: was the key "
                "replaced? restore it from a backup"
            )
        return mail

    def _ask(self, one: Recipient) -> bool:
        ask = _Ask(one)
        self._told.put(ask)
        return ask.answer.result()


def settlement(one: Recipient, answer: Answer, now: datetime) -> Settlement:
    """Return what is to be written down of an answer, with the time of the next try."""
    assert answer.outcome != "withdrawn"
    if answer.outcome == "uncertain":
        return Settlement(one, "uncertain", answer.words, now + ANSWERED)
    if answer.outcome != "deferred":
        return Settlement(one, answer.outcome, answer.words)
    if now - (one.first or now) >= GIVEN_UP:
        return Settlement(one, "failed", one_line(f"given up: {answer.words}"))
    wait = min(FIRST_WAIT * 2 ** min(one.attempts, 20), LONGEST_WAIT)
    return Settlement(one, "deferred", answer.words, now + wait)
