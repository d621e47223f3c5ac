"""Small answers that are much work: whatever comes, the other sources are read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from briefing.gather import Feed, Http, gather, parsing
from briefing.model import Gathered, SourceState
from briefing.workers import Workers
from tests.web import Answer, Route, web_server

NOW = datetime(2024, 11, 20, 1, 0, tzinfo=UTC)
HEAD = "<rss version='2.0'><channel><title>K</title>"
GOOD = f"{HEAD}<item><title>J</title><link>/a</link></item></channel></rss>"
BROKEN = f"{HEAD}<item><title>J</b></title><link>/a</link></item>"


def packed(body: str, media_type: str = "application/rss+xml") -> Answer:
    """Return an answer that is small on the way."""
    return Answer(
        gzip.compress(body.encode()),
        media_type=media_type,
        headers={"Content-Encoding": "gzip"},
    )


def told(visit: Gathered) -> list[tuple[str, str]]:
    return [(one.reason, one.detail) for one in visit.failures]


@pytest.mark.parametrize(
    "piece", ["<b>", "<a ", "&"], ids=["tags", "half a tag", "references"]
)
def test_a_feed_that_is_too_much_work(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        parsing, "parsers", lambda: Workers(2, few=2, seconds=1, memory=400_000_000)
    )
    bomb = packed(HEAD + piece * (4_900_000 // len(piece)))
    routes: dict[str, Route] = {
        "/bomb": bomb, "/good": GOOD, "/broken": BROKEN, "/a": "<p>Isi"
    }  # fmt: skip
    with web_server(routes) as site, Http(private=True) as http:
        feeds = [
            Feed(name, site.url(f"/{name}"), http=http, private=True)
            for name in ("bomb", "good", "broken")
        ]
        bad, *others = gather(
            feeds, state=SourceState, known=lambda url: False, now=NOW
        )
    assert [len(visit.documents) for visit in others] == [1, 1]
    assert not bad.documents
    [(reason, _)] = told(bad)
    assert reason in {"too-slow", "too-big", "too-large"}
