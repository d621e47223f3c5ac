"""Proof that an edition says only what its articles say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import StoreError
from briefing.model import Article, Brief, Report, Sentence
from briefing.render.text import plain
from briefing.text import digest, revision

if TYPE_CHECKING:
    from briefing.store import Store

PAGE_LIMIT = 50_000_000
"""Bytes of a page that are read to check it; ours are a thousand times smaller."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked in one edition, and what is wrong with it.

    Attributes:
        edition: its key.
        sentences: number of sentences compared with their articles.
        pages: number of pages compared with what was written.
        faults: one line each, in a fixed order; empty: all is as it was.
    """

    edition: str
    sentences: int
    pages: int
    faults: tuple[str, ...]


def verify(store: Store, edition: str, *, folder: Path) -> Verdict:
    """Return whether each sentence of `edition` stands in its article, in store and pages.

    Args:
        store: holds the edition and the articles.
        edition: its key.
        folder: where its pages were written.

    Raises:
        StoreError: there is no such edition, or the store cannot be read.
    """
    kept = store.edition(edition)
    if kept is None:
        raise StoreError(f"there is no edition {edition}")
    articles: dict[tuple[str, str], Article | None] = {}
    for report in reports(kept.brief):
        key = (report.article_id, report.revision)
        articles[key] = store.article(*key)
    compared = {sentence for one in reports(kept.brief) for sentence in one.sentences}
    pages = store.pages(edition)
    faults = [
        *(["the edition was altered in the store"] if kept.altered else []),
        *(
            fault
            for one in reports(kept.brief)
            for fault in _report_faults(one, articles)
        ),
        *_passage_faults(kept.brief),
        *_correction_faults(kept.brief),
        *_told_faults(kept.brief, articles),
        *(
            fault
            for name, written in sorted(pages.items())
            for fault in _page_faults(folder / name, written, articles)
        ),
    ]
    return Verdict(edition, len(compared), len(pages), tuple(faults))


def reports(brief: Brief) -> Iterator[Report]:
    """Yield each report of `brief`, in the order shown, of earlier editions, and of corrections."""
    yield from brief.reports()
    for section in brief.sections:
        for story in section.stories:
            yield from (each.report for each in story.timeline)
    if brief.changes:
        for past in (*brief.changes.unchanged, *brief.changes.closed):
            yield past.last.report
    for each in brief.corrections:
        yield from (each.before, each.after)


def _report_faults(
    report: Report, articles: dict[tuple[str, str], Article | None]
) -> Iterator[str]:
    article = articles[report.article_id, report.revision]
    if article is None:
        yield f"article {report.article_id} is not in the store"
        return
    if revision(article.title, article.text) != article.revision:
        yield f"article {article.id} was altered in the store"
    if report.title != article.title:
        yield f"article {article.id}: the title is not the article's: {report.title!r}"
    for sentence in report.sentences:
        if not _stands_in(article, sentence.start, sentence.end, sentence.text):
            yield _altered(article.id, sentence.text)


def _passage_faults(brief: Brief) -> Iterator[str]:
    """Name what stands in a story or on top and in none of its reports, which were compared."""
    known: set[Sentence] = set()
    for section in brief.sections:
        for story in section.stories:
            own = {one for each in story.reports for one in each.sentences}
            known |= own
            for sentence in story.sentences:
                if sentence not in own:
                    yield _altered(sentence.article_id, sentence.text)
    for sentence in brief.top_lines:
        if sentence not in known:
            yield _altered(sentence.article_id, sentence.text)


def _correction_faults(brief: Brief) -> Iterator[str]:
    """Name wordings that stand in neither of a correction's reports, which were compared."""
    for each in brief.corrections:
        both = {*each.before.sentences, *each.after.sentences}
        shown = (one for change in each.changes for one in (change.was, change.now))
        for sentence in filter(None, shown):
            if sentence not in both:
                yield _altered(sentence.article_id, sentence.text)


def _told_faults(
    brief: Brief, articles: dict[tuple[str, str], Article | None]
) -> Iterator[str]:
    """Name the sentences with numbers in dispute or quotations that are not their article's."""
    for section in brief.sections:
        for story in section.stories:
            shown = {each.article_id: each.revision for each in story.reports}
            claims = (one.sentence for each in story.disputes for one in each.claims)
            quoted = (one.sentence for one in story.quotations)
            for at in (*claims, *quoted):
                article = articles.get((at.article_id, shown.get(at.article_id, "")))
                if not article or not _stands_in(article, at.start, at.end, at.text):
                    yield _altered(at.article_id, at.text)
            for one in story.quotations:
                if one.speaker not in one.sentence.text:
                    yield _altered(one.sentence.article_id, one.speaker)


def _page_faults(
    path: Path, written: str, articles: dict[tuple[str, str], Article | None]
) -> Iterator[str]:
    try:
        if not path.is_file():
            yield f"{path}: No such file"
            return
        with path.open("rb") as file:
            page = file.read(PAGE_LIMIT)
    except OSError as error:
        yield f"{path}: {error.strerror}"
        return
    if digest(page) != written:
        yield f"{path}: is not what was written"
    if path.suffix == ".html":
        yield from (f"{path}: {fault}" for fault in _html_faults(page, articles))


def _html_faults(
    page: bytes, articles: dict[tuple[str, str], Article | None]
) -> Iterator[str]:
    """Name the sentences and headlines out of sentences that are not their article's."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(page.decode("utf-8", "replace"))
    except etree.LxmlError:
        yield "is no page any more"
        return
    for element in root.iterfind(".//*[@data-article]"):
        key = (element.get("data-article", ""), element.get("data-revision", ""))
        start, end = element.get("data-start", ""), element.get("data-end", "")
        text = "".join(str(part) for part in element.itertext())
        article = articles.get(key)
        places = start.isdecimal() and end.isdecimal()
        shown = article and places and plain(article.text[int(start) : int(end)])
        if not shown or shown != text:
            yield _altered(key[0], text)


def _stands_in(article: Article, start: int, end: int, text: str) -> bool:
    return article.text[start:end] == text != ""


def _altered(article_id: str, text: str) -> str:
    return f"article {article_id}: not verbatim: {text!r}"
