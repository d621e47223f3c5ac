"""When a source is due again, why it failed, where it has gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.String(32)


def upgrade() -> None:
    """Add the columns; what is there is due at once, as it was before."""
    for name in ("reason", "detail", "moved", "rhythm", "quiet"):
        op.add_column("source_states", sa.Column(name, sa.Text))
    for name in ("due", "gone"):
        op.add_column("source_states", sa.Column(name, _MOMENT))
