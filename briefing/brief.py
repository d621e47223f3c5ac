"""Articles and earlier briefs → Brief: grouped by story, ranked, cut to its length, told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from briefing.condense import condense_news, condense_story
from briefing.group import (
    DAYS_APART,
    ROOM,
    Course,
    arrange,
    as_shown,
    candidate,
    changes,
    continued,
    copies,
    corrections,
    counts_from,
    courses,
    cut,
    gone_on,
    in_full,
    missed,
    only,
    ranked,
    report,
    top_lines,
    within,
)
from briefing.model import (
    Article,
    Brief,
    Correction,
    Coverage,
    Failure,
    Heading,
    Section,
    Standing,
    Story,
    Summary,
    Window,
    date_of,
    schedule_of,
)
from briefing.render import words
from briefing.settings import Settings
from briefing.work import hits_of, profiles_of, summaries_of
from briefing.workers import forked, may_fork

if TYPE_CHECKING:
    from briefing.store import Claims, Store

TOLD: Final = 5_000
"""Articles of earlier editions that new ones are compared with: the newest."""

EDITIONS: Final = 30
"""Earlier editions that are read to know what they showed of a story: the newest."""


@dataclass(frozen=True, slots=True)
class _Material:
    """What a brief is made of.

    Attributes:
        settings: title, language, zone, summary, topics and the brief's length are used.
        store: gives texts and summaries, and keeps new ones.
        groups: story id → the headings of its articles, the leading one first.
        stories: story id → the story without sentences.
        before: story id → what earlier editions told of it.
    """

    settings: Settings
    store: Store
    groups: Mapping[str, Sequence[Heading]]
    stories: Mapping[str, Story]
    before: Mapping[str, Course]


def brief_of(
    settings: Settings,
    store: Store,
    *,
    edition: str,
    now: datetime,
    claims: Claims,
    after: datetime | None = None,
    until: datetime | None = None,
) -> Brief:
    """Return the brief of `edition`; the arguments are those of `briefing.pipeline.build`."""
    topics = settings.topics_of(schedule_of(edition))
    settings = settings.of(schedule_of(edition))
    unclaimed = store.headings_for(edition, until=now, claims=claims)
    headings, older = _parted(unclaimed, after=after, until=until)
    earlier = store.last_edition_before(edition, claims=claims)
    previous = earlier.key if earlier else None
    window = Window(earlier.until if earlier else after, until or now)
    told, groups, stories = _groups(
        settings, store, headings, edition=edition, claims=claims
    )
    before = _before(store, edition, previous, list(groups), claims=claims)
    material = _Material(settings, store, groups, stories, before)
    ranks = _ranked(material, told, now=window.until)
    standings, shown = _told(material, ranks, topics=topics)
    sections = _sections(settings, standings, shown, topics=topics)
    failures = store.failures_between(window.since, window.until)
    repeats = store.shown_before(edition, window.since, window.until, claims=claims)
    unread = _unread(failures, store)
    left_out = {"failed": unread, "earlier": repeats, "missed": len(older)}
    return Brief(
        title=settings.title,
        language=settings.language,
        zone=settings.zone,
        date=date_of(edition),
        window=window,
        top_lines=top_lines(sections),
        sections=sections,
        coverage=_coverage(store, Window(window.since, now), headings, left_out),
        failures=failures,
        corrections=_corrections(store, edition, window, claims=claims),
        standings=(*standings, *missed(older)),
        changes=changes(before, edition=edition, previous=previous, ongoing=set(groups))
        if previous
        else None,
        edition=edition,
    )


def _parted(
    headings: Sequence[Heading], *, after: datetime | None, until: datetime | None
) -> tuple[list[Heading], list[Heading]]:
    """Return those that belong to the edition, and those that are too old for it."""
    found = [one for one in headings if until is None or counts_from(one) <= until]
    older = [one for one in found if after is not None and counts_from(one) <= after]
    left = {one.id for one in older}
    return [one for one in found if one.id not in left], older


def _before(
    store: Store,
    edition: str,
    previous: str | None,
    stories: Sequence[str],
    *,
    claims: Claims,
) -> dict[str, Course]:
    """Return what earlier editions told of `stories`, and of others that may go on."""
    if previous is None:
        return {}
    editions = store.shown_since(
        edition,
        since=date_of(previous) - DAYS_APART,
        stories=stories,
        most=EDITIONS,
        claims=claims,
    )
    return courses(editions)


def _groups(
    settings: Settings,
    store: Store,
    headings: Sequence[Heading],
    *,
    edition: str,
    claims: Claims,
) -> tuple[
    Sequence[tuple[Heading, str]],
    dict[str, tuple[Heading, ...]],
    dict[str, Story],
]:
    """Return what was told before, and what `headings` make of it: by story id.

    Of each story its headings, and the story without sentences.
    """
    beside = forked if may_fork(len(headings)) else None
    profiles = profiles_of(settings, store, headings, shingles=True)
    copying = (beside or partial)(copies, headings, profiles)
    # What else is needed is read while copies are sought.
    told = store.told_before(edition, most=TOLD, claims=claims)
    earlier = profiles_of(settings, store, [one for one, _ in told], shingles=False)
    hits = hits_of(settings, store, headings)
    copied = copying()
    groups = dict(
        continued(
            headings, told, copies=copied, profiles=profiles | earlier, beside=beside
        )
    )
    stories = {
        ident: candidate(members, settings.topics, hits, copies=copied, ident=ident)
        for ident, members in groups.items()
    }
    return told, groups, stories


def _sections(
    settings: Settings,
    standings: Sequence[Standing],
    stories: Mapping[str, Story],
    *,
    topics: Sequence[str],
) -> tuple[Section, ...]:
    """Return the sections of `topics`, of all if there are none, each with its stories."""
    shown = [one for one in settings.topics if not topics or one.slug in topics]
    other = words(settings.language).gettext("Other")
    return arrange(standings, stories, shown, other_title=other)


def _ranked(
    material: _Material, told: Sequence[tuple[Heading, str]], *, now: datetime
) -> tuple[Standing, ...]:
    """Return where each story stands."""
    settings = material.settings
    before = Counter(ident for _, ident in told)
    return ranked(
        list(material.stories.values()),
        [topic.slug for topic in settings.topics],
        now=now,
        weights={source.id: source.weight for source in settings.source},
        novelty={
            ident: len(members) / (len(members) + before[ident])
            for ident, members in material.groups.items()
        },
        pins=settings.brief.pins,
    )


def _told(
    material: _Material, ranks: Sequence[Standing], *, topics: Sequence[str] = ()
) -> tuple[tuple[Standing, ...], dict[str, Story]]:
    """Return how each story is shown, and those that are, told as far as there is room.

    Where there are `topics`, stories of others are only counted.
    A story of which nothing is new gives its room to the next.
    """
    if topics:
        shown = [one for one in ranks if one.section in topics]
        others = (
            replace(one, shape="counted", cut="elsewhere")
            for one in ranks
            if one.section not in topics
        )
        standings, stories = _told(material, shown)
        return (*standings, *others), stories
    length = material.settings.brief
    room = ROOM[length.length]
    told: dict[str, Story] = {}
    while True:
        unchanged = {key for key, one in told.items() if one.state == "unchanged"}
        standings = cut(ranks, room, per_source=length.per_source, unchanged=unchanged)
        wanted = [one.story for one in standings if one.shape == "full"]
        untold = [ident for ident in wanted if ident not in told]
        if not untold:
            break
        told |= _in_full(material, untold)
    sizes = {ident: _words(told[ident]) for ident in wanted}
    standings = within(standings, sizes, room)
    kept = {one.story for one in standings if one.shape == "full"} | unchanged
    stories = {**material.stories, **{ident: told[ident] for ident in kept}}
    unheaded = [
        one.story
        for one in standings
        if one.shape == "line" and not one.headline and one.story not in unchanged
    ]
    return standings, stories | _headed(material, unheaded)


def _in_full(material: _Material, stories: Sequence[str]) -> dict[str, Story]:
    """Return `stories` with what their articles say."""
    read = _read(material.store, chain(*(material.groups[each] for each in stories)))
    summaries = summaries_of(material.settings, material.store, list(read.values()))
    return {
        ident: _story(
            material, ident, [read[one.id] for one in material.groups[ident]], summaries
        )
        for ident in stories
    }


def _read(store: Store, headings: Iterable[Heading]) -> dict[str, Article]:
    """Return article id → article; here, and not before, texts are read."""
    read = store.articles([(one.id, one.revision) for one in headings])
    return {one.id: one for one in read}


def _story(
    material: _Material,
    ident: str,
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
) -> Story:
    """Return a story with all that it says, or with what is new in it."""
    story = material.stories[ident]
    before = material.before.get(ident)
    copied = {one.article_id for one in story.reports if one.copy_of is not None}
    own = [one for one in articles if one.id not in copied]
    if before is None:
        sentences = condense_story(own, summaries)
        return in_full(story, articles, summaries, sentences=sentences)
    told = before.told(own[0].language)
    sentences = condense_news(own, summaries, told=told, listed=before.listed)
    fresh = only({one.id: summaries[one.id] for one in articles}, sentences)
    found = in_full(story, articles, fresh, sentences=sentences, known=before.listed)
    return gone_on(found, before)


def _headed(material: _Material, stories: Sequence[str]) -> dict[str, Story]:
    """Return `stories`, whose leading articles have no headline, with those's sentences.

    The first of these heads the story's one line.
    """
    leads = {ident: material.groups[ident][0] for ident in stories}
    read = _read(material.store, leads.values())
    summaries = summaries_of(material.settings, material.store, list(read.values()))
    found = {}
    for ident, lead in leads.items():
        story = material.stories[ident]
        first = report(lead, summaries[lead.id])
        found[ident] = replace(story, reports=(first, *story.reports[1:]))
    return found


def _words(story: Story) -> int:
    """Return the words of its headline and of what it says."""
    lead = story.reports[0]
    said = story.sentences or lead.sentences
    return sum(
        len(text.split()) for text in (lead.title or "", *(s.text for s in said))
    )


def _corrections(
    store: Store, edition: str, window: Window, *, claims: Claims
) -> tuple[Correction, ...]:
    """Return what articles of earlier editions no longer say, or say again, since the last."""
    if window.since is None:
        return ()
    edited = store.revised(edition, window.since, window.until, claims=claims)
    if not edited:
        return ()
    keys = {key for key, _ in edited}
    shown = {
        (kept.key, report.article_id): report
        for kept in store.shown(keys)
        for report in as_shown(kept)
    }
    told = store.corrections_between(min(keys), edition)
    return tuple(corrections(edited, shown, told))


def _unread(failures: Iterable[Failure], store: Store) -> int:
    """Return how many of them are of a document, not of a whole source."""
    sources = {state.source for state in store.source_states()}
    return sum(one.subject not in sources for one in failures)


def _coverage(
    store: Store,
    window: Window,
    headings: Sequence[Heading],
    left_out: Mapping[str, int],
) -> Coverage:
    """Return the figures of the collect runs in `window`, and of an edition's articles."""
    runs = store.runs_between("collect", window.since, window.until)
    counts = [dict(run.counts) for run in runs]
    whole = [dict(run.counts) for run in runs if run.status in {"done", "partial"}]
    last = whole[-1] if whole else {}
    return Coverage(
        sources=last.get("sources", 0),
        answered=last.get("answered", 0),
        documents=sum(run.get("documents", 0) for run in counts),
        articles=len(headings),
        left_out=tuple((why, count) for why, count in left_out.items() if count),
    )
