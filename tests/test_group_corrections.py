"""Articles that were edited after they were shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from briefing.group import report
from briefing.group.corrections import correction
from briefing.model import Article, Report, Sentence, Summary
from briefing.text import split_sentences
from tests.store_samples import DAY, NOON, sample_article

BEFORE = "Serangan itu menewaskan 12 orang di kota. Warga berduka. Polisi menyelidiki kasus itu."
LATER = NOON + timedelta(days=1)


def shown(article: Article) -> Report:
    spans = split_sentences(article.text, language=article.language)
    sentences = tuple(
        Sentence(article.id, one.start, one.end, at, article.text[one.start : one.end])
        for at, one in enumerate(spans)
    )
    return report(article, Summary(article.id, article.revision, "lead/1", sentences))


def test_both_wordings_stand_side_by_side() -> None:
    before = sample_article(1, text=BEFORE)
    text = BEFORE.replace("12 orang", "9 orang")
    after = replace(sample_article(1, text=text, fetched=LATER), title="Ralat")
    found = correction(shown(before), after, edition=DAY)
    assert found is not None
    [change] = found.changes
    assert change.was is not None
    assert change.was.text == "Serangan itu menewaskan 12 orang di kota."
    assert change.now is not None
    assert change.now.text == "Serangan itu menewaskan 9 orang di kota."
    assert text[change.now.start : change.now.end] == change.now.text
    assert (found.edition, found.fetched) == (DAY, LATER)
    assert found.before.revision == before.revision
    assert (found.after.revision, found.after.title) == (after.revision, "Ralat")
    assert found.after.sentences == (change.now,)


def test_a_sentence_that_is_gone_has_nothing_in_its_place() -> None:
    before = sample_article(1, text=BEFORE)
    after = sample_article(1, text="Warga berduka. Polisi menyelidiki kasus itu.")
    found = correction(shown(before), after, edition=DAY)
    assert found is not None
    assert [one.now for one in found.changes] == [None]
    assert found.after.sentences == ()


def test_what_was_added_or_moved_is_no_correction() -> None:
    before = sample_article(1, text=BEFORE)
    longer = "Warga berduka. Kota sepi. Serangan itu  menewaskan 12 orang di kota. Polisi menyelidiki kasus itu."
    assert (
        correction(shown(before), sample_article(1, text=longer), edition=DAY) is None
    )


@given(st.text(max_size=200))
def test_an_article_does_not_correct_itself(text: str) -> None:
    article = sample_article(1, text=text)
    assert correction(shown(article), article, edition=DAY) is None
