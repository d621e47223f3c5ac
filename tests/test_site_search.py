"""Which forms of words the search of the site knows."""

from __future__ import annotations

import pytest

from briefing.render.search import SearchIndex

TEXTS = ("Menteri datang ke Kapur", "Kementerian tutup pasar")
"""The stem of the second's first word is the first's, which has a stem of its own."""


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[::-1]])
def test_a_word_that_is_a_stem_too_keeps_its_own(texts: tuple[str, ...]) -> None:
    index = SearchIndex("id", lambda name: None)
    roots = {text: list(index._roots(text)) for text in texts}
    known = {
        form: root for part in index._parts.values() for form, root in part.items()
    }
    assert known["kementerian"] == "menteri"
    assert known["menteri"] == roots[TEXTS[0]][0] == "teri"
