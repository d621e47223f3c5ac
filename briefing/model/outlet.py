"""What is known of an outlet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutletCard:
    """What the operator states of an outlet; None where nothing is stated.

    Attributes:
        name: as its articles have it.
        country: where it is at home, in words.
        ownership: whose it is, in words.
        citation: where that can be read: a web address, or words.
    """

    name: str
    country: str | None = None
    ownership: str | None = None
    citation: str | None = None
