"""The seams: what a source, a summarizer, a channel and an outbox must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from briefing.model import (
    Gathered,
    MailState,
    Recipient,
    SourceState,
    ToldMonth,
    ToldStory,
)

Progress = Callable[[str, int, int], None]
"""Is told what is counted (``sources``, ``articles``), how many are done, and of how many."""


def unwatched(what: str, done: int, total: int) -> None:
    """Show no progress."""


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


Slot = Callable[[str, float], float]
"""Reserves the next request to a host, so many seconds after the one before it; returns in how
many seconds it may begin."""


class Leases(Protocol):
    """What one of several collectors visits alone. A lease ends at the latest with its holder."""

    @property
    def slot(self) -> Slot | None:
        """Keeps the requests of all collectors to a host apart; None: there is no other one."""
        ...

    def take(self, name: str) -> bool:
        """Take a lease once more; return whether it could be had. Safe in several threads."""
        ...

    def end(self, name: str) -> None:
        """Give back a lease as it was taken once."""
        ...


class Alone:
    """The leases of who has no other collector beside."""

    slot: Slot | None = None

    def take(self, name: str) -> bool:
        """Return True: nobody else has it."""
        return True

    def end(self, name: str) -> None:
        """Do nothing."""


class Summarizer(Protocol):
    """Chooses sentences. The stage restores their order and keeps the budget."""

    def __call__(
        self, sentences: Sequence[str], *, title: str | None, language: str
    ) -> Sequence[int]:
        """Return indices into `sentences`, the best first, each at most once."""
        ...


class Lists(Protocol):
    """What is listed of published editions; asked for what is needed, as it may be ten years.

    A shelf holds the stories of one topic, outlet or name: its kind is ``topics``, ``outlets`` or
    ``names``. Months are written ``2024-12``. Whatever is in the order of time has the oldest
    first.
    """

    def stories_of(self, keys: Iterable[str]) -> Set[str]:
        """Return the ids of the stories that some editions tell."""
        ...

    def told_stories(
        self, wanted: Iterable[str] | None = None
    ) -> Mapping[str, Sequence[str]]:
        """Return id → all editions that tell it, of some stories, None: of all."""
        ...

    def first_told(self, month: str) -> Sequence[str]:
        """Return the ids of the stories that an edition of a month was the first to tell."""
        ...

    def shelves(
        self, kind: str, slugs: Iterable[str] | None = None
    ) -> Sequence[tuple[str, Mapping[str, ToldMonth]]]:
        """Return slug and months of some shelves of a kind, None: of all, by slug."""
        ...

    def labels(
        self, kind: str, slugs: Iterable[str] | None = None
    ) -> Sequence[tuple[str, str, int]]:
        """Return slug, newest title and number of stories of some shelves, None: of all, by slug."""
        ...

    def shared(self, kind: str) -> Mapping[str, int]:
        """Return slug → number of stories of the shelves with several, those of most first."""
        ...

    def shelved_in(self, kind: str, keys: Iterable[str]) -> Set[tuple[str, str, str]]:
        """Return slug, edition and story of what some editions have on shelves of a kind."""
        ...

    def shelved(self, kind: str, slugs: Iterable[str]) -> Set[str]:
        """Return the ids of the stories that stand on some shelves."""
        ...

    def on_shelf(
        self, kind: str, slug: str, months: Iterable[str]
    ) -> Sequence[ToldStory]:
        """Return the stories of some months on a shelf, in the order of time and on a page."""
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
