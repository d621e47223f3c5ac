"""The whole way of the data. Joins the stages, decides nothing.

    collect   Source ─gather→ Document ─clean→ Article ─condense→ Summary ──→ store
    clean     store ─→ documents ─clean→ … as above, after a change of the rules
    build     store ─→ articles + summaries ─group→ Stories, Sections ──→ Brief
    publish   Brief ─render→ pages ─deliver→ folder;  mails ──→ outbox (briefing/mailing.py)

The command line and the scheduler call these and nothing else.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from briefing.clean import clean, told_apart
from briefing.condense import condense, condense_story
from briefing.deliver import Folder
from briefing.gather import gather, settled
from briefing.group import (
    RECIPE,
    Profile,
    arrange,
    as_shown,
    continued,
    copies,
    correction,
    profile_from,
    profiled,
    story,
    top_lines,
)
from briefing.mailing import mails_of
from briefing.model import (
    Article,
    Brief,
    Correction,
    Coverage,
    Document,
    Failure,
    Gathered,
    Heading,
    Profiled,
    Run,
    Story,
    Summary,
    Window,
)
from briefing.ports import Source
from briefing.record import Clock, Record, recorded
from briefing.render import render, words
from briefing.settings import Settings, SummarySettings
from briefing.text import digest
from briefing.workers import Loss, Workers

if TYPE_CHECKING:
    from briefing.store import Claims, Store

log = logging.getLogger(__name__)

TOLD: Final = 5_000
"""Articles of earlier editions that new ones are compared with: the newest."""

Progress = Callable[[str, int, int], None]
"""Is told what is counted (``sources``, ``articles``), how many are done, and of how many."""


Waiting = Callable[[str, datetime], None]
"""Is told the id of a source that was not asked, and when it is due."""


def _unwatched(what: str, done: int, total: int) -> None:
    """Show nothing."""


def _untold(source: str, due: datetime) -> None:
    """Tell nobody."""


def collect(
    settings: Settings,
    store: Store,
    sources: Sequence[Source],
    *,
    clock: Clock,
    force: bool = False,
    progress: Progress = _unwatched,
    waiting: Waiting = _untold,
) -> Run:
    """Visit `sources` and keep what is new; return what was done.

    Running it twice adds nothing. Each source's visit is kept at once and as a whole, that of
    a big folder part by part, so that a crash loses at most the part that was going on, which
    is then read again.

    Args:
        settings: language, zone and summary are used.
        store: where everything is kept.
        sources: the places to visit.
        clock: tells the time.
        force: also ask sources that are not due or are gone.
        progress: is told how far it is.
        waiting: is told of each source that is not due.

    Raises:
        StoreError: the store cannot be read or written.
    """
    now = clock()
    with recorded(store, "collect", clock) as record, Workers() as workers:
        record.counts.update(
            sources=len(sources), answered=0, documents=0, new=0, not_due=0
        )
        visits = gather(
            sources,
            state=store.source_state,
            known=store.knows_url,
            now=now,
            force=force,
        )
        done = 0
        for visit in visits:
            if visit.waits is not None:
                record.counts["not_due"] += 1
                waiting(visit.source, visit.waits)
            _keep(
                settings,
                store,
                visit,
                record=record,
                workers=workers,
                progress=progress,
            )
            done += visit.rest is None
            progress("sources", done, len(sources))
    return record.run


def _keep(
    settings: Settings,
    store: Store,
    visit: Gathered,
    *,
    record: Record,
    workers: Workers,
    progress: Progress,
) -> None:
    """Clean, condense and keep what a visit brought.

    What went wrong is written down first: the documents are known once they are kept, and
    nobody would look at them again.
    """
    kept = store.digests([one.url for one in visit.documents])
    waiting = {one.url for one in visit.state.pending}
    documents = [
        one
        for one in visit.documents
        if one.url in waiting or kept.get(one.url) != digest(one.body)
    ]
    cleaned, unclean = _cleaned(settings, documents, workers, progress)
    articles = told_apart(cleaned, kept=store.texts)
    summaries = _condensed(settings, articles, workers)
    profiles = _profiled(articles, workers)
    record.failures += [*visit.failures, *unclean]
    record.save()
    unread = {failure.subject: failure.reason for failure in unclean}
    marked = [replace(one, unread=unread.get(one.url)) for one in documents]
    # A document that did harm waits for better rules; any other may be better next time.
    hopeful = {url for url, why in unread.items() if why not in get_args(Loss)}
    state = settled(visit.state, documents, unread=hopeful, now=record.run.started)
    new = store.keep(marked, articles, summaries, state, profiles=profiles)
    answered = int(visit.answered and visit.rest is None)
    record.counts.update(answered=answered, documents=len(documents), new=new)


def clean_again(
    settings: Settings,
    store: Store,
    *,
    clock: Clock,
    progress: Progress = _unwatched,
) -> Run:
    """Clean all that is kept once more, as after a change of the noise rules.

    An article that comes out otherwise gets a new revision; one that an edition has shown
    stays that edition's, and is not shown again.

    Args:
        settings: language, zone, noise and summary are used.
        store: the documents, and where the articles are kept.
        clock: tells the time.
        progress: is told how far it is.

    Raises:
        StoreError: the store cannot be read or written.
    """
    with recorded(store, "clean", clock) as record, Workers() as workers:
        record.counts.update(documents=0, changed=0, new=0)
        total = store.count_documents()
        for documents in store.documents():
            cleaned, unclean = _cleaned(settings, documents, workers, _unwatched)
            articles = told_apart(cleaned, kept=store.texts)
            before = store.latest([one.id for one in articles])
            changed = [
                # Our own rules edited it, not its outlet: it came when it came.
                replace(one, fetched=old.fetched) if old else one
                for one in articles
                if (old := before.get(one.id)) is None or old.revision != one.revision
            ]
            summaries = _condensed(settings, changed, workers)
            new = store.revise(changed, summaries, _profiled(changed, workers))
            record.failures += unclean
            record.counts.update(
                documents=len(documents), changed=len(changed) - new, new=new
            )
            record.save()
            progress("documents", record.counts["documents"], total)
    return record.run


def build(
    settings: Settings,
    store: Store,
    *,
    edition: date,
    now: datetime,
    claims: Claims = "pages",
) -> Brief:
    """Return the brief of `edition` from what is kept, and keep it as a draft.

    The same store and the same `now` give the same brief. An edition that is frozen is
    returned as it is.

    Args:
        settings: title, language, zone, summary and topics are used.
        store: the articles, and where the brief is kept.
        edition: the edition's date in the reader's zone.
        now: the end of the window; articles that arrive later go to the next edition.
        claims: which other editions' articles are left out: those whose ``pages`` were
            written, those that are ``frozen``, or ``none``.

    Raises:
        StoreError: the store cannot be read or written.
    """
    kept = store.edition(edition)
    if kept is not None and kept.frozen:
        return kept.brief
    headings = store.headings_for(edition, until=now, claims=claims)
    earlier = store.last_edition_before(edition, claims=claims)
    window = Window(earlier.brief.window.until if earlier else None, now)
    repeats = store.shown_before(edition, window.since, now, claims=claims)
    told = store.told_before(edition, most=TOLD, claims=claims)
    brief = _brief(
        settings,
        store,
        headings,
        told,
        edition=edition,
        window=window,
        repeats=repeats,
    )
    brief = replace(brief, corrections=_corrections(store, brief, claims=claims))
    store.save_edition(brief, frozen=False)
    log.info("event=build edition=%s articles=%d", edition, len(headings))
    return brief


def _brief(
    settings: Settings,
    store: Store,
    headings: Sequence[Heading],
    told: Sequence[tuple[Heading, str]],
    *,
    edition: date,
    window: Window,
    repeats: int,
) -> Brief:
    """Group articles by story and topic, and add what the reader is told about it."""
    profiles = _profiles(store, [one for one, _ in told], shingles=False)
    profiles |= _profiles(store, headings, shingles=True)
    copied = copies(headings, profiles)
    groups = continued(headings, told, copies=copied, profiles=profiles)
    stories = _stories(settings, store, groups, copied)
    other = words(settings.language).gettext("Other")
    sections = arrange(stories, settings.topics, other_title=other)
    failures = store.failures_between(window.since, window.until)
    return Brief(
        title=settings.title,
        language=settings.language,
        zone=settings.zone,
        date=edition,
        window=window,
        top_lines=top_lines(sections),
        sections=sections,
        coverage=_coverage(
            store,
            window,
            articles=len(headings),
            left_out={"failed": len(failures), "earlier": repeats},
        ),
        failures=failures,
    )


def _stories(
    settings: Settings,
    store: Store,
    groups: Sequence[tuple[str, Sequence[Heading]]],
    copied: Mapping[str, str],
) -> list[Story]:
    """Return stories as the reader sees them; here, and not before, texts are read."""
    shown = [(one.id, one.revision) for _, group in groups for one in group]
    articles = {one.id: one for one in store.articles(shown)}
    summaries = _summaries(settings, store, list(articles.values()))
    reports = {ident: [articles[one.id] for one in group] for ident, group in groups}
    return [
        story(
            several,
            summaries,
            settings.topics,
            copies=copied,
            ident=ident,
            sentences=condense_story(
                [one for one in several if one.id not in copied], summaries
            ),
        )
        for ident, several in reports.items()
    ]


def _corrections(
    store: Store, brief: Brief, *, claims: Claims
) -> tuple[Correction, ...]:
    """Return what articles of earlier editions no longer say, since the last of these."""
    since = brief.window.since
    if since is None:
        return ()
    edited = store.revised(brief.date, since, brief.window.until, claims=claims)
    shown = {
        (day, report.article_id): report
        for day in {day for day, _ in edited}
        if (kept := store.edition(day))
        for report in as_shown(kept.brief)
    }
    found = (
        correction(shown[day, article.id], article, edition=day)
        for day, article in edited
        if (day, article.id) in shown
    )
    told = {
        _wordings(each)
        for one in store.editions()
        if shown
        and min(shown)[0] < one.date < brief.date
        and (kept := store.edition(one.date))
        for each in kept.brief.corrections
    }
    return tuple(each for each in found if each and _wordings(each) not in told)


def _wordings(correction: Correction) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what a correction tells the reader."""
    changes = (
        (one.was.text, one.now.text if one.now else "") for one in correction.changes
    )
    return correction.before.article_id, tuple(changes)


