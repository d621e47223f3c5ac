from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.group import check_term, check_topic, topic_hits
from briefing.group.examples import ENOUGH
from briefing.group.matching import Matcher
from briefing.group.terms import Pattern, Term, parse_term
from briefing.model import Topic
from briefing.text import fold, words

CASES = tomllib.loads(
    (Path(__file__).parent / "cases/group/topics.toml").read_text(encoding="utf-8")
)["case"]


FOLDER = Path(__file__).parent.parent
REAL = FOLDER.parent / "shared/seeds"
STARTER = tuple(
    Topic(
        slug=table["slug"],
        title=table["title"],
        any=tuple(table["any"]),
        need=tuple(map(tuple, table["need"])),
        exclude=tuple(table["not"]),
        min_score=table["min_score"],
    )
    for table in tomllib.loads(
        (FOLDER / "seeds/briefing.toml").read_text(encoding="utf-8")
    )["topic"]
)
HEADLINES = [
    (title, case["topic"])
    for case in tomllib.loads(
        (FOLDER / "tests/cases/group/starter.toml").read_text(encoding="utf-8")
    )["case"]
    for title in case["titles"]
]


def topic(slug: str, *terms: str, min_score: float = 0.0) -> Topic:
    return Topic(slug=slug, title=slug, any=terms, min_score=min_score)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_rules(case):
    rules = Topic(
        slug="t",
        title="T",
        any=tuple(case["any"]),
        need=tuple(tuple(terms) for terms in case.get("need", ())),
        exclude=tuple(case.get("exclude", ())),
        min_score=case.get("min_score", 0.1),
    )
    hits = topic_hits(
        case.get("title"), case["text"], [rules], language=case.get("language", "und")
    )
    found = [(hit.slug, round(hit.score, 2), list(hit.terms)) for hit in hits]
    assert found == ([("t", case["score"], case["terms"])] if "score" in case else [])


def test_the_strongest_topic_comes_first_and_ties_keep_the_configured_order():
    topics = [topic("a", "roket"), topic("b", "bom"), topic("c", "roket^2")]
    hits = topic_hits(None, "Roket dan bom.", topics)
    assert [hit.slug for hit in hits] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        ("", "holds no word"),
        ("  ", "holds no word"),
        ("!?", "holds no word"),
        ("^3", "holds no word"),
        ("*", "needs letters beside it"),
        ("serang *", "needs letters beside it"),
        ("-*", "needs letters beside it"),
        ("=", "needs letters beside it"),
        ("=serang*", "either = or \\*"),
        ("se=rang", "= begin it"),
        ("se*rang", "may only begin or end a word"),
        ("serang**", "may only begin or end a word"),
        ("serang^", "the weight after \\^ must be a number above 0"),
        ("serang^0", "the weight"),
        ("serang^-1", "the weight"),
        ("serang^foo", "the weight"),
        ("serang^2^3", "the weight"),
        ("serang^nan", "the weight"),
        ("serang^inf", "the weight"),
        ("serang^2 roket", "the weight"),
    ],
)
def test_ill_formed_terms_are_refused_with_a_reason(term, reason):
    with pytest.raises(ValueError, match=reason) as error:
        check_term(term)
    assert repr(term) in str(error.value)


def test_an_ill_formed_term_in_a_topic_is_refused():
    with pytest.raises(ValueError, match="holds no word"):
        topic_hits(None, "teks", [topic("t", "serang", "")])


@pytest.mark.parametrize(
    "term", ["serang", "tarik* pasukan^3", "*narik*^0.5", "a ^ 2", "Ain al-Asad"]
)
def test_well_formed_terms_pass(term):
    check_term(term)


@pytest.mark.parametrize(("title", "slug"), HEADLINES)
def test_the_starter_puts_headlines_where_an_editor_would(title, slug):
    hits = topic_hits(title, "", STARTER, language="id")
    assert [hit.slug for hit in hits] == ([slug] if slug else [])


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        (1, "penarikan-pasukan"),
        (2, "serangan"),
        (3, "penarikan-pasukan"),
        (4, "penarikan-pasukan"),
    ],
)
def test_the_starter_tells_the_real_articles_apart(number, slug):
    found = list(REAL.glob(f"{number:03}_*.txt"))
    if not found:
        pytest.skip("needs the real articles in ../shared/seeds")
    text = found[0].read_text(encoding="utf-8")
    hits = topic_hits(None, text, STARTER, language="id")
    assert hits[0].slug == slug


@pytest.mark.parametrize("rules", STARTER, ids=lambda rules: rules.slug)
def test_the_starter_has_topics_that_can_be_reached(rules):
    check_topic(rules)


@pytest.mark.parametrize(
    ("terms", "min_score", "weights"),
    [(("bom", "roket"), 18.0, "18"), (("bom^1.5",), 13.5, "13.5"), ((), 0.0, "0")],
)
def test_a_topic_that_nothing_can_reach_is_refused(terms, min_score, weights):
    rules = topic("t", *terms, min_score=min_score)
    assert topic_hits("Bom roket", "bom roket " * 999, [rules]) == ()
    with pytest.raises(ValueError, match=f"'t' can never score.* which is {weights}$"):
        check_topic(rules)


def test_a_topic_that_is_hard_to_reach_passes():
    rules = topic("t", "bom", "roket", min_score=17.5)
    check_topic(rules)
    assert topic_hits("Bom roket", "bom roket " * 999, [rules])


