"""What a page shows, worked out from the brief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, groupby
from math import ceil
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from briefing.model import (
    OTHER,
    Brief,
    Correction,
    Episode,
    NameKind,
    Past,
    Report,
    Section,
    Story,
    date_of,
    time_of,
)
from briefing.render.links import anchor, name_anchor
from briefing.render.reports import (
    item_of,
    items_of,
    named,
    outlet_of,
    shown_of,
)
from briefing.render.shown import (
    ChangesView,
    ChangeView,
    ClaimView,
    CorrectionView,
    DisputeView,
    EpisodeView,
    IndexEntry,
    Item,
    Line,
    NameView,
    Page,
    Passage,
    PastView,
    QuotationView,
    SectionView,
    Shown,
    StoryView,
    Tag,
    TopLine,
)
from briefing.text import language as spoken
from briefing.text.places import name_key

WORDS_A_MINUTE: Final = 200
"""Reading speed for the masthead: a cautious round figure for prose on a screen."""


FEW: Final = 6
"""Stories. Of fewer, a name of up to a half of them tells something; else of up to a third."""


def lay_out(brief: Brief) -> Page:
    """Return what the pages of `brief` show."""
    stories = [story for section in brief.sections for story in section.stories]
    reports = [report for story in stories for report in story.reports]
    shared = _shared(stories, brief.language)
    sections = [_section(section, brief, shared) for section in brief.sections]
    return Page(
        top_lines=tuple(_top_lines(brief, stories)),
        sections=tuple(
            one
            for one in sections
            if one.stories or one.noted or one.unchanged or not one.other
        ),
        stories=len(stories),
        articles=len({report.article_id for report in reports}),
        outlets=len({outlet_of(report) for report in reports}),
        minutes=max(1, ceil(_words(brief, stories) / WORDS_A_MINUTE)),
        recipes=tuple(sorted({report.recipe for report in reports} - {""})),
        corrections=tuple(map(_correction, brief.corrections)),
        changes=_changes(brief, sections) if brief.changes else None,
        index=_index(sections),
        noted=sum(len(one.noted) + len(one.unchanged) for one in sections),
        unshown=_unshown(brief),
    )


def _unshown(brief: Brief) -> tuple[int, int]:
    """Return how many stories are only counted, and how many articles they have."""
    counted = [
        one
        for one in brief.standings
        if one.shape == "counted" and one.cut != "missed"  # left out, the footer says
    ]
    return len(counted), sum(len(one.articles) for one in counted)


def _line(story: Story, brief: Brief) -> Line:
    lead, *others = map(item_of, story.reports)
    outlets = {lead.outlet.casefold(): lead}
    for item in others:
        outlets.setdefault(item.outlet.casefold(), item)
    if not (lead.title or lead.heading) and story.timeline:
        lead = replace(lead, heading=_episode(story.timeline[-1]).item.heading)
    further = tuple(outlets.values())[1:]
    day = _other_day(lead.report, brief)
    return Line(anchor("story", story.id), lead, further, story.since, day)


def _other_day(report: Report, brief: Brief) -> date | None:
    """Return the day of a report's article; None if it is the edition's, or not known."""
    if report.published is None:
        return None
    day = report.published.moment.astimezone(ZoneInfo(brief.zone)).date()
    return None if day == brief.date else day


def _changes(brief: Brief, sections: Sequence[SectionView]) -> ChangesView:
    assert brief.changes
    told = [story for section in sections for story in section.stories]
    return ChangesView(
        previous=brief.changes.previous,
        yesterday=_is_yesterday(brief.changes.previous, brief.key),
        new=sum(story.since is None for story in told),
        developing=tuple(story for story in told if story.since),
        repeated=tuple(story for each in sections for story in each.unchanged),
        unchanged=tuple(map(_past, brief.changes.unchanged)),
        unnamed=brief.changes.unnamed,
        closed=tuple(map(_past, brief.changes.closed)),
    )


def _is_yesterday(previous: str, edition: str) -> bool:
    """Whether one edition is of the day before the other's; those of a time are named by it."""
    timed = time_of(previous) is not None or time_of(edition) is not None
    return not timed and date_of(edition) - date_of(previous) == timedelta(days=1)


def _past(past: Past) -> PastView:
    return PastView(
        named(past.last.report), past.last.edition, anchor("story", past.id)
    )


def _correction(correction: Correction) -> CorrectionView:
    before, after = correction.before, correction.after
    return CorrectionView(
        item=replace(item_of(after), heading=None, sentences=()),
        before=replace(item_of(before), heading=None, sentences=()),
        headline=correction.headline,
        restored=correction.restored,
        edition=correction.edition,
        fetched=correction.fetched,
        changes=tuple(
            ChangeView(
                Shown(one.was, before) if one.was else None,
                Shown(one.now, after) if one.now else None,
            )
            for one in correction.changes
        ),
    )


def _top_lines(brief: Brief, stories: list[Story]) -> Iterator[TopLine]:
    places = {
        report.article_id: (report, story)
        for story in stories
        for report in story.reports
    }
    for sentence in brief.top_lines:
        if sentence.article_id in places:
            report, story = places[sentence.article_id]
            yield TopLine(
                Shown(sentence, report),
                outlet_of(report),
                anchor("story", story.id),
                _other_day(report, brief),
            )


