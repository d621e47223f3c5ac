"""``python -m bench.cluster [COUNT]``: articles a second by processes here and by a Dask cluster.

The cluster has two workers with a thread each, the pool two processes; both do the same in turn,
twice: clean pages, then condense what came out. The best of each counts, for the machine may
be shared. Starting is not counted. Lastly whether the results are the same.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import partial

from bench.articles import pages
from bench.stages import NOW, ZONE
from briefing.clean import clean
from briefing.condense import condense
from briefing.model import Article, Document, Failure, Summary
from briefing.workers import Cluster, Loss, Processes, Workers
from briefing.workers.cluster import BUNDLE
from tests.dask_cluster import dask_cluster

WORKERS = 2
ROUNDS = 2


def _documents(count: int) -> list[Document]:
    return [
        Document(f"https://a.example/{at}", "b", page.encode(), "text/html", NOW)
        for at, page in enumerate(pages(count))
    ]


def _never(item: object, why: Loss) -> Failure:
    raise RuntimeError(f"{item} {why}")


def _unsummarized(item: object, why: Loss) -> Summary:
    raise RuntimeError(f"{item} {why}")


def _worked(
    workers: Workers, documents: Sequence[Document]
) -> tuple[list[Summary], list[float]]:
    """Return the summaries, and seconds of cleaning and condensing."""
    cleaner = partial(clean, zone=ZONE, language="id", noise=None)
    began = time.perf_counter()
    made = list(workers.map(cleaner, documents, lost=_never))
    cleaned = time.perf_counter()
    articles = [one for one in made if isinstance(one, Article)]
    summaries = list(workers.map(condense, articles, lost=_unsummarized))
    return summaries, [cleaned - began, time.perf_counter() - cleaned]


def main() -> None:
    documents = _documents(int(sys.argv[1]) if sys.argv[1:] else 4_000)
    best: dict[str, list[float]] = {}
    results = dict[str, list[Summary]]()
    with (
        dask_cluster(WORKERS) as running,
        Processes(WORKERS, few=WORKERS) as here,
        Cluster(running.address) as there,
    ):
        kinds: dict[str, Workers] = {"processes": here, "dask": there}
        for workers in kinds.values():
            _worked(workers, documents[: 2 * BUNDLE])
        for _ in range(ROUNDS):
            for name, workers in kinds.items():
                results[name], took = _worked(workers, documents)
                best[name] = list(map(min, best.get(name, took), took))
    for name, took in best.items():
        cells = [f"{len(documents) / each:9.0f}" for each in (*took, sum(took))]
        print(f"{name:12}{''.join(cells)} articles/s: clean, condense, both")
    ratio = sum(best["processes"]) / sum(best["dask"])
    print(f"dask / processes: {ratio:.2f}")
    print("the same results:", results["processes"] == results["dask"] != [])


if __name__ == "__main__":
    main()
