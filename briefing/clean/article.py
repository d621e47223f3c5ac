"""Document → Article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from briefing.clean.addresses import addresses
from briefing.clean.charset import decode, visible
from briefing.clean.content import Content
from briefing.clean.names import authors
from briefing.clean.plain import CleanText, clean_text
from briefing.clean.titles import without_site
from briefing.clean.tongue import language_of
from briefing.clean.urls import site_name
from briefing.model import Article, Document, Failure, Published
from briefing.text import (
    article_id,
    find_published,
    one_line,
    parse_date,
    place_name,
    revision,
)
from briefing.text.datelines import written_place
from briefing.text.stamps import EARLIEST, whole_day

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN: Final = frozenset({"text/markdown", "text/x-markdown"})
_WRONG_ZONE: Final = timedelta(hours=14)
"""Most that a moment stated in the wrong zone can lie after the fetch."""
_PLAIN: Final = frozenset({"text/plain"})


def clean(
    document: Document,
    *,
    zone: ZoneInfo,
    language: str = "und",
    noise: Path | None = None,
) -> Article | Failure:
    """Return the article in `document`, or why there is none.

    Cleaning the article's text again as ``text/plain`` under the same title gives the
    same text.

    Args:
        document: as a source gave it.
        zone: the reader's zone, for dates stated without one.
        language: BCP 47 tag taken when neither document nor text tell.
        noise: file or folder with noise rules of the operator's own.

    Raises:
        MemoryError: there is not enough; nothing else.
    """
    try:
        return _clean(document, zone, language, noise)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # one foreign document must not stop the others
        name = type(error).__name__
        return _failure(document, "unexpected", one_line(f"{name}: {error}"))


def _clean(
    document: Document, zone: ZoneInfo, prior: str, noise: Path | None
) -> Article | Failure:
    media_type = document.media_type.partition(";")[0].strip().lower()
    if media_type not in _HTML | _MARKDOWN | _PLAIN:
        return _failure(document, "unsupported", one_line(document.media_type))
    if not document.body.strip():
        return _failure(document, "empty")
    raw = decode(document.body, declared=document.charset, html=media_type in _HTML)
    if raw is None:
        return _failure(document, "binary")
    content = _read(raw, media_type, document)
    article = _article(document, content, zone, prior, noise=noise)
    return article or _failure(document, "no-text")


def _read(text: str, media_type: str, document: Document) -> Content:
    """Return what the text of one of the media types holds."""
    if media_type in _HTML:
        from briefing.clean.page import read_page

        content = read_page(text, url=document.url, fetched=document.fetched)
        return replace(content, text=visible(content.text))
    from briefing.clean.front_matter import read_markdown, read_plain

    text = visible(text)
    return read_markdown(text) if media_type in _MARKDOWN else read_plain(text)


def _article(
    document: Document,
    content: Content,
    zone: ZoneInfo,
    prior: str,
    *,
    noise: Path | None,
) -> Article | None:
    """Return the article, None if no text is left."""
    stated = document.language or content.metadata.language
    outlet = _line(document.outlet) or _line(content.metadata.outlet)
    found = clean_text(
        content.text,
        language=language_of(content.text, stated=stated, prior=prior),
        title=_title(document, content, outlet),
        outlet=outlet,
        site=site_name(document.url),
        noise=noise,
    )
    if not found.text:
        return None
    language = language_of(found.text, stated=stated, prior=prior)
    url, link = addresses(document.url, stated=content.metadata.urls)
    return Article(
        id=article_id(url),
        revision=revision(found.title, found.text),
        url=url,
        source=document.source,
        outlet=outlet or found.outlet or site_name(url) or place_name(document.source),
        text=found.text,
        language=language,
        fetched=document.fetched,
        title=found.title,
        link=link,
        origin=found.agency,
        author=_author(content, outlet or found.outlet),
        published=_published(document, content, found, language=language, zone=zone),
        place=written_place(found.place) if found.place else None,
        truncated=content.truncated or document.incomplete,
    )


def _title(document: Document, content: Content, outlet: str | None) -> str | None:
    """Return the stated title without the site's name, None if none is stated."""
    for stated in (document.title, content.metadata.title):
        title = _line(unescape(stated) if stated else None)
        if title:
            return without_site(title, (outlet, site_name(document.url)))
    return None


def _author(content: Content, outlet: str | None) -> str | None:
    """Return the persons who are stated to have written it, None if none is."""
    stated = _line(content.metadata.author)
    return authors([stated], outlets=filter(None, [outlet])) if stated else None


def _published(
    document: Document,
    content: Content,
    found: CleanText,
    *,
    language: str,
    zone: ZoneInfo,
) -> Published | None:
    """Return the surest date that is not after the fetch, None if there is none.

    Where that is a day, another that tells the time on the same day is taken.
    """
    fetched = document.fetched

    def stated() -> Iterator[Published | None]:
        if document.published:
            yield Published(document.published)
        for stamp in content.metadata.dates:
            yield parse_date(stamp, language=language, zone=zone, now=fetched)

    def candidates() -> Iterator[Published | None]:
        for date in stated():
            early = date and fetched < date.moment <= fetched + _WRONG_ZONE
            yield whole_day(fetched.astimezone(zone).date(), zone) if early else date
        text = "\n".join((*found.stamps, found.text))
        # A folder may hold an archive: when it was read says nothing of its age.
        fresh = document.url.startswith(("http:", "https:"))
        yield find_published(
            text, language=language, zone=zone, fetched=fetched, fresh=fresh
        )

    valid = (
        date for date in candidates() if date and EARLIEST <= date.moment <= fetched
    )
    surest = next(valid, None)
    if surest is None or not surest.day_only:
        return surest
    return next((date for date in valid if _tells_time(date, surest, zone)), surest)


def _tells_time(date: Published, day: Published, zone: ZoneInfo) -> bool:
    """Return whether `date` is a stated time on the same day."""
    same = date.moment.astimezone(zone).date() == day.moment.astimezone(zone).date()
    return same and not date.day_only and not date.inferred


def _line(text: str | None) -> str | None:
    """Return foreign `text` as one line without unseen characters, None if none is left."""
    return " ".join(visible(text or "").split()) or None


def _failure(document: Document, reason: str, detail: str = "") -> Failure:
    return Failure("clean", document.url, reason, detail)
