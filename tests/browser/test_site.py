"""A static site in a real browser, from a folder and from a web server at a sub-path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from briefing.model import Section, Story
from briefing.text import folded_words, name_slug
from tests.briefs import report
from tests.sites import SITE, editions, pages_of, served, written

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KINDS = [
    "index.html",
    "editions/2024-12-01.html",
    "stories/999999999999.html",
    "topics/index.html",
    "topics/jalan.html",
    "topics/jalan/2025.html",
    "topics/jalan/2025-01.html",
    "outlets/index.html",
    "outlets/pena.html",
    "names/index.html",
    f"names/{name_slug('Sungai Kapur')}.html",
    "archive/index.html",
    "archive/2024.html",
    "search.html",
]
HEADLINE = "Hujan lebat tiga hari berturut-turut menutup jalan ke empat desa…"
"""Of a story without a title."""

WIDTHS = (360, 768, 1920)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    long = "w" * 120
    one = report("4" * 16, f"{long}.", title=long, outlet=long, language="ar")
    awkward = Section("jauh", long, (Story("7" * 12, (one,)),))
    first, *others = editions()
    first = replace(first, sections=(awkward, *first.sections))
    written(root / "kapur", pages_of([first, *others], SITE, recent=1))
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


HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def searching(tab, root):
    """The page of the search, ready."""
    tab.goto(f"{root}/search.html")
    tab.wait_for_selector("form.search:not([hidden])")
    return tab


def found(tab, query: str = "", **wanted: str) -> list[str]:
    """Return the headings that are found."""
    for name in ("topics", "outlets"):
        tab.select_option(f"[name={name}]", wanted.get(name, ""))
    for name in ("since", "until"):
        tab.fill(f"[name={name}]", wanted.get(name, ""))
    tab.fill("[name=q]", query)
    tab.wait_for_selector("#results[aria-busy=false]", state="attached")
    return list(tab.locator("#results a").all_inner_texts())


def test_search_finds_a_word_by_its_stem(searching):
    bridges = found(searching, "jembatan")
    assert bridges[0] == "Jembatan dibuka"
    assert found(searching, "memakai") == found(searching, "dipakai") != []
    assert found(searching, "pakai") == found(searching, "dipakai")


def test_search_forgives_a_slip_and_an_unfinished_word(searching):
    assert found(searching, "jmebatan") == found(searching, "jembatan")
    assert found(searching, "gunu") == [HEADLINE]
    assert found(searching, "zzzzzz") == []
    assert searching.locator("#count").inner_text() == "Tidak ditemukan."


def test_search_is_narrowed_by_topic_outlet_and_date(searching):
    assert found(searching, "", outlets="pena", since="2025-01-01") == ["Truk memutar"]
    assert "Truk memutar" not in found(searching, "", until="2024-12-31")
    assert found(searching, "", topics="cuaca") == [HEADLINE]
    assert found(searching, "jembatan", topics="cuaca") == []


def test_search_loads_only_what_it_needs_and_nothing_from_elsewhere(searching, root):
    before = {one for one in searching.requests if "/search/" in one}
    assert {one.rpartition("/")[2] for one in before} == {"index.js"}
    found(searching, "jembatan")
    after = {
        one.partition("/search/")[2] for one in searching.requests if "/search/" in one
    }
    assert after == {
        "index.js",
        "w-je.js",
        "2024/index.js",
        "2024/w-je.js",
        "2025/index.js",
        "editions/2024-12-01.js",
    }
    own = [one for one in searching.requests if not one.endswith("/favicon.ico")]
    assert all(one.startswith(root) for one in own)
    assert [one for one in searching.complaints if "favicon" not in one] == []


def test_search_works_by_keyboard_and_leads_to_the_day(searching, root):
    searching.focus("input[name=q]")
    searching.keyboard.type("truk memutar")
    searching.keyboard.press("Enter")
    searching.wait_for_selector("#results[aria-busy=false] a")
    searching.focus("#results a")
    searching.keyboard.press("Enter")
    searching.wait_for_url("**/stories/999999999999.html#2025-01-02")


def test_what_is_found_stays_text(browser, tmp_path):
    one = report("5" * 16, f"Kata {HOSTILE}.", title=f"Jahat {HOSTILE}", outlet=HOSTILE)
    section = Section("jahat", HOSTILE, (Story("6" * 12, (one,)),))
    brief = replace(editions()[0], title=HOSTILE, sections=(section,), top_lines=())
    written(tmp_path, pages_of([brief], SITE))
    tab = browser.new_page()
    said: list[str] = []

    def hear(dialog):
        said.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", hear)
    tab.goto((tmp_path / "search.html").as_uri())
    tab.wait_for_selector("form.search:not([hidden])")
    assert found(tab, "jahat") == [f"Jahat {HOSTILE}"]
    assert tab.locator("img").count() == 0
    assert said == []
    tab.close()


@pytest.mark.parametrize(
    "text",
    [
        "Tehrān, asa’ib dan anti-teror 2024",
        "Łódź, Đà Nẵng, Ørsted, Straße, ΌΔΟΣ",
        "中国人民 dan ニュース, 中",
        "भारत और السَّلَام",
        "ข่าววันนี้ rusuh-rusuh -lepas- 'kutip'",
    ],
)
def test_the_browser_reads_words_as_the_index_does(browser, text):
    script = (Path(__file__).parents[2] / "templates/search.js").read_text("utf-8")
    defined = script[
        script.index("  const DIACRITICS") : script.index("  const partOf")
    ]
    page = browser.new_page()
    found = page.evaluate(f"(text) => {{ {defined} return wordsOf(text); }}", text)
    page.close()
    assert found == folded_words(text)
