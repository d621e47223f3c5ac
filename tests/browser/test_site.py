"""A static site in a real browser, from a folder and from a web server at a sub-path."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from briefing.model import Section, Story
from tests.briefs import report
from tests.sites import SITE, editions, pages_of, written

pytestmark = pytest.mark.browser

KINDS = [
    "index.html",
    "editions/2024-12-01.html",
    "stories/999999999999.html",
    "topics/index.html",
    "topics/jalan.html",
    "topics/jalan/2025.html",
    "outlets/pena.html",
    "archive/index.html",
    "archive/2024.html",
]
WIDTHS = (360, 768, 1920)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *given: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder):
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    long = "w" * 120
    one = report("4" * 16, f"{long}.", title=long, outlet=long, language="ar")
    awkward = Section("jauh", long, (Story("7" * 12, (one,)),))
    first, *others = editions()
    first = replace(first, sections=(awkward, *first.sections))
    written(root / "kapur", pages_of([first, *others], SITE))
    return root


@pytest.fixture(scope="module", params=["file", "http"])
def root(request, folder):
    """The address of the site's folder, below another one."""
    if request.param == "file":
        yield (folder / "kapur").as_uri()
        return
    with served(folder) as address:
        yield f"{address}/kapur"


@pytest.fixture
def tab(browser, root):
    page = browser.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_opens_quietly_and_is_never_too_wide(tab, root, kind):
    tab.goto(f"{root}/{kind}")
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        found = tab.evaluate("document.documentElement.scrollWidth")
        assert found <= width, f"{found} px wide in a window of {width} px"
    own = [one for one in tab.requests if not one.endswith("/favicon.ico")]
    assert all(one.startswith(root) for one in own), own
    assert [one for one in tab.complaints if "favicon" not in one] == []
    assert tab.locator("h1").count() == 1
    assert tab.evaluate("getComputedStyle(document.body).maxWidth") != "none"


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser, folder, kind):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab = browser.new_page(viewport={"width": 360, "height": 800})
    tab.goto((folder / "kapur" / kind).as_uri())
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        results = axe.Axe().run(tab)
        assert results.violations_count == 0, results.generate_report()
    tab.close()


def test_the_keyboard_alone_leads_to_a_story(tab, root):
    tab.goto(f"{root}/index.html")
    seen = []
    for _ in range(40):
        tab.keyboard.press("Tab")
        where = tab.evaluate("document.activeElement.getAttribute('href') || ''")
        seen.append(where)
        if where.startswith("stories/"):
            break
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/stories/*.html")
    assert "Truk memutar" in tab.locator("h1").inner_text(), seen
