"""A site for tests: three editions, one story that goes on, and whatever a test puts in."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from briefing.model import OTHER, Brief, Name, Section, Story
from briefing.render import catalogue
from briefing.render.press import Site
from briefing.render.site import site_pages
from briefing.store import open_store
from tests.briefs import BRIDGE, report, sample_brief
from tests.postgres import INSTEAD

SITE = Site("Kabar Lembah Kapur", "id", "Asia/Jakarta", "https://kabar.example/kapur/")


def editions() -> list[Brief]:
    """Return three editions, the oldest first; the last tells more of a story of the first."""
    first = sample_brief()
    river = Name("Sungai Kapur", "place", ("1" * 16,), 2)
    bridge = Story(
        "9" * 12,
        (report("1" * 16, BRIDGE[0], title="Jembatan dibuka"),),
        names=(river, Name("Ratna Sela", "person", ("1" * 16,), 1)),
    )
    weather = first.sections[1]
    rain = replace(weather.stories[0], names=(replace(river, name="sungai kapur"),))
    further = replace(
        bridge,
        reports=(report("2" * 16, BRIDGE[2], title="Truk memutar", outlet="Pena"),),
        state="developing",
        since=first.date,
    )
    road = ("jalan", "Jalan & Jembatan")
    after = first.date + timedelta(days=1)
    later = date(first.date.year + 1, 1, 2)
    return [
        replace(
            first,
            sections=(Section(*road, (bridge,)), replace(weather, stories=(rain,))),
        ),
        replace(first, date=after, sections=(Section(OTHER, "", ()),), top_lines=()),
        replace(
            first, date=later, sections=(Section(*road, (further,)),), top_lines=()
        ),
    ]


def pages_of(
    briefs: list[Brief], site: Site = SITE, *, recent: int = catalogue.RECENT
) -> dict[str, str]:
    """Return the pages of a site of some editions; a shelf with more than `recent` is parted."""
    by_key = {one.key: one for one in briefs}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "briefing.db"
        if INSTEAD not in os.environ:
            path.write_bytes(_empty_store())
        with (
            open_store(path) as store,
            patch.object(catalogue, "RECENT", recent),
        ):
            store.tell(dict.fromkeys(by_key, ""), briefs)
            return dict(
                site_pages(
                    site, catalogue.Catalogue(store, store.told()), by_key.__getitem__
                )
            )


@cache
def _empty_store() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "briefing.db"
        open_store(path).close()
        return path.read_bytes()


def written(folder: Path, pages: dict[str, str]) -> Path:
    """Write pages into a folder, and return it."""
    for name, page in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="")
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *given: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Give the address of a web server that shows a folder."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
