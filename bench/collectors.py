"""``python -m bench.collectors [SOURCES [COLLECTORS]]``: several collectors of one store on a server.

Sources are feeds of one entry with a page, five on each host; hosts are addresses of the loopback interface. The same
is done by one collector and by several processes. Prints how many sources were visited twice, how often two collectors
were at a host at once, and how near to each other requests to a host came, as its server saw them.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from aiohttp import web

PER_HOST: Final = 5
SPACING: Final = 0.2
NOW: Final = datetime(2024, 12, 1, tzinfo=UTC)


@dataclass
class Seen:
    """Requests as servers saw them: host → when, until when, by whom; and how often each feed."""

    hosts: dict[str, list[tuple[float, float, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    feeds: Counter[str] = field(default_factory=Counter)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request, and write it down."""
        began = time.monotonic()
        response = self._answer(request)
        await asyncio.sleep(0.02)  # as far as a server is away
        whom = request.headers["User-Agent"]
        self.hosts[request.host].append((began, time.monotonic(), whom))
        return response

    def _answer(self, request: web.Request) -> web.Response:
        kind, _, number = request.match_info["path"].partition("/")
        if kind == "berita":
            text = f"<p>Pasar nomor {number} dibuka lagi setelah diperbaiki, kata kepala pasar.</p>"
            page = f"<title>Pasar {number}</title><article><h1>Pasar {number}</h1>{text * 3}</article>"
            return web.Response(text=page, content_type="text/html")
        if kind != "umpan":
            return web.Response(status=404)
        self.feeds[f"{request.host}{request.path}"] += 1
        item = f"<item><title>Pasar {number}</title><link>http://{request.host}/berita/{number}</link></item>"
        feed = f'<rss version="2.0"><channel><title>Pena</title>{item}</channel></rss>'
        return web.Response(text=feed, content_type="application/rss+xml")

    def told(self) -> dict[str, object]:
        """Return what is printed of it."""
        together, apart = 0, []
        for visits in map(sorted, self.hosts.values()):
            for (began, ended, whom), (after, _, other) in pairwise(visits):
                together += after < ended and whom != other
                apart.append(after - began)
        return {
            "requests": sum(map(len, self.hosts.values())),
            "feeds asked": len(self.feeds),
            "asked twice": sum(many > 1 for many in self.feeds.values()),
            "two collectors at a host at once": together,
            "least seconds between requests to a host": round(min(apart), 3),
            "nearer than 9/10 of the spacing": sum(
                one < 0.9 * SPACING for one in apart
            ),
        }


@contextmanager
def _served(seen: Seen) -> Iterator[int]:
    """Serve on all loopback addresses; give the port."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    port = 0

    async def serve() -> None:
        nonlocal port
        app = web.Application()
        app.router.add_get("/{path:.*}", seen.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0)  # it ends with the measure
        await site.start()
        port = runner.addresses[0][1]
        ready.set()

    def run() -> None:
        loop.create_task(serve())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    ready.wait()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(loop.stop)


def collect(folder: Path, address: str, urls: Sequence[str], name: str) -> None:
    """Collect feeds into a store; `name` tells servers who asks."""
    from briefing.gather import Feed, Http
    from briefing.pipeline import collect as collected
    from briefing.settings import starter_settings
    from briefing.store import open_store

    settings = starter_settings(folder)
    with (
        open_store(address) as store,
        store.leases() as leases,
        Http(contact=name, private=True, spacing=SPACING, slot=leases.slot) as http,
    ):
        feeds = [Feed(f"umpan{at}", url, http=http) for at, url in enumerate(urls)]
        run = collected(settings, store, feeds, clock=lambda: NOW, leases=leases)
        print(name, dict(run.counts), len(run.failures), flush=True)


def _url(at: int, sources: int, port: int) -> str:
    host = at % (sources // PER_HOST) + 1
    return f"http://127.0.{host // 250}.{host % 250 + 1}:{port}/umpan/{at}"


def main(sources: int, collectors: int) -> None:
    from briefing.store import open_store
    from tests.postgres import empty

    fork = multiprocessing.get_context("forkserver")
    for count in (1, collectors):
        seen, address = Seen(), empty(f"pengumpul{count}")
        open_store(address).close()
        with _served(seen) as port, tempfile.TemporaryDirectory() as folder:
            urls = [_url(at, sources, port) for at in range(sources)]
            began = time.perf_counter()
            running = [
                fork.Process(
                    target=collect,
                    args=(Path(folder), address, urls, f"pengumpul{number}"),
                )
                for number in range(count)
            ]
            for one in running:
                one.start()
            for one in running:
                one.join()
            seconds = round(time.perf_counter() - began, 1)
        with open_store(address) as store:
            documents = store.count_documents()
        print(
            {"collectors": count, "seconds": seconds, "documents": documents},
            seen.told(),
            flush=True,
        )


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [1000, 2][len(given) :]))
