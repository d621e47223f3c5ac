"""What editions claim is remembered, and changes nothing but the time it takes to look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from briefing.errors import StoreError
from briefing.model import Article
from briefing.store import Store, articles, open_store
from briefing.store.records import Claims
from tests.store_samples import HOUR, NOON, sample_article, sample_brief, sample_state

KEYS = tuple(
    f"{schedule}2024-12-{day}"
    for schedule, day in product(("", "petang-"), ("05", "12", "25"))
)

CLAIMS: tuple[Claims, ...] = ("frozen", "pages", "none")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "briefing.db") as store:
        yield store


@pytest.mark.parametrize("seed", range(4))
def test_the_same_articles_are_found_as_if_all_were_looked_through(
    store: Store, seed: int
) -> None:
    """Articles come, are edited and edited back, are told in drafts or in print, in any order."""
    random, count = Random(seed), 0
    for _ in range(25):
        what = random.random()
        if what < 0.4:
            came = range(count, count + random.randint(1, 3))
            _keep(store, *map(sample_article, came))
            count = came.stop
        elif what < 0.55 and count:
            number = random.randrange(count)
            texts = ["Versi dua.", "Versi tiga.", sample_article(number).text]
            _keep(store, sample_article(number, text=random.choice(texts)))
        else:
            _tell(store, random)
        for key, claims in product(KEYS, CLAIMS):
            found = store.headings_for(key, until=NOON + HOUR, claims=claims)
            with patch.object(articles, "claimed_up_to", lambda *asked: 0):
                assert found == store.headings_for(
                    key, until=NOON + HOUR, claims=claims
                )


def _keep(store: Store, *some: Article) -> None:
    store.keep([], some, [], sample_state())


def _tell(store: Store, random: Random) -> None:
    """Keep an edition of what none has told, of all of it or of some."""
    key = f"{random.choice(('', 'petang-'))}2024-12-{random.randint(1, 20):02}"
    found = store.headings_for(key, until=NOON + HOUR, claims="frozen")
    every = {each.id: each for each in map(sample_article, range(99))}
    told = [every[one.id] for one in found if random.random() < 0.9]
    with suppress(StoreError):  # it is published already, or has what another has
        store.save_edition(sample_brief(told, day=key), frozen=random.random() < 0.6)
