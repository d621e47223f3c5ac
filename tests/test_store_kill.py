"""A program that is killed while it writes leaves a store that is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.store import open_store
from tests.store_samples import DAY, HOUR, NOON, articles_for, sample_article

BATCH = 20

WRITER = """
import sys
from pathlib import Path
from briefing.store import open_store
from tests.postgres import join
from tests.store_samples import sample_article, sample_document, sample_state, sample_summary

join()
with open_store(Path(sys.argv[1])) as store:
    for visit in range(10_000):
        numbers = range(visit * 20, visit * 20 + 20)
        articles = [sample_article(number, text="Kata. " * 500) for number in numbers]
        store.keep(
            [sample_document(number, body=bytes(3_000)) for number in numbers],
            articles,
            [sample_summary(article) for article in articles],
            sample_state(etag=str(visit)),
        )
        print(visit, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 1, 2, 7, 30])
def test_a_visit_is_kept_whole_or_not_at_all(tmp_path: Path, after: int) -> None:
    path = tmp_path / "briefing.db"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(after):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        told = after + len(writer.stdout.read().splitlines())
    with open_store(path) as store:
        etag = store.source_state("contoh").etag
        visits = 0 if etag is None else int(etag) + 1
        articles = articles_for(store, DAY, until=NOON + HOUR)
        pairs = [(article.id, article.revision) for article in articles]
        assert visits >= told
        assert len(articles) == len(store.summaries(pairs, "lead/1 words=66"))
        assert len(articles) == visits * BATCH
        assert all(
            store.knows_url(sample_article(number).url)
            for number in range(visits * BATCH)
        )
        assert store.damage() == ()