def test_an_ill_formed_term_is_refused_before_the_score_is_looked_at():
    with pytest.raises(ValueError, match="holds no word"):
        check_topic(topic("t", "bom^9", "!"))


def test_a_term_keeps_its_wording_without_the_weight():
    term = parse_term(" Tarik*   pasukan^3")
    assert (term.text, term.weight, len(term.patterns)) == ("Tarik* pasukan", 3.0, 2)


def test_huge_texts_are_searched_in_time():
    topics = [topic("t", "a*", "*b*", "a b^2", "kata kata kata")]
    topic_hits("a" * 100_000, "a" * 1_000_000, topics)
    topic_hits(None, "kata " * 200_000, topics)
    topic_hits(None, "-" * 1_000_000, topics)


WORDS = st.lists(
    st.sampled_from(["roket", "bom", "kota", "damai", "uang"]), max_size=20
).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(text=WORDS, title=st.none() | WORDS, others=st.lists(WORDS, max_size=3))
def test_a_score_does_not_depend_on_other_articles_or_topics(text, title, others):
    topics = [topic("a", "roket^2", "bom"), topic("b", "damai")]
    alone = topic_hits(title, text, topics)
    for other in others:
        topic_hits(other, other, topics)
    assert topic_hits(title, text, topics) == alone
    single = [hit for each in topics for hit in topic_hits(title, text, [each])]
    assert sorted(alone, key=lambda hit: hit.slug) == single


@settings(deadline=None, max_examples=60)
@given(term=st.text(max_size=20), text=st.text(max_size=50))
def test_any_term_is_either_refused_or_usable(term, text):
    try:
        check_term(term)
    except ValueError:
        return
    topic_hits(text, text, [topic("t", term)])


@given(
    text=st.lists(st.text("ab", max_size=4), max_size=12).map(" ".join),
    word=st.text("ab", min_size=1, max_size=3),
    ends=st.tuples(st.booleans(), st.booleans()),
)
def test_a_wildcard_finds_the_words_it_matches(text, word, ends):
    pattern = Pattern(word, *ends)
    tokens = words(fold(text))
    meant = sum(pattern.matches(each, "und") for each in tokens)
    term = Term(word, 1.0, (pattern,))
    assert Matcher([term], "und").counts(tokens)[term] == meant


@given(
    st.lists(st.sampled_from(["a", "b", "ab", "ba"]), max_size=12),
    st.lists(
        st.sampled_from(["a", "b", "a b", "a*", "*b", "=a", "a b a", "b* a", "*a*"]),
        unique=True,
    ),
)
def test_many_terms_are_counted_as_one_by_one(tokens, written):
    terms = [parse_term(one) for one in written]
    together = Matcher(terms, "und").counts(tokens)
    for term in terms:
        spans = (
            tokens[at : at + len(term.patterns)]
            for at in range(len(tokens) - len(term.patterns) + 1)
        )
        alone = sum(
            all(
                pattern.matches(word, "und")
                for pattern, word in zip(term.patterns, span, strict=True)
            )
            for span in spans
        )
        assert together[term] == alone


GOATS = tuple(
    f"Kambing {word} di kandang desa"
    for word in ["satu", "dua", "tiga", "empat", "lima"]
)
BOATS = tuple(
    f"Perahu {word} di dermaga muara"
    for word in ["satu", "dua", "tiga", "empat", "lima"]
)


def taught(yes: tuple[str, ...] = ()) -> list[Topic]:
    """Return two topics with a term of their own, with examples of the first."""
    first = Topic("ternak", "Ternak", any=("ternak^3",), yes=yes)
    return [first, Topic("laut", "Laut", any=("laut^3",), yes=BOATS)]


def score(text: str, topics: list[Topic]) -> float:
    hits = topic_hits(None, text, topics, language="id")
    return {hit.slug: hit.score for hit in hits}.get("ternak", 0.0)


def test_examples_raise_what_is_like_them_and_lower_what_is_like_the_others():
    rules, learning = taught(), taught(yes=(*GOATS, "Ternak sehat"))
    for text, sign in [
        ("Ternak dan kambing di kandang.", 1),
        ("Ternak naik perahu dari dermaga.", -1),
        ("Ternak dihitung.", 1),
        ("Kambing di kandang.", 0),
    ]:
        change = score(text, learning) - score(text, rules)
        assert (change > 0) - (change < 0) == sign, text


def test_what_an_article_is_not_may_be_said_by_its_topic_alone():
    topics = [
        Topic(
            "ternak",
            "Ternak",
            any=("ternak^3",),
            yes=("Ternak sehat", *GOATS),
            no=BOATS,
        )
    ]
    assert score("Ternak di kandang", topics) > 3 > score("Ternak di dermaga", topics)


def test_few_examples_change_nothing():
    few = taught(yes=("Ternak sehat", *GOATS[: ENOUGH - 2]))
    for text in ("Ternak dan kambing di kandang.", "Ternak naik perahu."):
        assert score(text, few) == score(text, taught())


def test_an_example_that_is_an_article_is_learned_from_by_its_headline():
    headlines = taught(yes=("Ternak sehat", *GOATS))
    whole = taught(
        yes=tuple(f"{one}\n\nKata pejabat: perahu." for one in ("Ternak sehat", *GOATS))
    )
    text = "Ternak dan kambing di kandang."
    assert score(text, whole) == pytest.approx(score(text, headlines))
