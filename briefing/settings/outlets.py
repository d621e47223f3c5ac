"""What the operator states of outlets."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from briefing.model import OutletCard
from briefing.settings.table import Table

Words = Annotated[str, Field(min_length=1, max_length=500)]


class OutletSettings(Table):
    """The card of an outlet, shown on its page of the site."""

    name: Words
    country: Words | None = None
    ownership: Words | None = None
    citation: Words | None = None

    def card(self) -> OutletCard:
        """Return it as a value of the model."""
        return OutletCard(self.name, self.country, self.ownership, self.citation)
