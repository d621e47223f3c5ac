"""50 faulty servers and 50 good ones in one round: every article is there, every fault is named.

How long it takes follows from the limits, and is held by them: as many visits go on at a time
that those which end only by the deadline are over in less than a minute.
"""

from __future__ import annotations

import math
import re
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import perf_counter

import pytest

from briefing.gather import Feed, Http, gather
from briefing.gather.http import DEADLINE
from briefing.gather.round import THREADS
from briefing.model import SourceState
from tests.rude import RUDE, rude_server
from tests.web import Answer, Route, web_server

pytestmark = [pytest.mark.quality, pytest.mark.slow]

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)
PAGES = 10
MOST_MEMORY = 300
"""MB that the round adds to this process, the servers in it included."""

FAULTS: tuple[tuple[Answer | str, str], ...] = (
    (Answer(status=404), "http-status"),
    (Answer(status=500), "http-status"),
    ("<!DOCTYPE html><html><body>Masuk</body></html>", "not-a-feed"),
    (Answer(status=302, headers={"Location": "/feed"}), "redirects"),
)


def good_routes(number: int) -> dict[str, Route]:
    items = "".join(f"<item><link>/{at}</link></item>" for at in range(PAGES))
    page = f"<html><body><p>Berita {number}.</p>{'<p>Isi panjang.</p>' * 1_000}"
    return {
        "/feed": f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>",
        **{f"/{at}": page for at in range(PAGES)},
    }


def test_every_article_is_there_and_every_fault_is_named() -> None:
    assert math.ceil(50 / THREADS) * DEADLINE <= 60
    expected: dict[str, str] = {}
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
    with ExitStack() as servers, Http(private=True) as http:
        good, bad = [], []
        for number in range(50):
            site = servers.enter_context(web_server(good_routes(number)))
            good.append(Feed(f"baik-{number}", site.url("/feed"), http=http))
        for number, (script, reason) in enumerate((RUDE * 2)[: 50 - len(FAULTS)]):
            url = servers.enter_context(rude_server(script))
            bad.append(Feed(f"buruk-{number}", url, http=http))
            expected[f"buruk-{number}"] = reason
        for number, (answer, reason) in enumerate(FAULTS, len(bad)):
            site = servers.enter_context(web_server({"/feed": answer}))
            bad.append(Feed(f"buruk-{number}", site.url("/feed"), http=http))
            expected[f"buruk-{number}"] = reason
        assert len(bad) == 50
        Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
        before = megabytes("VmRSS")
        began = perf_counter()
        sources = list(chain.from_iterable(zip(bad, good, strict=True)))
        visits = list(
            gather(sources, state=SourceState, known=lambda url: False, now=NOW)
        )
        took = perf_counter() - began
    by_id = {visit.source: visit for visit in visits}
    assert [len(by_id[one.id].documents) for one in good] == [PAGES] * 50
    assert not any(by_id[one.id].failures for one in good)
    assert {one.id: by_id[one.id].failures[0].reason for one in bad} == expected
    assert all(by_id[one.id].failures[0].detail for one in bad)
    peak = megabytes("VmHWM") - before
    print(f"\n50 faulty and 50 good servers: {took:.1f} s, {peak:.0f} MB")
    assert peak <= MOST_MEMORY


def megabytes(name: str) -> float:
    """Return a figure of this process as the system tells it (proc(5))."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1024
