from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.group import continued, story_id_of
from briefing.model import Article, Published

START = datetime(2031, 3, 3, 2, tzinfo=UTC)
FLOOD = (
    "Banjir merendam ratusan rumah di lembah sungai setelah hujan tiga hari. "
    "Petugas mengungsikan warga dengan perahu karet ke gedung sekolah."
)
FLOOD_AGAIN = (
    "Hujan tiga hari membuat lembah sungai banjir. Petugas dengan perahu karet "
    "menjemput warga, ratusan rumah terendam, gedung sekolah penuh."
)
MARKET = (
    "Harga cabai di pasar induk turun karena panen raya di dataran tinggi. "
    "Pedagang menjual lebih murah daripada bulan lalu."
)


def article(ident: str, text: str, *, days: float | None = 0) -> Article:
    return Article(
        id=ident,
        revision="r",
        url=f"file:s/{ident}",
        source="s",
        outlet=ident,
        text=text,
        language="id",
        fetched=START,
        published=None if days is None else Published(START + timedelta(days=days)),
    )


def ids(found):
    return {story: [each.id for each in articles] for story, articles in found}


def test_a_story_goes_on_under_its_id():
    told = [(article("a", FLOOD), "flood0000000")]
    new = [article("b", FLOOD_AGAIN, days=1), article("c", MARKET, days=1)]
    found = continued(new, told, copies={})
    assert ids(found) == {"flood0000000": ["b"], story_id_of(new[1:]): ["c"]}


def test_only_new_articles_are_returned():
    told = [(article("a", FLOOD), "flood0000000")]
    assert continued([], told, copies={}) == ()


def test_it_goes_on_as_long_as_its_last_article_is_near():
    told = [(article(f"a{day}", FLOOD, days=day), "flood0000000") for day in (0, 3, 6)]
    near, far = article("b", FLOOD, days=9), article("c", FLOOD, days=11)
    assert ids(continued([near], told, copies={})) == {"flood0000000": ["b"]}
    assert list(ids(continued([far], told, copies={}))) == [story_id_of([far])]


def test_two_stories_that_were_told_are_not_joined():
    told = [
        (article("a", FLOOD), "one000000000"),
        (article("b", FLOOD_AGAIN), "two000000000"),
    ]
    found = continued([article("c", FLOOD, days=1)], told, copies={})
    assert ids(found) == {"one000000000": ["c"]}


def test_what_was_told_apart_from_a_story_stays_in_its_own():
    told = [
        (article("a", FLOOD), "one000000000"),
        (article("b", MARKET), "one000000000"),
    ]
    found = continued([article("c", MARKET, days=1)], told, copies={})
    assert ids(found) == {"one000000000": ["c"]}


def test_an_article_that_is_new_again_is_not_lost():
    again = article("a", FLOOD)
    found = continued([again], [(again, "one000000000")], copies={})
    assert [each.id for _, story in found for each in story] == ["a"]


POOL = [FLOOD, FLOOD_AGAIN, MARKET, MARKET + " " + FLOOD, "", "Kapal karam."]
MADE = st.tuples(st.sampled_from(POOL), st.none() | st.integers(0, 8))


@settings(deadline=None, max_examples=60)
@given(
    old=st.lists(st.tuples(MADE, st.sampled_from("xyz")), max_size=6),
    new=st.lists(MADE, max_size=6),
    random=st.randoms(use_true_random=False),
)
def test_each_new_article_once_whatever_the_order(old, new, random):
    told = [
        (article(f"o{at}", text, days=days), story)
        for at, ((text, days), story) in enumerate(old)
    ]
    articles = [article(f"n{at}", text, days=d) for at, (text, d) in enumerate(new)]
    found = continued(articles, told, copies={})
    assert sorted(each.id for _, story in found for each in story) == [
        each.id for each in articles
    ]
    assert len({ident for ident, _ in found}) == len(found)
    random.shuffle(told)
    random.shuffle(articles)
    assert continued(articles, told, copies={}) == found


@pytest.mark.parametrize("days", [None, 30])
def test_new_articles_alone_are_grouped_as_ever(days):
    pair = [article("a", FLOOD, days=days), article("b", FLOOD, days=days)]
    assert ids(continued(pair, (), copies={})) == {story_id_of(pair): ["a", "b"]}
