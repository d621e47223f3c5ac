"""Work on many items at once: in processes of this machine, or on a cluster."""

from __future__ import annotations

from briefing.workers.base import CHUNK, PAUSE, Loss, Pause, Workers
from briefing.workers.cluster import Cluster, check_scheduler
from briefing.workers.fork import forked, may_fork
from briefing.workers.processes import PRELOADED, Processes, cores

__all__ = [
    "CHUNK",
    "PAUSE",
    "PRELOADED",
    "Cluster",
    "Loss",
    "Pause",
    "Processes",
    "Workers",
    "check_scheduler",
    "cores",
    "forked",
    "may_fork",
    "workers_at",
]


def workers_at(dask: str | None) -> Workers:
    """Return the workers of a Dask cluster by its scheduler's address; None: processes here."""
    return Processes() if dask is None else Cluster(dask)
