"""What a monitor reads: Prometheus' text exposition format, version 0.0.4.

See https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, get_args

if TYPE_CHECKING:
    from briefing.settings import Settings
    from briefing.store import Store

Labels = Mapping[str, str]
Samples = list[tuple[Labels, float]]


def metrics(settings: Settings, store: Store, *, now: datetime) -> Iterator[str]:
    """Yield the lines of how everything stands.

    Raises:
        StoreError: the store cannot be read.
    """
    from briefing import watch

    worries = Counter(one.kind for one in watch.concerns(settings, store, now))
    found: dict[str, Samples] = {
        **_of_runs(store),
        **_of_sources(settings, store),
        **_of_editions(settings, store),
        "mails": _of_mails(store),
        "concerns": [
            ({"kind": kind}, worries[kind]) for kind in get_args(watch.ConcernKind)
        ],
    }
    for name, samples in found.items():
        yield f"# HELP briefing_{name} {_HELP[name]}"
        yield f"# TYPE briefing_{name} gauge"
        for labels, value in samples:
            yield f"briefing_{name}{_labelled(labels)} {value:.15g}"


_HELP: Final = {
    "runs": "Runs written down, by kind and how they ended.",
    "last_run_started_seconds": "When the last run of a kind began, in Unix time.",
    "last_run_finished_seconds": "When it ended, in Unix time; missing while it goes on.",
    "last_run_status": "How the last run of a kind ended: 1 at its status.",
    "articles": "Articles kept, by source.",
    "sources": "Sources in the settings.",
    "sources_failing": "Those whose last visit failed.",
    "sources_gone": "Those that are gone for good.",
    "sources_unvisited": "Those that were never visited.",
    "editions": "Editions kept, by schedule, published or draft.",
    "last_edition_seconds": "End of the window of a schedule's last published edition, in Unix time.",
    "mails": "Mails in the outbox, by state.",
    "concerns": "What an operator has to look after, by kind.",
}


def _of_runs(store: Store) -> dict[str, Samples]:
    counts = sorted(store.run_counts().items())
    last = {kind: run for (kind, _), _ in counts if (run := store.last_run(kind))}
    return {
        "runs": [
            ({"kind": kind, "status": status}, count)
            for (kind, status), count in counts
        ],
        "last_run_started_seconds": [
            ({"kind": kind}, one.started.timestamp()) for kind, one in last.items()
        ],
        "last_run_finished_seconds": [
            ({"kind": kind}, one.finished.timestamp())
            for kind, one in last.items()
            if one.finished is not None
        ],
        "last_run_status": [
            ({"kind": kind, "status": one.status}, 1) for kind, one in last.items()
        ],
    }


def _of_sources(settings: Settings, store: Store) -> dict[str, Samples]:
    health = store.health()
    configured = {one.id for one in settings.source}
    known = [one.state for one in health if one.state.source in configured]
    visited = sum(one.checked is not None for one in known)
    return {
        "articles": [({"source": one.state.source}, one.articles) for one in health],
        "sources": [({}, len(configured))],
        "sources_failing": [({}, sum(one.failures > 0 for one in known))],
        "sources_gone": [({}, sum(one.gone is not None for one in known))],
        "sources_unvisited": [({}, len(configured) - visited)],
    }


def _of_editions(settings: Settings, store: Store) -> dict[str, Samples]:
    rows = store.editions()
    counts = Counter((one.schedule, one.frozen) for one in rows)
    last = dict[str, datetime]()
    for one in rows:
        if one.frozen:
            last[one.schedule] = max(one.until, last.get(one.schedule, one.until))
    return {
        "editions": [
            ({"schedule": name, "state": state}, counts[name, state == "published"])
            for name in sorted({one.name for one in settings.schedules} | last.keys())
            for state in ("published", "draft")
        ],
        "last_edition_seconds": [
            ({"schedule": name}, at.timestamp()) for name, at in sorted(last.items())
        ],
    }


def _of_mails(store: Store) -> Samples:
    from briefing.model import MailState

    counts = Counter[str]()
    for of_edition in store.mail_counts().values():
        counts.update(of_edition)
    return [({"state": state}, counts[state]) for state in get_args(MailState)]


def _labelled(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{key}="{_quoted(it)}"' for key, it in labels.items()) + "}"


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
