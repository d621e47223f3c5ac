"""Which articles carry the same text."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.group import copies, group_articles
from briefing.group.copies import COMMON, LEAST
from briefing.group.shingles import Shingles
from briefing.model import Article, Published

CASES = Path(__file__).parent / "cases/group"
START = datetime(2024, 9, 6, 8, tzinfo=UTC)


def words(seed: int, number: int) -> list[str]:
    """Return words that no other seed has in this order."""
    random = Random(seed)
    return [f"k{random.randrange(3000)}" for _ in range(number)]


def prose(seed: int, number: int = 200) -> str:
    return " ".join(words(seed, number))


def edited(text: str, rate: float) -> str:
    """Return `text` with each n-th word put in another's place, `rate` of all."""
    every = round(1 / rate)
    return " ".join(
        f"ganti{at}" if at % every == 0 else word
        for at, word in enumerate(text.split())
    )


def article(
    ident: str,
    text: str,
    *,
    hours: float | None = 0,
    title: str | None = None,
    outlet: str = "Contoh",
    origin: str | None = None,
    truncated: bool = False,
) -> Article:
    return Article(
        id=ident,
        revision="r",
        url=f"file:s/{ident}",
        source="s",
        outlet=outlet,
        text=text,
        language="id",
        fetched=START,
        title=title,
        origin=origin,
        published=None if hours is None else Published(START + timedelta(hours=hours)),
        truncated=truncated,
    )


WIRE = prose(1)
STUB = "Simak selengkapnya dalam video berikut ini dari lokasi kejadian."


@pytest.mark.parametrize(
    "text",
    [
        WIRE,
        WIRE.upper().replace(" ", ", ", 9),
        edited(WIRE, 0.05),
        edited(WIRE, 0.10),
        " ".join(WIRE.split()[:120]),
        " ".join(WIRE.split()[:60]),
        WIRE + " " + prose(2, 80),
    ],
    ids=["equal", "case and marks", "5 %", "10 %", "60 %", "30 %", "a frame"],
)
def test_copies_are_found(text):
    found = copies([article("a", WIRE), article("b", text, hours=1)])
    assert len(found) == 1
    assert set(found) | set(found.values()) == {"a", "b"}


@pytest.mark.parametrize(
    "text",
    [
        prose(2),
        edited(WIRE, 0.5),
        " ".join([*WIRE.split()[:60], *words(2, 140)]),
        " ".join(WIRE.split()[:35]),
        "",
        "Kapal karam.",
    ],
    ids=[
        "another",
        "half changed",
        "quoted",
        "a short quotation",
        "empty",
        "two words",
    ],
)
def test_others_are_no_copies(text):
    assert copies([article("a", WIRE), article("b", text)]) == {}
    assert copies([article("a", text), article("b", "")]) == {}


def test_no_articles_no_copies():
    assert copies([]) == {}


def test_a_short_text_is_one_with_its_title():
    title = "Gubernur Meresmikan Jembatan Gantung Di Lembah Utara"
    other = "Kebakaran Melanda Pasar Induk Pada Malam Hari"
    pair = [article("a", STUB, title=title), article("b", STUB, title=title, hours=1)]
    assert copies(pair) == {"b": "a"}
    assert copies([pair[0], article("b", STUB, title=other)]) == {}
    assert copies([article("a", "Kapal karam."), article("b", "Kapal karam.")]) == {}


@pytest.mark.parametrize(
    ("hours", "number"),
    [(96, 1), (97, 0), (None, 1)],
    ids=["4 days", "more", "undated"],
)
def test_what_comes_back_after_days_is_no_copy(hours, number):
    assert len(copies([article("a", WIRE), article("b", WIRE, hours=hours)])) == number


