"""The seams: what a source, a summarizer and a channel must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from briefing.model import Gathered, SourceState


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
