"""What articles no longer say that an edition has shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from briefing.model import (
    Article,
    Change,
    Correction,
    EarlierBrief,
    Report,
    Sentence,
    Story,
)
from briefing.text import fold, sentences_of, words

ALIKE: Final = 0.4
"""Share of the words of two sentences together that both have, from which one is the
other's new wording."""


def as_shown(edition: EarlierBrief) -> Iterator[Report]:
    """Yield each report of `edition` with those of its sentences that the reader has seen.

    See `shown`; and the lines on top.
    """
    for section in edition.sections:
        for story in section.stories:
            yield from shown(story, also=edition.top_lines)


def shown(story: Story, *, also: Sequence[Sentence] = ()) -> Iterator[Report]:
    """Yield each report of `story` with those of its sentences that the reader has seen.

    Of a story that has a summary, its passages; else the leading report's; the first of a
    report without a title, which heads it; numbers in dispute, quotations; and what is among
    `also`.
    """
    leading = () if story.sentences else story.reports[0].sentences
    beside = (
        *(one.sentence for each in story.disputes for one in each.claims),
        *(one.sentence for one in story.quotations),
    )
    seen = {*also, *story.sentences, *leading, *beside}
    for report in story.reports:
        heading = () if report.title else report.sentences[:1]
        own = {
            *heading,
            *seen.intersection(report.sentences),
            *(one for one in beside if one.article_id == report.article_id),
        }
        yield replace(report, sentences=tuple(sorted(own, key=lambda one: one.start)))


def corrections(
    edited: Iterable[tuple[str, Article]],
    shown: Mapping[tuple[str, str], Report],
    told: Iterable[Correction],
) -> Iterator[Correction]:
    """Yield what is to be told of edited articles: each correction once, and those taken back.

    Args:
        edited: the key of an edition that showed an article, and its latest revision.
        shown: key and article id → the article as that edition had it.
        told: corrections of earlier editions, the oldest first.
    """
    last = {(one.edition, one.before.article_id): one for one in told}
    for edition, article in edited:
        if (report := shown.get((edition, article.id))) is None:
            continue
        before = last.get((edition, article.id))
        found = correction(report, article, edition=edition)
        if found is None and before and not before.restored:
            yield _restored(before, article)
        elif found and (
            before is None or before.restored or _changed(before) != _changed(found)
        ):
            yield found


def correction(shown: Report, article: Article, *, edition: str) -> Correction | None:
    """Return what `article` no longer says of what was shown; None if it still says all.

    A sentence that only stands elsewhere now, or whose white space, case or marks changed,
    is still said. The same goes for the headline; that of a copy was not shown.

    Args:
        shown: as that edition had it.
        article: its latest revision.
        edition: the key of that edition.
    """
    kept = sentences_of(article)
    said = {_wording(one.text) for one in kept}
    gone = [one for one in shown.sentences if _wording(one.text) not in said]
    titles = (shown.title, article.title)
    headline = shown.copy_of is None and all(titles) and _differ(*titles)
    if not gone and not headline:
        return None
    old = {_wording(one.text) for one in shown.sentences}
    fresh = [one for one in kept if _wording(one.text) not in old]
    changes = tuple(Change(one, _nearest(one, fresh)) for one in gone)
    return Correction(
        edition=edition,
        before=shown,
        after=_after(shown, article, changes),
        fetched=article.fetched,
        changes=changes,
        headline=headline,
    )


def _restored(told: Correction, article: Article) -> Correction:
    """Return that `article` says again what it said before `told`."""
    again = {_wording(one.text): one for one in sentences_of(article)}
    changes = tuple(
        Change(one.now, again.get(_wording(one.was.text)))
        for one in told.changes
        if one.was
    )
    return Correction(
        edition=told.edition,
        before=told.after,
        after=_after(told.before, article, changes),
        fetched=article.fetched,
        changes=changes,
        headline=told.headline,
        restored=True,
    )


def _after(shown: Report, article: Article, changes: Iterable[Change]) -> Report:
    return replace(
        shown,
        revision=article.revision,
        title=article.title,
        link=article.link,
        published=article.published,
        truncated=article.truncated,
        sentences=tuple(dict.fromkeys(one.now for one in changes if one.now)),
        copy_of=None,
    )


def _changed(told: Correction) -> tuple[object, ...]:
    """Return what a correction tells the reader."""
    titles = (told.before.title, told.after.title) if told.headline else ()
    return titles, tuple(
        (one.was and one.was.text, one.now and one.now.text) for one in told.changes
    )


def _differ(one: str | None, other: str | None) -> bool:
    return _wording(one or "") != _wording(other or "")


def _nearest(was: Sentence, among: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence with most words in common with `was`, None if none is like it."""
    own = set(_words(was.text))
    best, share = None, ALIKE
    for one in among:
        theirs = set(_words(one.text))
        alike = len(own & theirs) / max(len(own | theirs), 1)
        if alike > share or (alike == share and best is None):
            best, share = one, alike
    return best


def _wording(text: str) -> tuple[str, ...]:
    return tuple(_words(text))


def _words(text: str) -> list[str]:
    return words(fold(text))
