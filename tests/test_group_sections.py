from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from briefing.group import (
    arrange,
    candidate,
    in_full,
    judged,
    ranked,
    report,
    top_lines,
)
from briefing.model import (
    OTHER,
    Article,
    Published,
    Report,
    Section,
    Sentence,
    Story,
    Summary,
    Topic,
    TopicHit,
)
from briefing.text import story_id

START = datetime(2024, 9, 6, 8, tzinfo=UTC)
TOPICS = [
    Topic("talks", "Perundingan", any=("runding*^3",)),
    Topic("attacks", "Serangan", any=("serangan^3",)),
]


def article(ident: str, text: str, *, hours: float | None = 0) -> Article:
    return Article(
        id=ident,
        revision=f"r{ident}",
        url=f"https://contoh.example/{ident}",
        source="s",
        outlet="Contoh",
        text=text,
        language="id",
        fetched=START,
        title=f"Judul {ident}",
        link=f"https://contoh.example/{ident}",
        origin="Reuters",
        published=None if hours is None else Published(START + timedelta(hours=hours)),
        place="Bagdad",
        truncated=True,
    )


def summary(source: Article) -> Summary:
    whole = Sentence(source.id, 0, len(source.text), 0, source.text)
    return Summary(source.id, source.revision, "lead/1 words=66", (whole,))


def made(
    ident: str,
    *scores: tuple[str, float],
    outlets: tuple[str, ...] = ("A",),
    hours: float | None = 0,
    lines: tuple[str, ...] | None = None,
) -> Story:
    """Return a story with one report an outlet and one line a report."""
    reports = tuple(
        Report(
            article_id=f"{ident}{number}",
            revision="r",
            url="u",
            source="s",
            outlet=outlet,
            language="id",
            sentences=tuple(
                Sentence(f"{ident}{number}", 0, len(line), 0, line)
                for line in ((lines or (f"Kalimat {ident}.",) * len(outlets))[number],)
                if line
            ),
            recipe="lead/1 words=66",
            published=None
            if hours is None
            else Published(START + timedelta(hours=hours)),
        )
        for number, outlet in enumerate(outlets)
    )
    hits = tuple(TopicHit(slug, score, ("x",)) for slug, score in scores)
    return Story(ident, reports, hits)


def story(articles, summaries, topics, *, copies):
    """Return a story in full, without a summary of its own."""
    hits = {one.id: judged(one, topics, recipe="").hits for one in articles}
    bare = candidate(articles, topics, hits, copies=copies)
    return in_full(bare, articles, summaries)


def arranged(*stories: Story) -> tuple[Section, ...]:
    """Return sections in which all stories are told in full."""
    slugs = [topic.slug for topic in TOPICS]
    standings = ranked(stories, slugs, now=START, weights={}, novelty={})
    by_id = {each.id: each for each in stories}
    return arrange(standings, by_id, TOPICS, other_title="Lainnya")


def shown(sections: tuple[Section, ...]) -> dict[str, list[str]]:
    return {section.slug: [each.id for each in section.stories] for section in sections}


def test_a_report_is_the_article_without_its_text():
    source = article("a", "Serangan terjadi.")
    told = report(source, summary(source))
    shared = set(Report.__slots__) & set(Article.__slots__)
    assert {name: getattr(told, name) for name in shared} == {
        name: getattr(source, name) for name in shared
    }
    assert told.article_id == "a"
    assert told.sentences == summary(source).sentences
    assert told.recipe == "lead/1 words=66"


def test_a_story_is_named_after_its_earliest_article_and_keeps_the_order():
    articles = [
        article("c", "x", hours=2),
        article("b", "x", hours=1),
        article("a", "x", hours=None),
    ]
    told = story(
        articles, {each.id: summary(each) for each in articles}, TOPICS, copies={}
    )
    assert told.id == story_id("b")
    assert [each.article_id for each in told.reports] == ["c", "b", "a"]
    assert told.topics == ()


def test_a_story_has_the_best_score_of_its_articles_for_each_topic():
    articles = [
        article("a", "Serangan."),
        article("b", "Serangan, serangan, serangan."),
        article("d", "Serangan."),
        article("c", "Perundingan dan runding."),
    ]
    told = story(
        articles, {each.id: summary(each) for each in articles}, TOPICS, copies={}
    )
    scores = [(hit.slug, round(hit.score, 2)) for hit in told.topics]
    assert scores == [("attacks", 6.75), ("talks", 3.0)]