def test_a_chain_of_copies_lasts_no_longer_than_a_story():
    several = [article(f"{n:02}", WIRE, hours=30 * n) for n in range(12)]
    found = copies(several)
    moments = {each.id: each.published.moment for each in several if each.published}
    spans = [abs(moments[one] - moments[other]) for one, other in found.items()]
    assert len(found) == 9
    assert max(spans) <= timedelta(days=4)


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({}, {"hours": -1}, "b"),
        ({"hours": None}, {"hours": 9}, "b"),
        ({"hours": 9, "outlet": "Antara News"}, {"origin": "Antara"}, "a"),
        ({"truncated": True}, {"hours": 9}, "b"),
        ({"text": " ".join(WIRE.split()[:150])}, {"hours": 9}, "b"),
        ({}, {"text": WIRE + "!"}, "b"),
        ({}, {}, "a"),
    ],
    ids=["earliest", "dated", "agency", "whole", "not cut", "longest", "least id"],
)
def test_which_one_stands_for_all(first, second, stands):
    pair = [
        article("a", **{"text": WIRE, **first}),
        article("b", **{"text": WIRE, **second}),
    ]
    assert set(copies(pair).values()) == {stands}


def test_a_collection_is_not_the_original_of_what_it_contains():
    parts = [article(str(n), prose(n, 80)) for n in range(4)]
    whole = article("x", " ".join(part.text for part in parts))
    assert copies([*parts, whole]) == {}
    again = article("00", parts[0].text, hours=1)
    assert copies([*parts, whole, again]) == {"00": "0"}


def test_a_formula_that_many_have_makes_no_copies():
    formula = prose(0, 60)
    many = [
        article(f"{n:03}", f"{prose(n + 10, 55)} {formula}") for n in range(COMMON * 2)
    ]
    pair = [article("y", WIRE + " " + formula), article("z", WIRE + " " + formula)]
    assert copies([*many, *pair]) == {"z": "y"}
    # Nor is what consists of little else.
    flood = [article(f"f{n:03}", f"{prose(n + 900, 9)} {formula}") for n in range(90)]
    assert copies([*many, *flood]) == {}


def test_copies_of_one_text_are_one_flood():
    several = [article(f"{n:04}", edited(WIRE, 1 / (20 + n % 9))) for n in range(1000)]
    found = copies(several)
    assert len(found) == 999
    assert set(found.values()) == {min(found.values())}


POOL = [
    WIRE,
    edited(WIRE, 0.05),
    edited(WIRE, 0.2),
    " ".join(WIRE.split()[:120]),
    WIRE + " " + prose(2),
    prose(2),
    STUB,
    "",
]
ARTICLES = st.lists(
    st.tuples(
        st.sampled_from(POOL), st.none() | st.integers(0, 200), st.sampled_from("AB")
    ),
    max_size=10,
).map(
    lambda made: [
        article(f"{n:02}", text, hours=hours, outlet=outlet)
        for n, (text, hours, outlet) in enumerate(made)
    ]
)


@settings(deadline=None, max_examples=80)
@given(articles=ARTICLES, random=st.randoms(use_true_random=False))
def test_one_stands_for_all_whatever_the_order(articles, random):
    found = copies(articles)
    assert not set(found) & set(found.values())
    assert set(found) | set(found.values()) <= {each.id for each in articles}
    shuffled = list(articles)
    random.shuffle(shuffled)
    assert copies(shuffled) == found


@settings(deadline=None, max_examples=80)
@given(articles=ARTICLES)
def test_copies_are_in_one_story_and_nothing_is_lost(articles):
    found = copies(articles)
    stories = group_articles(articles, copies=found)
    place = {each.id: n for n, story in enumerate(stories) for each in story}
    assert sorted(each.id for story in stories for each in story) == [
        each.id for each in articles
    ]
    assert all(place[copy] == place[original] for copy, original in found.items())
    assert not {story[0].id for story in stories} & set(found)


def test_a_copy_of_what_is_not_there_is_an_article_like_any():
    pair = [article("a", WIRE), article("b", prose(2))]
    for odd in ({"a": "x"}, {"a": "b", "b": "a"}, {"a": "a"}):
        found = group_articles(pair, copies=odd)
        assert sorted(each.id for story in found for each in story) == ["a", "b"]


