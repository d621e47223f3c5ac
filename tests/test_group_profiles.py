from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefing.group.profiles import RECIPE, profile, profile_from, profiled
from briefing.store import open_store
from briefing.text import fold, folded_words, words
from tests.store_samples import sample_article, sample_state

TEXTS = st.text(st.sampled_from("aB9-'’_ .“—é\n中ก٣²"), max_size=60)


@given(title=st.none() | TEXTS, text=TEXTS)
def test_a_kept_profile_is_the_one_that_was_counted(title, text):
    article = sample_article(text=text, title=title)
    counted, kept = profile(article), profile_from(profiled(article))
    for each in fields(counted):
        assert np.array_equal(getattr(kept, each.name), getattr(counted, each.name))


@given(TEXTS)
def test_folded_words_are_the_words_of_the_folded_text(text):
    assert folded_words(text) == words(fold(text))


def test_a_profile_is_kept_once_for_each_revision(tmp_path: Path) -> None:
    article = sample_article()
    pair, new = (article.id, article.revision), profiled(article)
    with open_store(tmp_path / "b.db") as store:
        old = replace(new, recipe="old", terms=b"")
        store.keep([], [article], [], sample_state(), profiles=[old])
        assert store.profiles([pair], RECIPE, shingles=True) == ()
        store.add_profiles([new])
        assert store.profiles([pair], RECIPE, shingles=True) == (new,)
        bare = replace(new, shingles=None)
        assert store.profiles([pair], RECIPE, shingles=False) == (bare,)
        assert store.profiles([pair], "old", shingles=True) == ()
