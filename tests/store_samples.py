"""Invented documents, articles, summaries and briefs for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from briefing.model import (
    Article,
    Brief,
    Coverage,
    Document,
    Failure,
    Published,
    Report,
    Section,
    Sentence,
    SourceState,
    Story,
    Summary,
    TopicHit,
    Window,
    date_of,
)
from briefing.store import Claims, Store

NOON = datetime(2024, 12, 1, 5, 0, tzinfo=UTC)
DAY = "2024-12-01"
HOUR = timedelta(hours=1)
RECIPE = "lead/1 words=66"


def sample_document(number: int = 0, *, body: bytes = b"<p>Hujan.</p>") -> Document:
    return Document(
        url=f"https://contoh.test/{number}",
        source="contoh",
        body=body,
        media_type="text/html",
        fetched=NOON,
        charset="utf-8",
        title="Hujan turun",
        published=NOON - HOUR,
        language="id",
        outlet="Contoh",
    )


def articles_for(
    store: Store, edition: str, *, until: datetime, claims: Claims = "pages"
) -> tuple[Article, ...]:
    """Return the articles that belong to an edition."""
    headings = store.headings_for(edition, until=until, claims=claims)
    return store.articles([(one.id, one.revision) for one in headings])


def sample_article(
    number: int = 0,
    *,
    text: str = "Hujan turun di Depok. Warga senang.",
    **changes: object,
) -> Article:
    url = f"https://contoh.test/{number}"
    plain = Article(
        id=_short(url, 16),
        revision=_short(text, 12),
        url=url,
        source="contoh",
        outlet="Contoh",
        text=text,
        language="id",
        fetched=NOON,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field of Article


def sample_summary(article: Article, *, recipe: str = RECIPE) -> Summary:
    return Summary(article.id, article.revision, recipe, (first_sentence(article),))


def first_sentence(article: Article) -> Sentence:
    end = article.text.find(".") + 1 or len(article.text)
    return Sentence(article.id, 0, end, 0, article.text[:end])


def sample_brief(
    articles: Iterable[Article] = (), *, day: str = DAY, until: datetime = NOON
) -> Brief:
    stories = tuple(
        Story(
            id=article.id[:12],
            reports=(sample_report(article),),
            topics=(TopicHit("cuaca", 2.5, ("hujan",)),),
        )
        for article in articles
    )
    return Brief(
        title="Cuaca",
        language="id",
        zone="Asia/Jakarta",
        date=date_of(day),
        edition=day,
        window=Window(None, until),
        top_lines=tuple(story.reports[0].sentences[0] for story in stories),
        sections=(Section("cuaca", "Cuaca", stories),),
        coverage=Coverage(1, 1, len(stories), len(stories), (("failed", 1),)),
        failures=(Failure("gather", "contoh", "timeout", "20 s"),),
    )


def sample_report(article: Article) -> Report:
    return Report(
        article_id=article.id,
        revision=article.revision,
        url=article.url,
        source=article.source,
        outlet=article.outlet,
        language=article.language,
        sentences=(first_sentence(article),),
        recipe=RECIPE,
        published=Published(NOON, day_only=True, inferred=True),
    )


def sample_state(**changes: object) -> SourceState:
    return replace(SourceState("contoh", checked=NOON), **changes)  # type: ignore[arg-type]  # any field of SourceState


def _short(text: str, length: int) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:length]