def _shared(stories: Sequence[Story], language: str) -> dict[str, str]:
    """Return the names that tell several stories from the others, by `name_key`, each with its place.

    A name that many stories have leads nowhere, nor does the readers' own country.
    """
    most = len(stories) / (2 if len(stories) < FEW else 3)
    own = f"={spoken(language).country}"
    counts = Counter(
        key for one in stories for key in {name_key(each.name) for each in one.names}
    )
    return {
        key: name_anchor(key)
        for key, count in counts.items()
        if 1 < count <= most and key != own
    }


def _index(sections: Sequence[SectionView]) -> tuple[IndexEntry, ...]:
    """Return the names with a place in the index, each as its first story writes it.

    Places come after the others.
    """
    found: dict[str, list[Line]] = {}
    names: dict[str, str] = {}
    kinds: dict[str, NameKind] = {}
    for story in (one for section in sections for one in section.stories):
        for one in story.names:
            if one.anchor:
                line = Line(story.anchor, named(story.lead.report), ())
                found.setdefault(one.anchor, []).append(line)
                names.setdefault(one.anchor, one.name)
                kinds[one.anchor] = kinds.get(one.anchor) or one.kind
    entries = (
        IndexEntry(names[place], place, tuple(stories))
        for place, stories in found.items()
    )
    return tuple(
        sorted(
            entries,
            key=lambda one: (
                kinds[one.anchor] == "place",
                -len(one.stories),
                one.name.casefold(),
            ),
        )
    )


def _section(section: Section, brief: Brief, shared: Mapping[str, str]) -> SectionView:
    titles = {each.slug: each.title for each in brief.sections}
    return SectionView(
        anchor("topic", section.slug),
        section.title,
        section.slug == OTHER,
        tuple(
            story_view(story, section.slug, titles, shared) for story in section.stories
        ),
        noted=tuple(
            _line(one, brief) for one in section.noted if one.state != "unchanged"
        ),
        unchanged=tuple(
            _line(one, brief) for one in section.noted if one.state == "unchanged"
        ),
    )


def story_view(
    story: Story,
    slug: str = "",
    titles: Mapping[str, str] = MappingProxyType({}),
    shared: Mapping[str, str] = MappingProxyType({}),
) -> StoryView:
    """Return a story as a page shows it.

    Args:
        story: the story.
        slug: the section that it stands in.
        titles: slug → title of the page's sections.
        shared: `name_key` → place in the page's index.
    """
    tags = tuple(
        Tag(
            titles.get(hit.slug) or hit.slug,
            anchor("topic", hit.slug) if hit.slug in titles else None,
        )
        for hit in story.topics
        if hit.slug != slug
    )
    lead, *further = items_of(story.reports)
    timeline = tuple(map(_episode, story.timeline))
    if not (lead.title or lead.heading) and timeline:
        lead = replace(lead, heading=timeline[-1].item.heading)
    return StoryView(
        story.id,
        anchor("story", story.id),
        lead,
        tuple(_passages(story, lead)),
        tuple(further),
        tags,
        tuple(_disputes(story)),
        tuple(
            NameView(one.name, shared.get(name_key(one.name)), one.kind)
            for one in story.names
        ),
        len(story.outlets),
        story.origins,
        story.since,
        timeline,
        tuple(_quotations(story)),
    )


def _quotations(story: Story) -> Iterator[QuotationView]:
    reports = {report.article_id: report for report in story.reports}
    for one in story.quotations:
        if report := reports.get(one.sentence.article_id):
            yield QuotationView(
                one.speaker, Shown(one.sentence, report), item_of(report)
            )


def _episode(episode: Episode) -> EpisodeView:
    report = episode.report
    shown = Shown(report.sentences[0], report) if report.sentences else None
    return EpisodeView(episode.edition, named(report), shown, episode.outlets)


def _disputes(story: Story) -> Iterator[DisputeView]:
    reports = {report.article_id: report for report in story.reports}
    for each in story.disputes:
        claims = tuple(
            ClaimView(
                one.value,
                Shown(one.sentence, reports[one.sentence.article_id]),
                outlet_of(reports[one.sentence.article_id]),
            )
            for one in each.claims
            if one.sentence.article_id in reports
        )
        yield DisputeView(each.what.partition(" ")[0], claims)


def _passages(story: Story, lead: Item) -> Iterator[Passage]:
    """Yield what stands below the story's heading; gaps are within one report only."""
    reports = {report.article_id: report for report in story.reports}
    known = (one for one in story.sentences if one.article_id in reports)
    for article_id, sentences in groupby(known, lambda one: one.article_id):
        report = reports[article_id]
        if report is not lead.report:
            yield Passage(report, outlet_of(report), shown_of(report, tuple(sentences)))
        elif lead.sentences:
            yield Passage(report, lead.outlet, lead.sentences)
    if not story.sentences and lead.sentences:
        yield Passage(lead.report, lead.outlet, lead.sentences)


def _words(brief: Brief, stories: Sequence[Story]) -> int:
    """Return the number of words on the page: titles and sentences, nothing else."""
    reports = (report for story in stories for report in story.reports)
    texts = chain(
        (sentence.text for sentence in brief.top_lines),
        (report.title or "" for report in reports if report.copy_of is None),
        (
            story.reports[0].title or ""
            for section in brief.sections
            for story in section.noted
        ),
        (
            sentence.text
            for story in stories
            for sentence in story.sentences or story.reports[0].sentences
        ),
    )
    return sum(len(text.split()) for text in texts)
