from __future__ import annotations

from itertools import chain, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import briefing.condense
from briefing.condense import choose
from briefing.condense.budget import Budget, length
from briefing.condense.candidates import best_set
from briefing.condense.forest import LEAVES, Forest
from briefing.condense.learned import learned, shipped, speaks
from briefing.condense.reach import Reach
from briefing.condense.reading import MOST_SENTENCES, NAMES, Reading

SUBJECTS = (
    "Pemerintah kota Banjar",
    "Dinas Perhubungan",
    "Wali Kota Siti Rahma",
    "Ketua panitia",
    "Sejumlah warga di Kelurahan Melati",
)
DEEDS = (
    "membuka jalur bus baru menuju stasiun pada Senin (12/8).",
    "menambah dua puluh kendaraan listrik hingga akhir tahun 2024.",
    "meminta pengemudi angkutan kota ikut dalam layanan itu.",
    'mengatakan, "Kami siap melayani penumpang mulai pagi", dalam rapat di balai kota.',
    "menyiapkan anggaran Rp 12,5 miliar untuk memperbaiki halte yang rusak.",
)
NEWS = [
    "Kota Banjar, Kabar Kita -- Pemerintah kota Banjar membuka tiga jalur bus listrik"
    " yang menghubungkan terminal, pasar, dan rumah sakit daerah mulai Senin (12/8).",
    *(" ".join(pair) for pair in product(SUBJECTS, DEEDS)),
]
TOKENISED = [
    text.replace(",", " ,").replace(".", " .").replace("(", "( ").replace(")", " )")
    .replace("/", " / ").replace('"', ' " ').replace("--", "- -").replace("12 ,5", "12,5")
    for text in NEWS
]  # fmt: skip


def pick(sentences, *, budget=None, barred=(), needs=None):
    return learned(
        sentences,
        language="id",
        budget=budget or Budget.of(words=None, sentences=None),
        barred=[at in barred for at in range(len(sentences))],
        needs=needs or {},
    ).chosen


def test_the_opening_of_plain_news_is_chosen_within_the_budget():
    chosen = choose(NEWS, language="id")
    assert 0 in chosen
    sizes = [length(NEWS[at]) for at in chosen]
    assert 40 <= sum(sizes) <= 66 + max(sizes) / 2


def test_text_with_blanks_around_punctuation_is_chosen_from_alike():
    assert choose(TOKENISED, language="id") == choose(NEWS, language="id")


def test_what_is_barred_is_never_chosen_and_what_is_needed_always():
    first = pick(NEWS)
    barred = {first[0], first[-1]}
    assert barred.isdisjoint(pick(NEWS, barred=barred))
    needed = {at: (at + 1,) for at in first}
    assert all(
        at + 1 in chosen
        for chosen in [pick(NEWS, needs=needed)]
        for at in chosen
        if at in needed
    )


@pytest.mark.parametrize("words", [10, 40, 66, 90, 150, 400])
def test_other_budgets_are_used(words):
    sizes = [length(NEWS[at]) for at in choose(NEWS, words=words, language="id")]
    total = sum(sizes)
    assert min(words / 2, sum(map(length, NEWS)) / 2) <= total
    assert len(sizes) == 1 or total <= words + max(sizes) / 2


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8])
def test_limits_of_sentences(limit):
    chosen = choose(NEWS, words=None, sentences=limit, language="id")
    assert max(1, limit - 1) <= len(chosen) <= limit


def test_only_the_first_sentences_are_read():
    long = [f"{text} Nomor {at}." for at in range(140) for text in NEWS[:25]]
    assert len(long) == 3_500
    assert max(pick(long)) < MOST_SENTENCES
    assert pick(long) == pick(long[:MOST_SENTENCES])


def test_the_work_on_long_texts_is_bounded():
    words = [f"kata{at}" for at in range(9_000)]
    long = [" ".join(words[at * 17 % 8_000 :][:400]) for at in range(3_000)]
    reading = Reading.of(long, "id")
    tables = (reading.sizes, reading.features, reading.likeness)
    assert [table.shape[-1] for table in tables] == [MOST_SENTENCES] * 3
    assert pick(long)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Войска покинули базу на севере страны в понедельник утром."),
        ("ar", "غادرت القوات الأجنبية القاعدة الشمالية صباح يوم الاثنين الماضي."),
        ("zh", "外国军队星期一离开了北部的基地。"),
        ("th", "กองทัพถอนกำลังออกจากฐานทัพทางเหนือเมื่อเช้าวันจันทร์ที่ผ่านมา"),
        ("und", "1 2 3 4 5 6 7 8 9 10"),
    ],
)
def test_texts_in_other_letters_are_left_to_lead(language, text):
    sentences = [f"{text} {at}" for at in range(12)]
    assert not speaks(sentences)
    assert choose(sentences, language=language) == choose(
        sentences, method="lead", language=language
    )


@pytest.mark.parametrize("language", ["en", "fr", "tr", "und", ""])
def test_other_languages_in_latin_letters(language):
    sentences = [
        f"Çok sayıda élèves visited the museum number {at} this week, officials said."
        for at in range(15)
    ]
    assert speaks(sentences)
    assert choose(sentences, language=language)