FORMS = tomllib.loads((CASES / "bulletins.toml").read_text("utf-8"))["form"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["name"])
@pytest.mark.parametrize("outlets", ["A", "AB"], ids=["one outlet", "two outlets"])
@pytest.mark.parametrize("hours", [2, 24])
def test_reports_of_one_form_are_no_copies(form, outlets, hours):
    bulletins = [
        article(
            str(at),
            form["text"].format(**each),
            title=form["title"].format(**each),
            outlet=outlets[at % len(outlets)],
            hours=at * hours,
        )
        for at, each in enumerate(form["each"])
    ]
    assert copies(bulletins) == {}
    assert all(
        copies([each, replace(each, id="x", title="Lain", outlet="C")])
        == {"x": each.id}
        for each in bulletins
    )


def test_an_outlet_writes_its_daily_report_anew():
    daily = article("a", WIRE, outlet="Harian A")
    of_next_day = article("b", edited(WIRE, 0.05), hours=24, outlet="Harian A")
    assert copies([daily, of_next_day]) == {}
    assert len(copies([daily, replace(of_next_day, outlet="Harian B")])) == 1
    assert len(copies([daily, replace(of_next_day, published=daily.published)])) == 1
    assert copies([daily, replace(of_next_day, text=WIRE)]) == {"b": "a"}


def test_a_copy_may_have_another_title_and_leave_numerals_out():
    text = FORMS[0]["text"].format(**FORMS[0]["each"][0])
    one = article("a", text, title="Gempa M 5,2 Guncang Pangandaran")
    other = article(
        "b",
        text.replace(" pukul 10.15 WIB", " pagi"),
        title="Tiga Rumah Retak Akibat Gempa",
        outlet="Lain",
        hours=1,
    )
    assert copies([one, other]) == {"b": "a"}


class _Dictionaries:
    """The same index by counting one bunch after the other, text by text."""

    def __init__(self, texts: Sequence[Shingles]) -> None:
        self._texts: defaultdict[int, list[int]] = defaultdict(list)
        self._sizes: list[int] = []

    def near(self, text: Shingles) -> tuple[int, list[tuple[int, int, int]]]:
        own = self._own(text)
        size = self._size(text)
        met = Counter[int]()
        for each, count in own:
            met.update(dict.fromkeys(self._texts[each], count))
        return size, [
            (number, other, common)
            for number, common in sorted(met.items())
            for other in [self._sizes[number]]
            if common >= LEAST * min(size, other)
        ]

    def add(self, texts: Sequence[Shingles]) -> None:
        for text in texts:
            self._sizes.append(self._size(text))
            for each, count in self._own(text):
                self._texts[each].append(len(self._sizes) - 1)
                if len(self._texts[each]) == COMMON:
                    for one in self._texts[each]:
                        self._sizes[one] -= count

    def _size(self, text: Shingles) -> int:
        own = sum(count for _, count in self._own(text))
        return text.size - int(text.counts.sum()) + own

    def _own(self, text: Shingles) -> list[tuple[int, int]]:
        pairs = zip(text.bunches.tolist(), text.counts.tolist(), strict=True)
        return [each for each in pairs if len(self._texts[each[0]]) < COMMON]


@pytest.mark.parametrize("seed", range(4))
def test_those_suspected_are_all_that_are_copies(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    formula = " ".join(f"rumus{at}" for at in range(40))
    parts = [" ".join(f"k{at}x{word}" for word in range(25)) for at in range(60)]
    many = [
        article(
            str(at),
            text=" ".join(
                [
                    *random.sample(parts, random.randrange(1, 6)),
                    formula if random.random() < 0.5 else f"lain{at}",
                ]
            ),
        )
        for at in range(250)
    ]
    found = copies(many)
    module = import_module("briefing.group.copies")
    monkeypatch.setattr(module, "_Index", _Dictionaries)
    monkeypatch.setattr(module, "_suspected", lambda texts: [True] * len(texts))
    assert found == copies(many)
    assert found
