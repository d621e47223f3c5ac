from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.condense import METHODS, choose, condense, recipe
from briefing.condense.budget import Budget, length
from briefing.model import Article

CASES = tomllib.loads(
    (Path(__file__).parent / "cases/condense/lead.toml").read_text(encoding="utf-8")
)["case"]

NEWS = (
    "Pasukan asing mulai meninggalkan pangkalan di utara kota pada Senin pagi. "
    "Juru bicara militer mengatakan dua ratus tentara berangkat dengan pesawat angkut. "
    "“Kami menyerahkan kunci pangkalan hari ini,” kata komandannya. "
    "Penyerahan pangkalan itu bagian dari perjanjian yang ditandatangani bulan lalu. "
    "Apakah pasukan lain akan menyusul dalam waktu dekat?\n\n"
    "Menurut perjanjian itu, pangkalan di barat diserahkan sebelum akhir tahun. "
    "Parlemen meminta pemerintah mengumumkan jadwal penarikan pasukan yang lengkap. "
    "Warga di sekitar pangkalan menyambut kabar itu dengan hati-hati. "
    "Pedagang di pasar terdekat khawatir kehilangan pembeli setelah tentara pergi."
)


def article(text: str, *, title: str | None = None, language: str = "id") -> Article:
    return Article(
        id="0123456789abcdef",
        revision="0123456789ab",
        url="file:s/a.txt",
        source="s",
        outlet="Contoh",
        text=text,
        language=language,
        fetched=datetime(2024, 12, 1, tzinfo=UTC),
        title=title,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_lead(case):
    assert choose(case["sentences"], method="lead") == case["chosen"]


@pytest.mark.parametrize("method", METHODS)
def test_sentences_are_verbatim_in_order_and_within_the_budget(method):
    source = article(NEWS, title="Pasukan asing tinggalkan pangkalan di utara")
    summary = condense(source, method=method, words=30)
    assert summary.sentences
    assert (summary.article_id, summary.revision) == (source.id, source.revision)
    assert summary.recipe == recipe(method, words=30, sentences=None)
    positions = [sentence.position for sentence in summary.sentences]
    assert positions == sorted(set(positions))
    for sentence in summary.sentences:
        assert source.text[sentence.start : sentence.end] == sentence.text
        assert sentence.article_id == source.id
    sizes = [length(sentence.text) for sentence in summary.sentences]
    assert sum(sizes) <= 30 + max(sizes) / 2


@pytest.mark.parametrize("method", METHODS)
def test_the_same_text_gives_the_same_summary(method):
    assert condense(article(NEWS), method=method) == condense(
        article(NEWS), method=method
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_limit_of_sentences_alone(method):
    summary = condense(article(NEWS), method=method, words=None, sentences=3)
    assert 2 <= len(summary.sentences) <= 3
    assert summary.recipe == recipe(method, words=None, sentences=3)


def test_lead_with_three_sentences_takes_the_first_three_that_stand_alone():
    summary = condense(article(NEWS), method="lead", words=None, sentences=3)
    assert [sentence.position for sentence in summary.sentences] == [0, 1, 3]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "Ya.", "1 2 3.", "...", "“A.” “B.”", "\0"]
)
@pytest.mark.parametrize("language", ["id", "und", "zz", "x-none", ""])
def test_odd_texts(method, text, language):
    summary = condense(article(text, title="", language=language), method=method)
    if not text.strip():
        assert summary.sentences == ()
    for sentence in summary.sentences:
        assert text[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "zh",
            "外国军队星期一离开了北部的基地。议会将讨论协议。国防部长欢迎这个决定。",
        ),
        ("th", "กองทัพถอนกำลังออกจากฐานทัพ รัฐสภาจะหารือข้อตกลงในสัปดาห์หน้า"),
        (
            "ar",
            "غادرت القوات الأجنبية القاعدة. سيناقش البرلمان الاتفاق الأسبوع المقبل.",
        ),
        ("ru", "Войска покинули базу на севере. Парламент обсудит соглашение."),
    ],
)
def test_other_scripts(method, language, text):
    assert condense(article(text, language=language), method=method).sentences


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "sentences",
    [
        [f"kata{number}." for number in range(10_000)],
        ["ya."] * 10_000,
        ["a" * 1_000_000],
        ["a b " * 50_000] * 3 + [f"{'c d ' * 20_000}{number}" for number in range(4)],
        [f"{number} ?" for number in range(100)],
        ["“Kami menang.”", "“Kami kalah.”"],
        ["\ud800 kata", "kata \udfff lain"],
        ["Kami menang."],
        [f"“Kami menang {number} kali.”" for number in range(30)],
        [f"{number} 12.500 3,5 2024" for number in range(30)],
        ["Kota itu sepi.", "外国军队离开了。", "Войска ушли.", "غادرت القوات.", "ไปแล้ว"]
        * 3,
    ],
    ids=[
        "one-word",
        "one word",
        "one long",
        "few long",
        "questions",
        "quotes",
        "surrogates",
        "one sentence",
        "all quotations",
        "all numbers",
        "mixed scripts",
    ],
)
def test_hostile_texts_are_answered_in_time(method, sentences):
    assert choose(sentences, method=method, title="kata", language="id")


def test_lead_condenses_a_million_characters_on_one_line():
    text = "Pasukan asing meninggalkan kota itu pada pagi hari. " * 20_000
    assert len(condense(article(text), method="lead").sentences) == 1