def publish(
    settings: Settings, store: Store, brief: Brief, *, freeze: bool
) -> Sequence[Path]:
    """Write the pages of `brief` into the output folder; return where they are.

    Args:
        settings: the output folder and the operator's templates are used.
        store: remembers what was written, so that it can be verified.
        brief: an edition that `build` kept.
        freeze: the edition is final from now on; what arrives later goes to the next. Its
            mails enter the outbox.

    Raises:
        DeliveryError: a template is wrong, or the folder cannot be written.
        StoreError: the store cannot be written.
    """
    pages = render(brief, templates=settings.output.templates)
    paths = Folder(settings.output.folder).send(pages)
    store.save_pages(
        brief.date, {name: digest(text.encode()) for name, text in pages.items()}
    )
    if freeze:
        store.freeze(brief.date, mails_of(settings, store, brief))
    return paths


def _cleaned(
    settings: Settings,
    documents: Sequence[Document],
    workers: Workers,
    progress: Progress,
) -> tuple[list[tuple[Document, Article]], list[Failure]]:
    cleaner = partial(
        clean,
        zone=settings.tzinfo,
        language=settings.language,
        noise=settings.noise,
    )
    cleaned: list[tuple[Document, Article]] = []
    failures: list[Failure] = []
    results = workers.map(cleaner, documents, lost=_uncleaned)
    for number, (document, result) in enumerate(
        zip(documents, results, strict=True), 1
    ):
        if isinstance(result, Article):
            cleaned.append((document, result))
        else:
            failures.append(result)
        progress("articles", number, len(documents))
    return cleaned, failures


