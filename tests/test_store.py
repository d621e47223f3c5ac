"""What is kept comes back: visits, articles, summaries, editions, runs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from briefing.errors import StoreError
from briefing.model import (
    Article,
    Brief,
    Change,
    Correction,
    Document,
    Failure,
    Published,
    Run,
    SourceState,
    Summary,
)
from briefing.store import (
    Edition,
    EditionRow,
    Store,
    open_store,
)
from briefing.store.briefs import brief_from_json, brief_to_json
from briefing.text import digest
from tests.alter import alter
from tests.store_samples import (
    DAY,
    HOUR,
    NOON,
    RECIPE,
    articles_for,
    first_sentence,
    sample_article,
    sample_brief,
    sample_document,
    sample_report,
    sample_state,
    sample_summary,
)

NEXT = "2024-12-02"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefing.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as store:
        yield store


def keep(store: Store, *articles: Article) -> int:
    return store.keep([], articles, [], sample_state())


def shown(
    store: Store, edition: str = DAY, *, until: datetime = NOON + HOUR
) -> list[str]:
    return [article.text for article in articles_for(store, edition, until=until)]


def last_document(store: Store, url: str) -> Document | None:
    found = [one for part in store.documents() for one in part if one.url == url]
    assert len(found) <= 1
    return found[0] if found else None


def hash_of(brief: Brief) -> str:
    return digest(brief_to_json(brief))


# Visits


def test_a_visit_is_kept_with_its_state(store: Store) -> None:
    document, article = sample_document(), sample_article()
    state = sample_state(etag='W/"a"', last_modified="Sun", answered=NOON, failures=2)
    summary = sample_summary(article)
    assert store.keep([document], [article], [summary], state) == 1
    assert last_document(store, document.url) == document
    assert store.article(article.id, article.revision) == article
    key = (article.id, article.revision)
    assert store.summaries([key], RECIPE) == {key: summary}
    assert store.source_state("contoh") == state
    assert store.source_states() == (state,)


def test_the_same_visit_twice_adds_nothing(store: Store, path: Path) -> None:
    article = sample_article()
    visit = ([sample_document()], [article], [sample_summary(article)])
    assert store.keep(*visit, sample_state()) == 1
    assert store.keep(*visit, sample_state(checked=NOON + HOUR)) == 0
    later = replace(article, fetched=NOON + HOUR)
    assert store.keep([], [later], [], sample_state(checked=NOON + HOUR)) == 0
    assert articles_for(store, DAY, until=NOON + 2 * HOUR) == (article,)
    assert store.source_state("contoh").checked == NOON + HOUR
    for table in ("documents", "articles", "summaries", "source_states"):
        assert alter(path, f"SELECT count(*) FROM {table}") == [(1,)]


def test_a_document_is_known_by_address_and_bytes(store: Store) -> None:
    document = sample_document(body=b"satu")
    store.keep([document], [], [], sample_state())
    assert store.knows_url(document.url)
    assert not store.knows_url(document.url + "x")
    assert store.digests([document.url]) == {document.url: digest(b"satu")}
    assert last_document(store, "https://contoh.test/none") is None


def test_every_version_of_a_document_is_kept_the_last_one_is_shown(
    store: Store,
) -> None:
    old = sample_document(body=b"satu")
    new = replace(old, body=b"dua", fetched=NOON + HOUR)
    store.keep([new, old], [], [], sample_state())
    assert last_document(store, old.url) == new
    assert store.digests([old.url]) == {old.url: digest(b"dua")}


def test_a_document_that_becomes_what_it_was_is_the_last_one_again(
    store: Store,
) -> None:
    first = sample_document(body=b"satu")
    between = replace(first, body=b"dua", fetched=NOON + HOUR)
    again = replace(first, fetched=NOON + 2 * HOUR)
    for one in (first, between, again):
        store.keep([one], [], [], sample_state())
    assert last_document(store, first.url) == again
    assert store.digests([first.url]) == {first.url: digest(b"satu")}


def test_an_article_that_becomes_what_it_was_is_shown_so(store: Store) -> None:
    for hours, text in enumerate(["Satu.", "Dua.", "Satu."]):
        keep(store, sample_article(text=text, fetched=NOON + hours * HOUR))
    assert shown(store, until=NOON + 3 * HOUR) == ["Satu."]


def test_what_is_whole_is_never_replaced_by_a_part_of_it(store: Store) -> None:
    part = sample_article(text="Ringkas.", truncated=True)
    whole = sample_article(text="Semua.", fetched=NOON + HOUR)
    later = replace(part, fetched=NOON + 2 * HOUR)
    for one, expected in ((part, "Ringkas."), (whole, "Semua."), (later, "Semua.")):
        keep(store, one)
        assert shown(store, until=NOON + 3 * HOUR) == [expected]
        assert list(store.texts([one.id]).values()) == [expected]


def test_a_source_that_was_never_visited(store: Store) -> None:
    assert store.source_state("baru") == SourceState("baru")
    assert store.source_states() == ()


def test_nothing_of_a_visit_is_kept_if_a_part_cannot_be(store: Store) -> None:
    stray = sample_summary(sample_article(9))
    with pytest.raises(StoreError):
        store.keep([sample_document()], [sample_article()], [stray], sample_state())
    assert not store.knows_url(sample_document().url)
    assert articles_for(store, DAY, until=NOON + HOUR) == ()
    assert store.source_states() == ()


def test_half_of_a_surrogate_pair_is_refused_plainly(store: Store) -> None:
    with pytest.raises(StoreError, match="valid Unicode"):
        keep(store, sample_article(title="\ud83d"))
    with pytest.raises(StoreError, match="valid Unicode"):
        store.save_edition(sample_brief([sample_article(text="\ud83d.")]), frozen=False)
    assert shown(store) == []


def test_times_must_have_a_zone(store: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        keep(store, sample_article(fetched=NOON.replace(tzinfo=None)))


@pytest.mark.parametrize(
    "published",
    [
        None,
        Published(NOON),
        Published(NOON.replace(microsecond=7), day_only=True),
        Published(datetime(1, 1, 1, tzinfo=UTC), inferred=True),
        Published(NOON.astimezone(timezone(7 * HOUR)), day_only=True, inferred=True),
    ],
)
def test_an_article_comes_back_as_it_was(
    store: Store, published: Published | None
) -> None:
    article = sample_article(
        text="Baris satu.\n\nBaris \t dua 🌧.",
        title="'; DROP TABLE articles; --",
        link="https://contoh.test/0",
        origin="Antara",
        place="Depok",
        published=published,
        truncated=True,
    )
    keep(store, article)
    (kept,) = articles_for(store, DAY, until=NOON + HOUR)
    assert kept == article
    assert kept.fetched.tzinfo is UTC
    assert kept.published is None or kept.published.moment.tzinfo is UTC


# Which articles belong to an edition


def test_articles_come_by_id_however_they_arrived(store: Store) -> None:
    articles = [sample_article(number) for number in range(20)]
    keep(store, *articles)
    ids = [article.id for article in articles_for(store, DAY, until=NOON + HOUR)]
    assert ids == sorted(article.id for article in articles)


def test_what_arrives_at_the_moment_of_the_build_belongs_to_it(store: Store) -> None:
    keep(store, sample_article())
    assert shown(store, until=NOON - timedelta(microseconds=1)) == []
    assert len(shown(store, until=NOON)) == 1


def test_the_window_ends_at_a_moment_in_any_zone(store: Store) -> None:
    keep(store, sample_article(fetched=NOON))
    jakarta = (NOON + HOUR).astimezone(timezone(7 * HOUR))
    assert len(shown(store, until=jakarta)) == 1
    assert len(shown(store, until=NOON.astimezone(timezone(-5 * HOUR)))) == 1
    assert shown(store, until=(NOON - HOUR).astimezone(timezone(7 * HOUR))) == []


def test_the_latest_revision_until_the_end_is_shown(store: Store) -> None:
    for hours, text in enumerate(["Versi satu.", "Versi dua.", "Versi tiga."]):
        keep(store, sample_article(text=text, fetched=NOON + hours * HOUR))
    assert shown(store, until=NOON + HOUR) == ["Versi dua."]
    assert shown(store, until=NOON + 9 * HOUR) == ["Versi tiga."]
    first = sample_article(text="Versi satu.")
    assert store.article(first.id, first.revision) == first
    assert store.article(first.id, "0" * 12) is None


def test_a_new_revision_is_not_a_new_article(store: Store) -> None:
    assert keep(store, sample_article(), sample_article(1)) == 2
    assert keep(store, sample_article(text="Versi dua."), sample_article(2)) == 1


def test_of_two_revisions_of_one_moment_the_one_that_came_last_is_shown(
    tmp_path: Path,
) -> None:
    articles = [sample_article(text="Satu."), sample_article(text="Dua.")]
    for order in (articles, articles[::-1]):
        with open_store(tmp_path / f"{order[0].revision}.db") as store:
            keep(store, *order)
            assert shown(store) == [order[-1].text]


def test_an_article_belongs_to_one_edition(store: Store) -> None:
    keep(store, sample_article(0), sample_article(1))
    store.save_edition(sample_brief([sample_article(0)]), frozen=False)
    store.save_pages(DAY, {"a.html": "0" * 64})
    one, two = sorted([sample_article(0), sample_article(1)], key=lambda a: a.id)
    end = NOON + HOUR
    assert articles_for(store, DAY, until=end) == (one, two)
    assert articles_for(store, NEXT, until=end) == (sample_article(1),)
    assert articles_for(store, NEXT, until=end, claims="none") == (one, two)


def test_a_draft_claims_its_articles_once_its_pages_are_written(store: Store) -> None:
    keep(store, sample_article())
    store.save_edition(sample_brief([sample_article()]), frozen=False)
    end = NOON + HOUR
    assert len(articles_for(store, NEXT, until=end)) == 1
    assert store.shown_before(NEXT, None, end) == 0
    store.save_pages(DAY, {"a.html": "0" * 64})
    assert articles_for(store, NEXT, until=end) == ()
    assert store.shown_before(NEXT, None, end) == 1
    assert len(articles_for(store, NEXT, until=end, claims="frozen")) == 1
    store.freeze(DAY)
    assert articles_for(store, NEXT, until=end, claims="frozen") == ()


def test_a_draft_that_is_built_again_gives_its_articles_back(store: Store) -> None:
    keep(store, sample_article(0), sample_article(1))
    store.save_edition(sample_brief([sample_article(0)]), frozen=False)
    store.save_edition(sample_brief([sample_article(1)]), frozen=False)
    store.save_pages(DAY, {"a.html": "0" * 64})
    assert articles_for(store, NEXT, until=NOON + HOUR) == (sample_article(0),)


def test_an_article_is_in_one_frozen_edition(store: Store) -> None:
    """The daily run takes what a draft has shown; the draft cannot be published then."""
    keep(store, sample_article())
    for day in (DAY, NEXT):
        store.save_edition(sample_brief([sample_article()], day=day), frozen=False)
    store.freeze(NEXT)
    with pytest.raises(StoreError, match="in 2024-12-02, which is published"):
        store.freeze(DAY)
    with pytest.raises(StoreError, match="build it again"):
        store.save_edition(sample_brief([sample_article()]), frozen=True)
    store.save_edition(sample_brief(), frozen=True)


def test_what_no_edition_told_is_found_whatever_was_told_after_it(store: Store) -> None:
    keep(store, *map(sample_article, range(4)))
    for day, told in ((DAY, (0, 2)), (NEXT, (3,))):
        articles = [sample_article(one) for one in told]
        store.save_edition(sample_brief(articles, day=day), frozen=True)
        found = articles_for(store, "2024-12-03", until=NOON + HOUR)
        assert set(found) == {sample_article(1), sample_article(3)} - set(articles)


def test_a_published_edition_keeps_its_own_articles(store: Store) -> None:
    keep(store, sample_article())
    store.save_edition(sample_brief([sample_article()]), frozen=True)
    assert articles_for(store, DAY, until=NOON + HOUR) == (sample_article(),)
    assert articles_for(store, NEXT, until=NOON + HOUR) == ()
    assert articles_for(store, f"petang-{NEXT}", until=NOON + HOUR) != ()


def test_what_is_edited_after_it_was_told_is_not_told_again(store: Store) -> None:
    keep(store, sample_article())
    store.save_edition(sample_brief([sample_article()]), frozen=True)
    keep(store, sample_article(text="Versi dua."))
    assert articles_for(store, NEXT, until=NOON + HOUR) == ()
    assert len(articles_for(store, NEXT, until=NOON + HOUR, claims="none")) == 1


def test_what_editions_told_is_kept_with_its_stories(store: Store) -> None:
    one = sample_article()
    keep(store, one)
    store.save_edition(sample_brief([one]), frozen=False)
    assert store.told_before(NEXT, most=9) == ()
    store.save_pages(DAY, {"a.html": "0" * 64})
    ((told, story),) = store.told_before(NEXT, most=9)
    assert (told.id, told.title, story) == (one.id, one.title, one.id[:12])
    assert store.told_before(NEXT, most=0) == ()
    assert store.told_before(DAY, most=9) == ()
    assert store.told_before(NEXT, most=9, claims="frozen") == ()


def test_the_edition_before_is_one_that_claims_its_articles(store: Store) -> None:
    for day in (DAY, NEXT):
        store.save_edition(sample_brief(day=day), frozen=False)
    third = "2024-12-03"
    assert store.last_edition_before(third) is None
    store.save_pages(NEXT, {"a.html": "0" * 64})
    store.freeze(DAY)
    dates = [
        found and found.key
        for found in (
            store.last_edition_before(third, claims="pages"),
            store.last_edition_before(third, claims="frozen"),
            store.last_edition_before(third, claims="none"),
        )
    ]
    assert dates == [NEXT, DAY, None]


# Summaries


def test_summaries_of_another_recipe_or_revision_are_not_meant(store: Store) -> None:
    old, new = sample_article(text="Satu."), sample_article(text="Dua.")
    keep(store, old, new)
    store.add_summaries([sample_summary(old), sample_summary(new)])
    store.add_summaries([sample_summary(old), sample_summary(old, recipe="lsa/1")])
    key = (old.id, old.revision)
    assert store.summaries([key], RECIPE) == {key: sample_summary(old)}
    assert store.summaries([key], "luhn/1") == {}
    assert store.summaries([], RECIPE) == {}


def test_thousands_of_summaries_at_once(store: Store) -> None:
    articles = [sample_article(number) for number in range(1_200)]
    summaries = [sample_summary(article) for article in articles]
    assert store.keep([], articles, summaries, sample_state()) == 1_200
    keys = [(article.id, article.revision) for article in articles]
    assert store.summaries(keys, RECIPE) == dict(zip(keys, summaries, strict=True))


def test_a_summary_without_sentences(store: Store) -> None:
    article = sample_article()
    keep(store, article)
    empty = Summary(article.id, article.revision, RECIPE, ())
    store.add_summaries([empty])
    key = (article.id, article.revision)
    assert store.summaries([key], RECIPE) == {key: empty}


# Editions


def test_an_edition_comes_back_as_it_was(store: Store) -> None:
    brief = sample_brief([sample_article(0), sample_article(1)])
    store.save_edition(brief, frozen=False)
    assert store.edition(DAY) == Edition(brief, False, hash_of(brief))
    assert store.editions() == (EditionRow(DAY, "", date(2024, 12, 1), False, NOON, 2),)
    assert store.edition(NEXT) is None


def test_editions_by_date(store: Store) -> None:
    assert store.latest_edition() is None
    for day in (NEXT, DAY, "2023-12-31"):
        store.save_edition(sample_brief(day=day), frozen=day == DAY)
    dates = [(row.key, row.frozen) for row in store.editions()]
    assert dates == [(NEXT, False), (DAY, True), ("2023-12-31", False)]
    latest, earlier = store.latest_edition(), store.last_edition_before(NEXT)
    assert latest is not None
    assert latest.brief.key == NEXT
    assert earlier is not None
    assert earlier.key == DAY
    assert store.last_edition_before("2023-12-31") is None


def test_a_frozen_edition_cannot_be_replaced(store: Store) -> None:
    brief = sample_brief([sample_article()])
    store.save_edition(brief, frozen=False)
    store.save_edition(replace(brief, title="Cuaca baru"), frozen=False)
    store.save_edition(brief, frozen=True)
    store.save_edition(brief, frozen=False)
    with pytest.raises(StoreError, match="2024-12-01 is published"):
        store.save_edition(replace(brief, title="Cuaca lain"), frozen=True)
    assert store.edition(DAY) == Edition(brief, True, hash_of(brief))


def test_freezing(store: Store) -> None:
    brief = sample_brief()
    with pytest.raises(StoreError, match="no edition 2024-12-01"):
        store.freeze(DAY)
    store.save_edition(brief, frozen=False)
    store.save_pages(DAY, {"a.html": "0" * 64})
    store.freeze(DAY)
    store.freeze(DAY)
    assert store.edition(DAY) == Edition(brief, True, hash_of(brief))
    assert store.pages(DAY) == {"a.html": "0" * 64}


def test_pages_and_mails_of_a_brief_that_is_no_longer_kept_are_refused(
    store: Store,
) -> None:
    """As where a program lost its turn, and another one built the edition anew."""
    old = sample_brief()
    store.save_edition(old, frozen=False)
    store.save_pages(DAY, {"a.html": "0" * 64}, of=old)
    new = replace(old, title="Cuaca lain")
    store.save_edition(new, frozen=False)
    with pytest.raises(StoreError, match="built anew meanwhile"):
        store.save_pages(DAY, {"a.html": "0" * 64}, of=old)
    with pytest.raises(StoreError, match="built anew meanwhile"):
        store.freeze(DAY, of=old)
    assert store.pages(DAY) == {}
    assert [row.frozen for row in store.editions()] == [False]
    store.freeze(DAY, of=new)


def test_saving_the_same_brief_can_freeze_it(store: Store) -> None:
    store.save_edition(sample_brief(), frozen=False)
    store.save_edition(sample_brief(), frozen=True)
    assert [row.frozen for row in store.editions()] == [True]


def test_pages_go_with_the_brief_that_they_show(store: Store) -> None:
    brief = sample_brief()
    with pytest.raises(StoreError, match="no edition"):
        store.save_pages(DAY, {})
    store.save_edition(brief, frozen=False)
    store.save_pages(DAY, {"b.md": "1" * 64, "a.html": "2" * 64})
    store.save_edition(brief, frozen=False)
    assert list(store.pages(DAY)) == ["a.html", "b.md"]
    store.save_pages(DAY, {"a.html": "3" * 64})
    assert store.pages(DAY) == {"a.html": "3" * 64}
    store.save_pages(DAY, {})
    assert store.pages(DAY) == {}
    store.save_pages(DAY, {"a.html": "3" * 64})
    store.save_edition(replace(brief, title="Cuaca baru"), frozen=False)
    assert store.pages(DAY) == {}


def corrected(brief: Brief, article: Article, edition: str) -> Brief:
    """Return `brief` with a correction of what `edition` showed of `article`."""
    before, first = sample_report(article), first_sentence(article)
    told = Correction(edition, before, before, NOON, (Change(first, None),))
    return replace(brief, corrections=(told,))


def test_corrections_of_the_editions_between_two(store: Store, path: Path) -> None:
    article, days = sample_article(), [f"2024-12-{day:02}" for day in range(1, 8)]
    quiet = '"corrections":[]'  # as it stands in a brief without any
    briefs = {day: corrected(sample_brief(day=day), article, DAY) for day in days}
    briefs[days[2]] = sample_brief(day=days[2])
    briefs[days[3]] = replace(briefs[days[3]], title=f"Kata {quiet}, 100%_")
    other = replace(briefs[days[4]], edition=f"sore-{days[4]}")
    for brief in (*briefs.values(), other):
        store.save_edition(brief, frozen=False)
    told = [days[1], days[3], days[4], days[5]]
    expected = tuple(each for day in told for each in briefs[day].corrections)
    assert store.corrections_between(days[0], days[6]) == expected
    assert store.corrections_between(days[1], days[3]) == ()
    between = store.corrections_between("sore-2024-12-01", "sore-2024-12-06")
    assert between == other.corrections
    # An edition from before there were corrections.
    plain = "UPDATE editions SET brief = replace(brief, :quiet, '')"
    alter(path, plain, quiet=f",{quiet}")
    assert store.corrections_between(days[0], days[6]) == expected


def test_an_altered_edition_does_not_have_its_hash(store: Store, path: Path) -> None:
    store.save_edition(sample_brief([sample_article()]), frozen=True)
    alter(path, "UPDATE editions SET brief = replace(brief, 'Depok', 'Bogor')")
    kept = store.edition(DAY)
    assert kept is not None
    assert hash_of(kept.brief) != kept.sha256


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("UPDATE editions SET brief = '{}'", lambda store: store.edition(DAY)),
        ("UPDATE editions SET brief = '{'", lambda store: store.edition(DAY)),
        ("UPDATE runs SET failures = '['", lambda store: store.last_run("collect")),
        ("UPDATE documents SET body = :body", lambda store: list(store.documents())),
    ],
)
def test_damaged_content_is_told_plainly(
    store: Store, path: Path, change, read
) -> None:
    store.keep([sample_document()], [], [], sample_state())
    store.save_edition(sample_brief(), frozen=True)
    store.start_run("collect", NOON)
    alter(path, change, body=b"\0")
    with pytest.raises(StoreError, match="damaged"):
        read(store)


# Runs


def test_a_run_that_crashed_is_still_running(store: Store) -> None:
    store.start_run("collect", NOON)
    assert store.last_run("collect") == Run("collect", NOON)
    assert store.run_counts() == {("collect", "running"): 1}


def test_a_run_ends(store: Store) -> None:
    first = store.start_run("collect", NOON)
    second = store.start_run("collect", NOON)
    ended = Run(
        "collect",
        NOON,
        NOON + HOUR,
        "partial",
        (("sources", 2), ("answered", 1)),
        (Failure("gather", "contoh", "http-status", "503"),),
    )
    store.finish_run(first, ended)
    assert store.last_run("collect") == Run("collect", NOON)
    assert store.last_run("collect", done=True) is None
    assert store.runs_between("collect", None, NOON + HOUR) == (
        Run("collect", NOON),
        ended,
    )
    assert store.run_counts() == {("collect", "running"): 1, ("collect", "partial"): 1}
    assert first != second
    with pytest.raises(StoreError, match="no run number 99"):
        store.finish_run(99, ended)


def test_runs_and_failures_of_a_window(store: Store) -> None:
    lasting, passing = (Failure("gather", one, "timeout") for one in ("a", "b"))
    for hours, failures in enumerate([(lasting,), (lasting, passing), (passing,)]):
        moment = NOON + hours * HOUR
        run = Run("collect", moment, moment, "partial", (), failures)
        store.finish_run(store.start_run("collect", run.started), run)
    end = NOON + 2 * HOUR
    between = store.runs_between("collect", NOON, end)
    assert [run.started for run in between] == [NOON + HOUR, end]
    assert store.failures_between(None, NOON + HOUR) == (lasting, passing)
    assert store.failures_between(NOON + HOUR, end) == (passing,)
    assert store.failures_between(None, NOON) == (lasting,)
    assert store.failures_between(None, NOON - HOUR) == ()


def test_a_source_that_has_answered_since_has_not_failed(store: Store) -> None:
    failures = (
        Failure("gather", "contoh", "timeout"),
        Failure("gather", "contoh", "moved"),
        Failure("gather", "lain", "timeout"),
        Failure("gather", sample_document().url, "http-status", "503"),
    )
    run = Run("collect", NOON, NOON, "partial", (), failures)
    store.finish_run(store.start_run("collect", run.started), run)
    assert store.failures_between(None, NOON) == failures
    later = NOON + HOUR
    state = replace(sample_state(), checked=later, answered=later)
    store.keep([replace(sample_document(), fetched=later)], [], [], state)
    assert store.failures_between(None, NOON) == failures[1:3]


def test_runs_of_a_window_whenever_the_clock_was_set_back(store: Store) -> None:
    """One that ended before it began counts by its end, and one without by its beginning."""
    spans = [(3, 1), (1, None), (0, 3), (2, 2), (1, 0), (2, None)]
    for start, end in spans:
        begun = NOON + start * HOUR
        ended = None if end is None else NOON + end * HOUR
        store.finish_run(
            store.start_run("collect", begun), Run("collect", begun, ended)
        )
        store.start_run("forget", begun)
    between = store.runs_between("collect", NOON, NOON + 2 * HOUR)
    hours = [((run.finished or run.started) - NOON) / HOUR for run in between]
    assert hours == [1, 1, 2, 2]
    assert [run.finished is None for run in between] == [False, True, False, True]
    assert len(store.runs_between("collect", None, NOON + 3 * HOUR)) == len(spans)


def test_a_run_belongs_to_the_window_in_which_it_ended(store: Store) -> None:
    """What it met while an edition was built is told in the next."""
    late = (Failure("gather", "a", "timeout"),)
    number = store.start_run("collect", NOON - HOUR)
    assert store.runs_between("collect", None, NOON) == (Run("collect", NOON - HOUR),)
    ended = Run("collect", NOON - HOUR, NOON + HOUR, "partial", (), late)
    store.finish_run(number, ended)
    assert store.failures_between(None, NOON) == ()
    assert store.failures_between(NOON, NOON + HOUR) == late


# Threads


def test_many_threads_may_read_while_one_writes(store: Store) -> None:
    keep(store, sample_article())

    def look(number: int) -> bool:
        store.source_state("contoh")
        return store.knows_url(f"https://contoh.test/{number}")

    with ThreadPoolExecutor(8) as pool:
        found = pool.map(look, range(200))
        for number in range(20):
            store.keep([sample_document(1_000 + number)], [], [], sample_state())
        assert not any(found)


# Properties

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(7 * HOUR)]))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), texts), max_size=6), texts)
def test_keeping_twice_is_keeping_once(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, str]], title: str
) -> None:
    articles = [
        sample_article(number, text=text, title=title) for number, text in drawn
    ]
    visit = (
        [sample_document(number, body=text.encode()) for number, text in drawn],
        articles,
        [sample_summary(article) for article in articles],
    )
    with open_store(tmp_path_factory.mktemp("store") / "a.db") as store:
        assert store.keep(*visit, sample_state()) == len({a.id for a in articles})
        before = articles_for(store, DAY, until=NOON + HOUR)
        assert store.keep(*visit, sample_state()) == 0
        assert articles_for(store, DAY, until=NOON + HOUR) == before
        assert all(
            store.article(article.id, article.revision) == article
            for article in articles
        )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(texts.filter(bool), max_size=3),
    st.floats(allow_nan=False, allow_infinity=False),
    moments,
    texts,
)
def test_a_brief_survives_its_json(
    drawn: list[str], score: float, until: datetime, detail: str
) -> None:
    articles = [sample_article(n, text=text) for n, text in enumerate(drawn)]
    brief = sample_brief(articles, until=until.astimezone(UTC))
    brief = replace(brief, failures=(Failure("clean", detail, "no-text", detail),))
    sections = [
        replace(
            section,
            stories=tuple(
                replace(one, topics=tuple(replace(t, score=score) for t in one.topics))
                for one in section.stories
            ),
        )
        for section in brief.sections
    ]
    brief = replace(brief, sections=tuple(sections))
    text = brief_to_json(brief)
    back = brief_from_json(text)
    assert back == brief
    assert brief_to_json(back) == text
    assert back.window.until.utcoffset() == timedelta(0)


def test_what_earlier_editions_showed_comes_oldest_first(store: Store) -> None:
    days = [f"2024-12-0{day}" for day in (1, 2, 3, 4)]
    articles = [sample_article(number) for number in range(4)]
    for day, article in zip(days, articles, strict=True):
        store.save_edition(sample_brief([article], day=day), frozen=True)
    first = sample_brief([articles[0]]).sections[0].stories[0].id

    def dates(**asked) -> list[int]:
        given = {
            "since": date(2024, 12, 2),
            "stories": (),
            "most": 9,
            "claims": "frozen",
        }
        return [
            one.date.day for one in store.shown_since(days[3], **{**given, **asked})
        ]

    assert dates() == [2, 3]
    assert dates(stories=[first]) == [1, 2, 3]
    assert dates(stories=[first], most=2) == [2, 3]
    assert dates(claims="none") == []
