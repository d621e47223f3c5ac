"""What articles no longer say that an edition has shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from briefing.model import Article, Brief, Change, Correction, Report, Sentence, Story
from briefing.text import fold, split_sentences, words

ALIKE: Final = 0.4
"""Share of the words of two sentences together that both have, from which one is the
other's new wording."""


def as_shown(brief: Brief) -> Iterator[Report]:
    """Yield each report of `brief` with those of its sentences that the reader has seen.

    See `shown`; and the lines on top.
    """
    for section in brief.sections:
        for story in section.stories:
            yield from shown(story, also=brief.top_lines)


def shown(story: Story, *, also: Sequence[Sentence] = ()) -> Iterator[Report]:
    """Yield each report of `story` with those of its sentences that the reader has seen.

    Of a story that has a summary, its passages; else the leading report's; the first of a
    report without a title, which heads it; numbers in dispute; and what is among `also`.
    """
    leading = () if story.sentences else story.reports[0].sentences
    claims = (one.sentence for each in story.disputes for one in each.claims)
    seen = {*also, *story.sentences, *leading, *claims}
    for report in story.reports:
        heading = () if report.title else report.sentences[:1]
        own = [one for one in report.sentences if one in seen or one in heading]
        yield replace(report, sentences=tuple(own))


def correction(shown: Report, article: Article, *, edition: date) -> Correction | None:
    """Return what `article` no longer says of what was shown; None if it still says all.

    A sentence that only stands elsewhere now, or whose white space, case or marks changed,
    is still said.

    Args:
        shown: as that edition had it.
        article: its latest revision.
        edition: the date of that edition.
    """
    kept = _sentences(article)
    said = {_wording(one.text) for one in kept}
    gone = [one for one in shown.sentences if _wording(one.text) not in said]
    if not gone:
        return None
    old = {_wording(one.text) for one in shown.sentences}
    fresh = [one for one in kept if _wording(one.text) not in old]
    changes = tuple(Change(one, _nearest(one, fresh)) for one in gone)
    return Correction(
        edition=edition,
        before=shown,
        after=replace(
            shown,
            revision=article.revision,
            title=article.title,
            link=article.link,
            published=article.published,
            truncated=article.truncated,
            sentences=tuple(dict.fromkeys(one.now for one in changes if one.now)),
            copy_of=None,
        ),
        fetched=article.fetched,
        changes=changes,
    )


def _sentences(article: Article) -> list[Sentence]:
    spans = split_sentences(article.text, language=article.language)
    return [
        Sentence(
            article.id, span.start, span.end, at, article.text[span.start : span.end]
        )
        for at, span in enumerate(spans)
    ]


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
