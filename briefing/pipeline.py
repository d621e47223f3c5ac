"""The whole way of the data. Joins the stages, decides nothing.

    collect   Source ─gather→ Document ─clean→ Article ─condense→ Summary ──→ store
    clean     store ─→ documents ─clean→ … as above, after a change of the rules
    build     store ─→ articles + summaries + earlier Briefs ─group→ Stories, Sections ──→ Brief
    publish   Brief ─render→ pages ─deliver→ folder;  letters ──→ outbox (briefing/mailing)

The command line and the scheduler join no stages to make an edition: they call these.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from briefing.brief import brief_of
from briefing.clean import told_apart
from briefing.deliver import Folder
from briefing.gather import gather, settled
from briefing.mailing import mails_of
from briefing.model import Article, Brief, Gathered, Run
from briefing.ports import Leases, Progress, Source, unwatched
from briefing.record import Clock, Record, recorded
from briefing.render import render
from briefing.settings import Settings
from briefing.text import digest
from briefing.work import cleaned, derived
from briefing.workers import Loss, Workers, workers_at

if TYPE_CHECKING:
    from briefing.store import Claims, Store

log = logging.getLogger(__name__)

Waiting = Callable[[str, datetime], None]
"""Is told the id of a source that was not asked, and when it is due."""


def _untold(source: str, due: datetime) -> None:
    """Tell nobody."""


def collect(
    settings: Settings,
    store: Store,
    sources: Sequence[Source],
    *,
    clock: Clock,
    leases: Leases | None = None,
    force: bool = False,
    progress: Progress = unwatched,
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
        leases: what this collector visits alone (`Store.leases`); None: there is no other.
        force: also ask sources that are not due or are gone.
        progress: is told how far it is.
        waiting: is told of each source that is not due.

    Raises:
        StoreError: the store cannot be read or written.
        ClusterError: the cluster of the settings cannot be reached.
    """
    now = clock()
    with (
        recorded(store, "collect", clock) as record,
        workers_at(settings.cluster.dask) as workers,
    ):
        record.counts.update(
            sources=len(sources), answered=0, documents=0, new=0, not_due=0
        )
        visits = gather(
            sources,
            state=store.source_state,
            known=store.knows_url,
            now=now,
            clock=clock,
            force=force,
            leases=leases,
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

    What went wrong and what is counted is kept with the documents: they are known from then
    on, and nobody would look at them again.
    """
    kept = store.digests([one.url for one in visit.documents])
    waiting = {one.url for one in visit.state.pending}
    documents = [
        one
        for one in visit.documents
        if one.url in waiting or kept.get(one.url) != digest(one.body)
    ]
    made, unclean = cleaned(settings, documents, workers, progress)
    articles = told_apart(made, kept=store.texts)
    summaries, profiles, hits = derived(settings, articles, workers)
    record.failures += [*visit.failures, *unclean]
    unread = {failure.subject: failure.reason for failure in unclean}
    marked = [replace(one, unread=unread.get(one.url)) for one in documents]
    # A document that did harm waits for better rules; any other may be better next time.
    hopeful = {url for url, why in unread.items() if why not in get_args(Loss)}
    state = settled(visit.state, documents, unread=hopeful, now=record.run.started)
    answered = int(visit.answered and visit.rest is None)
    counted = {"answered": answered, "documents": len(documents)}
    new = store.keep(
        marked,
        articles,
        summaries,
        state,
        profiles=profiles,
        hits=hits,
        run=record.standing(**counted),
    )
    record.counts.update(**counted, new=new)


def clean_again(
    settings: Settings,
    store: Store,
    *,
    clock: Clock,
    progress: Progress = unwatched,
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
        ClusterError: the cluster of the settings cannot be reached.
    """
    with (
        recorded(store, "clean", clock) as record,
        workers_at(settings.cluster.dask) as workers,
    ):
        record.counts.update(documents=0, changed=0, new=0)
        total = store.count_documents()
        for documents in store.documents():
            made, unclean = cleaned(settings, documents, workers, unwatched)
            articles = told_apart(made, kept=store.texts)
            changed = _changed(store, articles)
            new = store.revise(changed, *derived(settings, changed, workers))
            record.failures += unclean
            record.counts.update(
                documents=len(documents), changed=len(changed) - new, new=new
            )
            record.save()
            progress("documents", record.counts["documents"], total)
    return record.run


def _changed(store: Store, articles: Sequence[Article]) -> list[Article]:
    """Return those that are not kept in this revision.

    Our own rules edited them, not their outlets: they came when they came.
    """
    before = store.latest([one.id for one in articles])
    return [
        replace(one, fetched=old.fetched) if old else one
        for one in articles
        if (old := before.get(one.id)) is None or old.revision != one.revision
    ]


def build(
    settings: Settings,
    store: Store,
    *,
    edition: str,
    now: datetime,
    claims: Claims = "pages",
    after: datetime | None = None,
    until: datetime | None = None,
) -> Brief:
    """Return the brief of `edition` from what is kept, and keep it as a draft.

    The same store and the same `now` give the same brief. An edition that is frozen is
    returned as it is.

    Args:
        settings: title, language, zone, summary, topics and schedules are used.
        store: the articles, and where the brief is kept.
        edition: the edition's key, whose schedule says which title, zone and topics are used.
        now: the end of the window; articles that arrive later go to the next edition.
        claims: which other editions' articles (of the same schedule) are left out: those whose ``pages`` were
            written, those that are ``frozen``, or ``none``.
        after: articles that count from then or earlier (`briefing.group.counts_from`) are
            left out, and claimed all the same; None: none are.
        until: articles that count from later go to the next edition; None: none do.

    Raises:
        StoreError: the store cannot be read or written.
        ClusterError: the cluster of the settings cannot be reached.
    """
    kept = store.edition(edition)
    if kept is not None and kept.frozen:
        return kept.brief
    brief = brief_of(
        settings,
        store,
        edition=edition,
        now=now,
        claims=claims,
        after=after,
        until=until,
    )
    store.save_edition(brief, frozen=False)
    log.info("event=build edition=%s articles=%d", edition, brief.coverage.articles)
    return brief


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
        StoreError: the store cannot be written, or another program built the edition anew.
    """
    pages = render(brief, templates=settings.output.templates)
    store.check_current(brief)
    paths = Folder(settings.output.folder).send(pages)
    digests = {name: digest(text.encode()) for name, text in pages.items()}
    store.save_pages(brief.key, digests, of=brief)
    if freeze:
        store.freeze(brief.key, mails_of(settings, store, brief), of=brief)
    return paths


def is_quiet(settings: Settings, brief: Brief) -> bool:
    """Return whether `brief` has too little for an edition, as the settings have it."""
    stories = sum(one.cut not in {"missed", "elsewhere"} for one in brief.standings)
    if settings.brief.quiet == "skip":
        return stories == 0 and not brief.corrections
    return settings.brief.quiet == "roll" and stories < settings.brief.least


def pass_over(store: Store, brief: Brief) -> None:
    """Freeze the edition of `brief` empty: no pages, no mails, no story is claimed.

    What belonged to it is the next edition's, which begins where this one did; what it left
    out stays left out.

    Raises:
        StoreError: the store cannot be written.
    """
    began = brief.window.since or brief.window.until
    empty = replace(
        brief,
        window=replace(brief.window, until=began),
        top_lines=(),
        sections=tuple(replace(one, stories=(), noted=()) for one in brief.sections),
        coverage=replace(brief.coverage, articles=0),
        corrections=(),
        standings=tuple(one for one in brief.standings if one.cut == "missed"),
    )
    store.save_edition(empty, frozen=True)
