"""Why a story stands where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Shape = Literal["full", "line", "counted"]
"""How a story is shown: told, in one line, or in a number with others."""

RANKED: Final = (
    "pinned",  # the reader wants it first
    "origins",  # independent origins
    "source",  # weight of the best of its sources
    "topic",  # how well it fits its topic
    "recency",  # of its newest article
    "novelty",  # how much of it was not told before
    "centrality",  # share of the edition's sources that have it
    "crowding",  # better stories that the same source alone has
)
"""What the sum that ranks a story is made of, in the order told."""

CUT: Final = frozenset(
    {
        "",  # it was not
        "topic",  # its topic has had as many as the length allows
        "brief",  # the brief has
        "source",  # the source that alone has it has had its share, and others waited
        "words",  # the brief has had its words
        "unchanged",  # nothing of it is new
        "missed",  # it belonged to a due date that had no edition
    }
)
"""Why a story is not told in full."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a story stands in a brief, and why. Kept of all stories, shown or not.

    Attributes:
        story: its id.
        section: slug of the section it belongs to.
        headline: the leading article's, None if it has none.
        outlets: who reports it.
        terms: what its sum is made of, names of `RANKED` in that order.
        articles: id and revision of each, the leading one first.
        shape: how it is shown.
        cut: why it is not told in full, a key of `CUT`.
        alone: the source that alone has it, None if several have.
    """

    story: str
    section: str
    headline: str | None
    outlets: tuple[str, ...]
    terms: tuple[tuple[str, float], ...]
    articles: tuple[tuple[str, str], ...]
    shape: Shape = "full"
    cut: str = ""
    alone: str | None = None

    @property
    def score(self) -> float:
        """The sum by which it is ranked."""
        return sum(value for _, value in self.terms)