def test_each_story_stands_once_under_its_strongest_topic():
    sections = arranged(
        made("1", ("attacks", 3.0), ("talks", 2.0)),
        made("2"),
        made("3", ("unknown", 9.0), ("talks", 1.0)),
        made("4", ("unknown", 9.0)),
    )
    assert shown(sections) == {"talks": ["3"], "attacks": ["1"], OTHER: ["2", "4"]}
    assert [section.title for section in sections] == [
        "Perundingan",
        "Serangan",
        "Lainnya",
    ]


def test_empty_sections_stay():
    assert shown(arranged()) == {"talks": [], "attacks": [], OTHER: []}


def test_each_story_is_shown_as_its_standing_says():
    stories = {each.id: each for each in map(made, "123")}
    standings = ranked(list(stories.values()), (), now=START, weights={}, novelty={})
    counted, line, full = standings
    standings = (replace(counted, shape="counted"), replace(line, shape="line"), full)
    sections = arrange(standings, stories, TOPICS, other_title="Lainnya")
    assert sections[-1].stories == (stories["3"],)
    assert sections[-1].noted == (stories["2"],)


def reported(*origins: tuple[str, str | None, str | None]) -> Story:
    """Return a story of reports by outlet, agency and the number they are a copy of."""
    whole = made("1", outlets=tuple(outlet for outlet, _, _ in origins))
    reports = tuple(
        replace(each, origin=agency, copy_of=copied)
        for each, (_, agency, copied) in zip(whole.reports, origins, strict=True)
    )
    return replace(whole, reports=reports)


@pytest.mark.parametrize(
    ("reports", "outlets", "origins"),
    [
        ([("A", None, None)], "A", "A"),
        ([("A", None, None), ("B", None, None), ("a", None, None)], "A B", "A B"),
        ([("A", "Reuters", None), ("B", "REUTERS", None)], "A B", "Reuters"),
        ([("A", "Reuters", None), ("B", None, "10")], "A B", "Reuters"),
        ([("A", None, None), ("B", "AFP", "10")], "A B", "AFP"),
        ([("A", None, None), ("B", None, "10"), ("C", "AFP", None)], "A B C", "A AFP"),
    ],
    ids=["one", "case", "one agency", "copy", "a copy's agency", "several"],
)
def test_outlets_count_once_and_copies_for_their_origin(reports, outlets, origins):
    story = reported(*reports)
    assert " ".join(story.outlets) == outlets
    assert " ".join(story.origins) == origins


def lines(*stories: Story, limit: int = 4) -> list[str]:
    sections = arranged(*stories)
    return [sentence.text for sentence in top_lines(sections, limit=limit)]


def test_top_lines_take_turns_and_others_fill_what_is_left():
    talks = [made(f"t{n}", ("talks", 9.0 - n)) for n in range(3)]
    attacks = [made("a0", ("attacks", 1.0))]
    others = [made("o0"), made("o1")]
    expected = [
        "Kalimat t0.",
        "Kalimat a0.",
        "Kalimat t1.",
        "Kalimat t2.",
        "Kalimat o0.",
    ]
    assert lines(*others, *attacks, *talks) == expected[:4]
    assert lines(*others, *attacks, *talks, limit=5) == expected
    assert lines(*others) == ["Kalimat o0.", "Kalimat o1."]
    assert lines() == []


def test_top_lines_say_nothing_twice_and_pass_over_what_has_no_sentence():
    told = lines(
        made("1", ("talks", 9.0), lines=("",)),
        made(
            "2", ("talks", 8.0), outlets=("A", "B"), lines=("", "Dari laporan kedua.")
        ),
        made("3", ("attacks", 1.0), lines=("Dari  laporan kedua.",)),
    )
    assert told == ["Dari laporan kedua."]


def test_copies_do_not_raise_a_story_and_are_named_in_it():
    articles = [article(ident, f"Laporan tentang serangan {ident}.") for ident in "ab"]
    told = story(
        articles,
        {each.id: summary(each) for each in articles},
        TOPICS,
        copies={"b": "a"},
    )
    assert [each.copy_of for each in told.reports] == [None, "a"]
    many = made("1", ("attacks", 1.0), outlets=("A", "B", "C"))
    copied = replace(
        many,
        id="2",
        reports=tuple(
            replace(each, copy_of=many.reports[0].article_id if n else None)
            for n, each in enumerate(many.reports)
        ),
    )
    two = made("3", ("attacks", 1.0), outlets=("A", "B"))
    section = arranged(copied, two)[1]
    assert [each.id for each in section.stories] == [two.id, copied.id]