def _uncleaned(document: Document, why: Loss) -> Failure:
    return Failure("clean", document.url, why)


def _condensed(
    settings: Settings, articles: Sequence[Article], workers: Workers
) -> list[Summary]:
    """Return a summary for each article; `lead` for one that the method is lost on."""
    wanted = {
        source: how.model_dump() for source, how in _wanted(settings, articles).items()
    }

    def lost(article: Article, why: Loss) -> Summary:
        log.warning("event=condense article=%s reason=%s", article.id, why)
        return condense(article, **{**wanted[article.source], "method": "lead"})

    condenser = partial(_condensed_as, wanted)
    return list(workers.map(condenser, articles, lost=lost))


def _profiled(articles: Sequence[Article], workers: Workers) -> list[Profiled]:
    """Return what is counted of each article."""

    def lost(article: Article, why: Loss) -> Profiled:
        log.warning("event=profile article=%s reason=%s", article.id, why)
        return profiled(article)

    return list(workers.map(profiled, articles, lost=lost))


def _profiles(
    store: Store, headings: Sequence[Heading], *, shingles: bool
) -> dict[str, Profile]:
    """Return article id → profile, counting those that are not kept yet."""
    pairs = [(one.id, one.revision) for one in headings]
    kept = store.profiles(pairs, RECIPE, shingles=shingles)
    lacking = set(pairs) - {(one.article_id, one.revision) for one in kept}
    with Workers() as workers:
        fresh = _profiled(store.articles(lacking), workers)
    store.add_profiles(fresh)
    return {one.article_id: profile_from(one) for one in (*kept, *fresh)}