def test_a_mixture_of_scripts():
    assert choose(
        [*NEWS[:4], "外国军队星期一离开了基地。", "Войска ушли."], language="id"
    )


def test_the_model_is_small():
    model = Path(briefing.condense.__file__).parent / "learned.npz"
    assert model.stat().st_size <= 2_000_000


def test_features_are_finite_and_named():
    reading = Reading.of(NEWS, "id")
    assert reading.features.shape == (len(NAMES), len(NEWS))
    assert np.isfinite(reading.features).all()


def test_a_forest_is_the_sum_of_its_trees():
    # feature 0 above .5? no: 1; yes: feature 1 above 2? no: 10, yes: 100
    every = (1 << LEAVES) - 1
    columns = np.zeros((LEAVES - 1, 2), np.int16)
    thresholds = np.full((LEAVES - 1, 2), np.inf, np.float32)
    masks = np.full((LEAVES - 1, 2), every, np.uint16)
    columns[1] = 1
    thresholds[0], thresholds[1] = 0.5, 2
    masks[0], masks[1] = every - 1, every - 2
    leaves = np.zeros((2, LEAVES), np.float32)
    leaves[:, :3] = 1, 10, 100
    table = np.array([[0.5, 0.6, 7], [9, 2, 3]], np.float32)
    forest = Forest(columns, thresholds, masks, leaves)
    assert forest.sums(table).tolist() == [2, 20, 200]
    assert Forest.of(forest.arrays("any"), "any").sums(table).tolist() == [2, 20, 200]


REACH = Reach(
    {"bus": 0, "resep": 1},
    np.array([[1, -2], [-1, 4]], np.float32),
    np.array([0.5, 3], np.float32),
)


def test_what_is_guessed_from_the_words_stands_beside_each_sentence():
    reading = Reading.of(["Bus listrik berhenti di halte.", "Warga senang."], "id")
    guessed = REACH.told(reading).features
    scale = 7**0.5  # distinct words
    assert guessed.shape == (len(NAMES) + 2, 2)
    assert np.array_equal(guessed[: len(NAMES)], reading.features)
    assert np.allclose(guessed[len(NAMES) :].T, [0.5 + 1 / scale, 3 - 2 / scale])


@pytest.mark.parametrize(
    ("known", "of", "enough"),
    [(0, 3, False), (1, 3, False), (2, 5, True), (2, 2, True)],
)
def test_a_guess_needs_enough_words_that_were_learned(known, of, enough):
    words = ["bus", "resep"][:known] + ["tram", "kereta", "kapal"][: of - known]
    told = REACH.told_if_known(Reading.of([" ".join(words)], "id"))
    assert (told is not None) is enough


def test_texts_in_other_languages_are_left_to_trees_that_know_no_guess():
    model = shipped()
    english = Reading.of(
        [
            f"The museum opened {at} new rooms, officials said on Monday."
            for at in range(9)
        ],
        "en",
    )
    assert np.array_equal(model.likely(english), model.untold.likely(english))
    news = Reading.of(NEWS, "id")
    assert np.array_equal(model.likely(news), model.told.likely(model.reach.told(news)))


def test_guesses_from_words_are_kept_with_the_model():
    kept = Reach.of(REACH.arrays())
    assert kept.rows == REACH.rows
    reading = Reading.of(NEWS, "id")
    assert np.array_equal(kept.told(reading).features, REACH.told(reading).features)


LIKELY = st.lists(st.floats(0, 1), min_size=1, max_size=14)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), likely=LIKELY)
def test_the_best_set_keeps_budget_and_needs(data, likely):
    n = len(likely)
    sizes = data.draw(st.lists(st.integers(1, 40), min_size=n, max_size=n))
    barred = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    needs: dict[int, tuple[int, ...]] = {}
    for at in range(1, n):
        if data.draw(st.booleans()):
            other = data.draw(st.integers(0, at - 1))
            needs[at] = (other, *needs.get(other, ()))
    budget = Budget(data.draw(st.integers(1, 80)), data.draw(st.none() | st.just(3)))
    chosen = best_set(
        np.array(sizes, float),
        np.array(likely),
        sorted((at for at in range(n) if not barred[at]), key=lambda at: -likely[at]),
        budget=budget,
        needs=needs,
    )
    if chosen:
        held = [sizes[at] for at in chosen]
        assert chosen == sorted(set(chosen))
        assert not any(barred[at] for at in chosen)
        assert set(chosen).issuperset(chain(*(needs.get(at, ()) for at in chosen)))
        assert sum(held) - max(held) / 2 <= (budget.words or 0)
        assert len(held) <= (budget.sentences or n)


def test_what_leans_on_sentences_that_were_not_read_is_not_chosen() -> None:
    questions = [
        f"Apakah hal nomor {at} sudah jelas bagi semua warga?" for at in range(98)
    ]
    quotation = [
        '"Kami akan pulang, kata warga itu kepada wartawan.',
        "Lalu semua selesai di sini.",
        'Semua akan baik kembali," kata Menteri Contoh.',
    ]
    assert choose([*questions, *quotation], language="id")
