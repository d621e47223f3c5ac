"""Indexes of runs by their kind, by which alone they are asked for."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """The old one served a kind that runs often, and only for its last run."""
    op.drop_index("ix_runs_started", "runs")
    op.create_index("ix_runs_kind", "runs", ["kind", "started", "number", "status"])
    op.create_index("ix_runs_ended", "runs", ["kind", "finished", "started"])
