from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.condense import condense, condense_news, condense_story
from briefing.condense.said import Said
from briefing.condense.story import MOST_ARTICLES
from briefing.model import Article, Published, Span
from briefing.text import split_sentences

MORNING = datetime(2024, 11, 29, 1, tzinfo=UTC)

ROCKETS = (
    "Tiga roket menghantam pangkalan udara di Irak barat pada Jumat dini hari. "
    "Dua tentara terluka dalam serangan ke pangkalan udara itu, kata pejabat keamanan."
)
TOLL = (
    "Lima tentara terluka dalam serangan ke pangkalan udara itu, kata pejabat keamanan."
)


def article(
    key: str,
    text: str,
    *,
    hour: int | None = 1,
    title: str | None = None,
    language: str = "id",
) -> Article:
    moment = None if hour is None else MORNING.replace(hour=hour)
    return Article(
        id=key * 16,
        revision="0" * 12,
        url=f"https://{key}.example/",
        source=key,
        outlet=key,
        text=text,
        language=language,
        fetched=MORNING,
        title=title,
        published=Published(moment) if moment else None,
    )


def told(*articles: Article) -> list[tuple[str, str]]:
    """Return the first letter of each article's id and the sentence."""
    summaries = {one.id: condense(one, method="lead") for one in articles}
    found = condense_story(articles, summaries)
    return [(one.article_id[0], one.text) for one in found]


def test_one_article_needs_no_more_than_its_summary() -> None:
    assert told(article("a", ROCKETS)) == []


def test_what_others_add_follows_with_the_leading_summary_whole() -> None:
    found = told(
        article("a", ROCKETS),
        article(
            "b",
            "Kejadian tersebut membuat sekolah di sekitar kota diliburkan selama sepekan.",
        ),
        article(
            "c",
            "Maskapai nasional mengalihkan penerbangan menuju bandara lain di selatan.",
            hour=9,
        ),
    )
    assert [key for key, _ in found] == ["a", "a", "c"]  # b leans on its headline


@pytest.mark.parametrize(
    "again",
    [
        "Pangkalan udara di Irak barat dihantam tiga roket pada Jumat.",
        "Pada Jumat dini hari, 3 roket menghantam sebuah pangkalan udara.",
        "Serangan tiga roket ke pangkalan melukai dua tentara, kata pejabat.",
    ],
)
def test_nothing_is_said_twice_in_other_words(again: str) -> None:
    assert told(article("a", ROCKETS), article("b", again, hour=9)) == []


def test_newer_numbers_come_first_and_older_ones_later() -> None:
    base = article("a", ROCKETS, hour=5)
    newer = told(base, article("b", TOLL.replace(" itu", " Asad"), hour=9))
    assert [key for key, _ in newer] == ["b", "a", "a"]
    older = told(base, article("b", TOLL.replace(" itu", " Asad"), hour=2))
    assert [key for key, _ in older] == ["a", "a", "b"]
    undated = told(base, article("b", TOLL.replace(" itu", " Asad"), hour=None))
    assert [key for key, _ in undated] == ["a", "a", "b"]


def test_the_newest_of_what_is_added_comes_first() -> None:
    found = told(
        article("a", ROCKETS, hour=5),
        article("b", "Harga minyak mentah dunia naik empat persen di bursa London."),
        article(
            "c", "Parlemen menggelar rapat darurat mengenai keamanan nasional.", hour=9
        ),
    )
    assert [key for key, _ in found] == ["a", "a", "c", "b"]


def test_a_sentence_comes_with_what_it_needs_from_its_own_article() -> None:
    other = (
        "Menteri Pertahanan Karim Salih mengunjungi korban di rumah sakit militer. "
        "Ia menjanjikan santunan bagi setiap keluarga yang ditinggalkan."
    )
    found = told(article("a", ROCKETS), article("b", other))
    texts = [text for key, text in found if key == "b"]
    assert texts
    assert texts[0].startswith("Menteri Pertahanan")


def test_another_language_adds_nothing() -> None:
    english = article(
        "b", "The airline moved its flights to another airport.", language="en"
    )
    assert told(article("a", ROCKETS), english) == []


def test_a_leading_article_without_text_leaves_the_word_to_others() -> None:
    found = told(article("a", "", title="Roket"), article("b", ROCKETS))
    assert found
    assert {key for key, _ in found} == {"b"}


def test_the_work_for_a_story_of_many_articles_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def counted(text: str, *, language: str) -> list[Span]:
        seen.append(text)
        return split_sentences(text, language=language)

    monkeypatch.setattr("briefing.text.sentences.split_sentences", counted)
    articles = [replace(article("a", ROCKETS), id=f"{at:016x}") for at in range(200)]
    summaries = {one.id: condense(one, method="lead") for one in articles}
    condense_story(articles, summaries)
    assert len(seen) == MOST_ARTICLES


WORDS = ("roket", "kota", "tiga", "17", "3/11", "tentara", "Ia", "pasar", "naik", "«")
TEXT = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(
        lambda found: " ".join(found).capitalize() + "."
    ),
    max_size=6,
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4))
def test_every_sentence_stands_in_its_article(texts: list[str]) -> None:
    articles = [article("abcd"[at], text, hour=at + 1) for at, text in enumerate(texts)]
    by_id = {one.id: one for one in articles}
    summaries = {one.id: condense(one, method="lead") for one in articles}
    found = condense_story(articles, summaries)
    assert len(set(found)) == len(found)
    for one in found:
        assert by_id[one.article_id].text[one.start : one.end] == one.text
        assert one in summaries[one.article_id].sentences
    for one, other in pairwise(found):
        assert one.article_id != other.article_id or one.start < other.start
    if found:
        opening = summaries[articles[0].id].sentences
        assert set(opening) <= set(found)


