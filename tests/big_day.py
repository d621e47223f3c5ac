"""``python -m tests.big_day FOLDER``: build a day that is worth a copy of the process, with and without one.

Prints how many copies were made, and the brief's digest, of each.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread

from briefing.model import Article, SourceState
from briefing.pipeline import build
from briefing.settings import Settings, starter_settings
from briefing.store import Store, open_store
from briefing.store.briefs import brief_to_json
from briefing.text import digest
from briefing.work import derived
from briefing.workers import Processes
from briefing.workers.fork import MANY
from tests import postgres
from tests.days import NEWS, PLACES

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def articles(count: int) -> list[Article]:
    """Return articles of which some tell the same, and some are copies."""
    random = Random(1)
    return [_article(random, at) for at in range(count)]


def _article(random: Random, at: int) -> Article:
    told = [
        random.choice(NEWS).format(
            place=random.choice(PLACES), number=random.randrange(60)
        )
        for _ in range(random.randrange(1, 4))
    ]
    return Article(
        id=f"{at:016x}",
        revision="0" * 12,
        url=f"https://contoh.example/{at}",
        source=f"s{at % 9}",
        outlet=f"Media {at % 9}",
        title=told[0],
        text="\n\n".join(f"{one}. Warga setempat menyambut baik." for one in told),
        language="id",
        fetched=NOW - timedelta(minutes=random.randrange(1, 1_000)),
    )


def built(settings: Settings, store: Store) -> str:
    """Return how many copies of this process were made, and the digest of the brief."""
    made = list[int]()
    os.register_at_fork(after_in_parent=lambda: made.append(1))
    brief = build(settings, store, edition="2026-03-02", now=NOW)
    return f"{len(made)} {digest(brief_to_json(brief))}"


def main() -> None:
    postgres.join()
    settings = starter_settings(Path(sys.argv[1]))
    with open_store(settings.store.address) as store:
        some = articles(MANY)
        with Processes() as workers:
            made, profiles, hits = derived(settings, some, workers)
        store.keep((), some, made, SourceState("s"), profiles=profiles, hits=hits)
        print(built(settings, store))
        Thread(target=Event().wait, daemon=True).start()
        print(built(settings, store))


if __name__ == "__main__":
    main()