def _wanted(
    settings: Settings, articles: Sequence[Article]
) -> dict[str, SummarySettings]:
    """Return for each source of `articles` how its articles are condensed."""
    sources = {article.source for article in articles}
    return {source: settings.summary_of(source) for source in sources}


def _condensed_as(wanted: Mapping[str, Mapping[str, Any]], article: Article) -> Summary:
    return condense(article, **wanted[article.source])


def _summaries(
    settings: Settings, store: Store, articles: Sequence[Article]
) -> dict[str, Summary]:
    """Return a summary for each article id, working out those that are not kept yet."""
    recipes = {
        source: how.recipe for source, how in _wanted(settings, articles).items()
    }
    pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in articles:
        pairs[recipes[one.source]].append((one.id, one.revision))
    kept: dict[tuple[str, str], Summary] = {}
    for recipe, some in pairs.items():
        kept |= store.summaries(some, recipe)
    lacking = [one for one in articles if (one.id, one.revision) not in kept]
    with Workers() as workers:
        fresh = _condensed(settings, lacking, workers)
    store.add_summaries(fresh)
    return {summary.article_id: summary for summary in [*kept.values(), *fresh]}


def _coverage(
    store: Store, window: Window, *, articles: int, left_out: Mapping[str, int]
) -> Coverage:
    """Return the figures of the collect runs in `window`."""
    runs = store.runs_between("collect", window.since, window.until)
    counts = [dict(run.counts) for run in runs]
    whole = [dict(run.counts) for run in runs if run.status in {"done", "partial"}]
    last = whole[-1] if whole else {}
    return Coverage(
        sources=last.get("sources", 0),
        answered=last.get("answered", 0),
        documents=sum(run.get("documents", 0) for run in counts),
        articles=articles,
        left_out=tuple((why, count) for why, count in left_out.items() if count),
    )