@pytest.mark.parametrize(
    ("before", "after", "judged"),
    [
        ("Dua orang tewas di kota.", "Dua orang tewas di kota.", "repeats"),
        ("Dua orang tewas di kota.", "Lima orang tewas di kota.", "differs"),
        ("Sebanyak 2.500 orang tewas.", "Sebanyak 2,500 orang tewas.", "repeats"),
        # The contrary is no repeat, and what denies something beside it is not the contrary.
        (
            "Hakim menyatakan Budi Contoh bersalah dalam perkara korupsi dana hibah.",
            "Hakim menyatakan Budi Contoh tidak bersalah dalam perkara korupsi dana hibah.",
            "differs",
        ),
        (
            "Bupati Contoh mengatakan dana hibah pasar desa akan dibagi bulan depan.",
            "Warga mengaku tak masalah bila dana hibah pasar desa akan dibagi bulan depan.",
            "new",
        ),
        ("Rapat warga kota (3/11).", "Rapat warga kota (4/11).", "differs"),
        ("Dua orang rapat (3/11).", "Dua orang rapat (4/11).", "repeats"),
        ("Rapat warga kota 3 November.", "Rapat warga kota (3/11).", "repeats"),
        ("Dua orang tewas di kota.", "Harga beras naik di pasar induk.", "new"),
        ("Dua orang tewas di kota.", "Dan itu.", "repeats"),
    ],
)
def test_whether_it_was_said(before: str, after: str, judged: str) -> None:
    said = Said("id")
    said.add(before)
    assert said.judge(after) == judged


def news(
    *articles: Article, told: list[str], listed: tuple[str, ...] = ()
) -> list[str]:
    """Return what is new in `articles` after `told`."""
    summaries = {one.id: condense(one, method="lead") for one in articles}
    found = condense_news(articles, summaries, told=told, listed=listed)
    return [one.text for one in found]


ROCKET, WOUNDED = (
    "Tiga roket menghantam pangkalan udara di Irak barat pada Jumat dini hari.",
    "Dua tentara terluka dalam serangan ke pangkalan udara itu, kata pejabat keamanan.",
)


def test_what_was_told_before_is_not_told_again() -> None:
    assert news(article("b", ROCKETS, hour=9), told=[ROCKET, WOUNDED]) == []


def test_only_what_is_new_is_left_of_the_leading_summary() -> None:
    text = (
        f"{ROCKET} Perdana menteri memerintahkan penyelidikan atas serangan tersebut."
    )
    found = news(article("b", text, hour=9), told=[ROCKET])
    assert ROCKET not in found


def test_words_of_articles_that_were_only_named_are_not_new() -> None:
    other = "Parlemen menggelar rapat darurat mengenai keamanan nasional."
    assert news(article("b", other), told=[ROCKET], listed=(other,)) == []
    assert news(article("b", other), told=[ROCKET]) == [other]


def test_new_numbers_names_and_quotations_are_new() -> None:
    cases = [
        (
            WOUNDED,
            "Lima tentara terluka dalam serangan ke pangkalan udara, kata pejabat.",
        ),
        (
            "Komisi itu menangkap seorang pejabat di Kendari.",
            "Komisi itu menangkap seorang pejabat di Medan.",
        ),
        (
            "Menteri Karim Salih berbicara kepada wartawan di Baghdad, Jumat.",
            "“Tidak seorang pun akan lolos dari hukuman,” kata Menteri Karim Salih kepada "
            "wartawan di Baghdad, Jumat.",
        ),
    ]
    for before, after in cases:
        assert news(article("b", after, hour=9), told=[before]) == [after]


def test_several_numbers_in_the_same_words_are_a_repeat_whoever_is_named() -> None:
    said = Said("id", sure=True)
    said.add("Bunga pinjaman turun 25 poin menjadi 5,25 persen sejak Mei.")
    fact = "bunga pinjaman turun 25 poin menjadi 5,25 persen."
    assert said.judge(f"Gubernur Bank Lembah Karim Salih: {fact}") == "repeats"
    assert said.judge(f"Gubernur Bank Lembah Karim Salih menolak {fact}") != "repeats"


def test_names_that_all_sentences_share_make_no_repeat() -> None:
    before = (
        "Kantor Jaksa Agung Karim Salih di Baghdad bungkam soal perkara Hasan Jabir."
    )
    after = "Jaksa Agung Karim Salih menetapkan Hasan Jabir sebagai tersangka suap."
    assert news(article("b", after, hour=9), told=[before]) == [after]


def test_what_leans_on_the_old_gives_way_to_what_stands_alone() -> None:
    text = (
        f"{ROCKET} Namun, jumlah itu dibantah oleh seorang juru bicara koalisi. "
        "Koalisi internasional menyebut hanya satu peluru kendali yang jatuh. "
        "Gubernur menutup semua sekolah sampai akhir pekan."
    )
    found = news(article("b", text, hour=9), told=[ROCKET])
    assert found
    assert not any(one.startswith("Namun") for one in found)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=3))
def test_the_same_articles_have_no_news(texts: list[str]) -> None:
    articles = [article("abcd"[at], text, hour=at + 1) for at, text in enumerate(texts)]
    shown = [one for text in texts for one in sentences_of(text)]
    assert news(*articles, told=shown) == []


def sentences_of(text: str) -> list[str]:
    return [text[one.start : one.end] for one in split_sentences(text, language="id")]
