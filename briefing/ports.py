"""The seams: what a source, a summarizer, a channel and an outbox must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from briefing.model import Gathered, MailState, Recipient, SourceState


class Source(Protocol):
    """A configured place that articles come from."""

    @property
    def id(self) -> str:
        """The source's id, unique in the settings."""
        ...

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return what is there now.

        Args:
            state: what was remembered at the last visit.
            known: tells whether the document at an address is already kept, so that
                it need not be fetched again.
            now: the time of this visit, aware.

        Expected trouble comes back as `Gathered.failures`, never as an exception.
        """
        ...


class Summarizer(Protocol):
    """Chooses sentences. The stage restores their order and keeps the budget."""

    def __call__(
        self, sentences: Sequence[str], *, title: str | None, language: str
    ) -> Sequence[int]:
        """Return indices into `sentences`, the best first, each at most once."""
        ...


class Channel(Protocol):
    """A way out for finished pages. Sending the same pages twice is harmless."""

    def send(self, pages: Mapping[str, str]) -> Sequence[Path]:
        """Write or send `pages` (name → text); return where they are.

        Raises:
            DeliveryError: nothing, or not everything, could be written.
        """
        ...


ANSWERED: Final = timedelta(minutes=10)
"""How long a server may take to answer the final dot (RFC 5321, 4.5.3.2.6), whether anyone
still listens or not: what it does not know by then it has never taken."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a try to send a mail.

    Attributes:
        recipient: the mail, as it was claimed.
        state: what it is from now on; None: as before, nothing was tried.
        reply: the server's words.
        due: when it is tried again, if it is; of what is uncertain, when the server must have
            decided.
    """

    recipient: Recipient
    state: MailState | None
    reply: str = ""
    due: datetime | None = None


class Outbox(Protocol):
    """What is to be sent, and what became of it. Used from one thread."""

    def claim(self, *, limit: int, now: datetime) -> Sequence[Recipient]:
        """Return mails that are due, the first first, which nobody else may send for a while."""
        ...

    def commit(
        self,
        settled: Sequence[Settlement],
        leaving: Sequence[Recipient],
        *,
        now: datetime,
    ) -> Set[int]:
        """Write down what became of mails, and that others are in flight from now on.

        Return the numbers of those in `leaving` that may go: their claim still holds, and
        the subscriber still wants them.

        Raises:
            StoreError: nothing was written; no mail in `leaving` may go.
        """
        ...