def test_recipes_name_method_version_and_budget():
    assert recipe("lead", words=None, sentences=None) == "lead/3 words=66"
    assert recipe("learned", words=None, sentences=None) == "learned/6 words=66"
    assert recipe("kl", words=40, sentences=2) == "kl/3 words=40 sentences=2"
    assert recipe("lead", length="short") == "lead/3 words=30"
    assert recipe("lead", length="standard") == recipe("lead")
    assert recipe("lead", length="full") == recipe("kl", length="full") == "full/1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "best"}, "unknown method 'best'; known are learned, lead"),
        ({"words": 0}, "words must be at least 1, not 0"),
        (
            {"words": None, "sentences": -1},
            "sentences must be at least 1, not -1",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        choose(["Satu kalimat."], **options)


def test_a_sentence_over_half_too_long_is_passed_over_until_full_enough():
    four, long = "satu dua tiga empat", " ".join(["kata"] * 14)
    assert Budget(10, None).fill([four, long, four], [0, 1, 2], {}) == [0, 2]
    assert Budget(10, None).fill([f"{four} {four}", long, four], [0, 1, 2], {}) == [0]


def test_the_best_sentence_is_taken_even_if_it_is_too_long():
    long = " ".join(["kata"] * 50)
    assert Budget(10, None).fill([long, long + " lagi"], [1, 0], {}) == [1]


def test_words_without_blanks_are_estimated():
    assert length("Tiga kata saja.") == 3
    assert 4 <= length("外国军队离开基地") <= 8


def test_the_package_is_cheap_to_import():
    check = (
        "import sys, briefing.condense, briefing.group\n"
        "heavy = {'sumy', 'numpy', 'nltk', 'stopwordsiso', 'Stemmer'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


VOCABULARY = st.sampled_from(
    [
        "pasukan",
        "Irak",
        "kota",
        "dan",
        "serangan",
        "“Kami",
        "pergi,”",
        "apa?",
        "5.000",
        "外国",
    ]
)
SENTENCES = st.lists(VOCABULARY, min_size=1, max_size=12).map(
    lambda w: " ".join(w) + "."
)


@settings(deadline=None, max_examples=60)
@given(
    sentences=st.lists(SENTENCES, max_size=12),
    method=st.sampled_from(METHODS),
    words=st.integers(1, 60),
    limit=st.none() | st.integers(1, 4),
)
def test_chosen_sentences_keep_order_and_budget(sentences, method, words, limit):
    chosen = choose(
        sentences,
        method=method,
        words=words,
        sentences=limit,
        title="kota",
        language="id",
    )
    assert chosen == sorted(set(chosen))
    assert bool(chosen) == bool(sentences)
    assert len(chosen) <= (limit or len(sentences))
    sizes = [length(sentences[index]) for index in chosen]
    assert len(sizes) <= 1 or sum(sizes) <= words + max(sizes) / 2
    assert len({sentences[index] for index in chosen}) == len(chosen)


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=300), method=st.sampled_from(METHODS))
def test_every_sentence_is_verbatim_in_any_text(text, method):
    for sentence in condense(article(text), method=method).sentences:
        assert text[sentence.start : sentence.end] == sentence.text != ""


@pytest.mark.parametrize("method", METHODS)
def test_a_dateline_is_not_read_as_text(method):
    sentence = "Presiden Contoh bertemu para gubernur di istana pada Kamis pagi."
    found = condense(article(f"Jakarta, Fajar News -- {sentence}"), method=method)
    [shown] = found.sentences
    assert (shown.text, shown.start) == (sentence, len("Jakarta, Fajar News -- "))


def test_a_quotation_is_not_shown_behind_another_speaker() -> None:
    text = (
        "Presiden Contoh bertemu para gubernur di istana pada Kamis pagi.\n\n"
        "Seusai rapat itu, Menteri Keuangan Teladan mengatakan kepada wartawan:\n\n"
        '"Kami akan menaikkan gaji pegawai tahun depan bagi semua daerah."'
    )
    shown = [one.text for one in condense(article(text), sentences=3).sentences]
    assert not any("menaikkan gaji" in one for one in shown)


def test_the_whole_article_has_its_lists_and_asides() -> None:
    lines = [
        "Harga bahan pokok naik di pasar itu sejak awal pekan ini.",
        "1. Harga beras naik tiga puluh persen sejak awal bulan ini di semua pasar kota.",
        "2. Harga gula tetap sama seperti pekan lalu di semua pasar di kota itu.",
        "(Pemerintah kota belum menjawab pertanyaan tentang kenaikan harga yang dikirim wartawan pada hari Kamis.)",
        "Foto: Antara",
    ]
    shown = [
        one.text
        for one in condense(
            article("\n\n".join(lines)), words=None, length="full"
        ).sentences
    ]
    assert "".join(shown) == "".join(lines[:-1])


def test_what_only_announces_what_follows_is_not_shown_without_it() -> None:
    lines = [
        "Pemerintah kota membuka lowongan bagi dua ratus guru mulai pekan ini.",
        "Berikut syarat dan ketentuan pendaftarannya bagi semua guru di kota.",
        "Pelamar harus berijazah sarjana pendidikan dan berumur paling tua 35 tahun.",
    ]
    shown = condense(article("\n\n".join(lines)), sentences=3).sentences
    assert [one.text for one in shown] == [lines[0], lines[2]]
