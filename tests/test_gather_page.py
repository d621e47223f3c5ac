from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from briefing.gather import Http, Page
from briefing.model import Gathered, SourceState
from tests.web import Answer, Request, Site, web_server

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5) as client:
        yield client


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({}) as running:
        yield running


def visit(page: Page, state: SourceState | None = None) -> Gathered:
    before = state or SourceState("laman")
    return page.fetch(state=before, known=lambda url: True, now=NOW)


@pytest.mark.parametrize(
    ("body", "declared", "media_type", "charset"),
    [
        ("<p>Isi", "text/html; charset=utf-8", "text/html", "utf-8"),
        ("<p>Isi", "application/xhtml+xml", "text/html", None),
        ("Isi", "text/plain", "text/plain", None),
        ("# Isi", "text/markdown", "text/markdown", None),
        (" <p>Isi", None, "text/html", None),
        ("Isi", "application/octet-stream", "text/plain", None),
    ],
)
def test_pages(
    *,
    http: Http,
    site: Site,
    body: str,
    declared: str | None,
    media_type: str,
    charset: str | None,
) -> None:
    site.routes["/a"] = Answer(body, media_type=declared)
    page = Page("laman", site.url("/a"), outlet="Warta", language="id", http=http)
    visited = visit(page)
    [document] = visited.documents
    assert (document.media_type, document.charset) == (media_type, charset)
    assert (document.url, document.body) == (page.url, body.encode())
    assert (document.outlet, document.language) == ("Warta", "id")
    assert (document.title, document.published) == (None, None)
    assert visited.answered


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (Answer(" "), "empty", ""),
        (
            Answer("%PDF", media_type="application/pdf"),
            "unsupported",
            "application/pdf",
        ),
        (Answer(b"PK\0", media_type=None), "binary", ""),
        (Answer(status=503), "http-status", "503"),
    ],
)
def test_what_is_no_page(
    *, http: Http, site: Site, answer: Answer, reason: str, detail: str
) -> None:
    site.routes["/a"] = answer
    visited = visit(Page("laman", site.url("/a"), http=http))
    [failure] = visited.failures
    assert (failure.subject, failure.reason, failure.detail) == (
        "laman",
        reason,
        detail,
    )
    assert (visited.answered, visited.state.failures) == (False, 1)


def test_an_unchanged_page_brings_nothing(http: Http, site: Site) -> None:
    def page(request: Request) -> Answer:
        unchanged = "if-none-match" in request.headers
        return Answer("Isi", status=304 if unchanged else 200, headers={"ETag": '"1"'})

    site.routes["/a"] = page
    source = Page("laman", site.url("/a"), http=http)
    first = visit(source)
    second = visit(source, first.state)
    assert (len(first.documents), len(second.documents)) == (1, 0)
    assert (second.answered, second.state) == (True, first.state)


def test_passwords_are_shown_nowhere(http: Http, site: Site) -> None:
    site.routes["/a"] = "Isi"
    page = Page("laman", site.url("/a").replace("//", "//ani:rahasia@"), http=http)
    visited = visit(page)
    assert visited.documents[0].url == site.url("/a")
    assert "rahasia" not in repr((page, visited))
