"""The HTML page in a real browser: quiet, accessible, and never wider than its window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.model import Section, Story
from briefing.render import render
from tests.briefs import report, sample_brief

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (320, 360, 414, 768, 1280, 1920)
ARABIC = "أُغلقت ثلاثة شوارع في المدينة القديمة يوم الخميس لإصلاح شبكة المياه."


def awkward():
    """Return a brief with a script from the right, a long word and a long address."""
    brief = sample_brief()
    long = "w" * 120
    one = report(
        "e" * 16,
        ARABIC,
        long + ".",
        language="ar",
        title=None,
        outlet=long,
        place=long,
        link=f"https://warta.example/{long}",
    )
    two = replace(
        one,
        article_id="f" * 16,
        sentences=tuple(replace(each, article_id="f" * 16) for each in one.sentences),
    )
    both = Story("4" * 12, (one, two), sentences=(*two.sentences, *one.sentences))
    section = Section("jauh", long, (both,))
    return replace(
        brief,
        title=long,
        top_lines=one.sentences,
        sections=(*brief.sections, section),
    )


BRIEFS = {
    "sample": sample_brief,
    "awkward": awkward,
    "english": lambda: sample_brief(language="en"),
    "empty": lambda: sample_brief(
        sections=(Section("jalan", "Jalan", ()),), top_lines=(), failures=()
    ),
}


@pytest.fixture(params=BRIEFS)
def address(request, tmp_path):
    """The ``file:`` address of a page written to disk."""
    brief = BRIEFS[request.param]()
    path = tmp_path / f"{brief.date}.html"
    path.write_text(render(brief)[path.name], encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def tab(browser, address):
    """The page opened, with its requests and complaints written down."""
    page = browser.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address)
    yield page
    page.close()


def test_opens_from_a_file_without_a_request_or_complaint(tab, address):
    assert tab.requests == [address]
    assert tab.complaints == []
    assert tab.locator("h1").count() == 1
    assert tab.evaluate("document.compatMode") == "CSS1Compat"


def test_never_scrolls_sideways(tab):
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        found = tab.evaluate("document.documentElement.scrollWidth")
        assert found <= width, f"{found} px wide in a window of {width} px"


def test_lines_are_not_too_long_to_read(tab):
    tab.set_viewport_size({"width": 1920, "height": 1000})
    width, letter = tab.evaluate(
        """() => {
          const main = document.querySelector("main");
          const probe = document.createElement("span");
          probe.textContent = "n".repeat(100);
          main.append(probe);
          const letter = probe.getBoundingClientRect();
          const size = parseFloat(getComputedStyle(main).fontSize);
          probe.remove();
          return [main.getBoundingClientRect().width, size];
        }"""
    )
    assert width / (letter / 2) <= 80  # a letter is about half as wide as it is high


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(tab, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 800})
    results = axe.Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()


def test_dark_and_light_differ_on_the_screen_but_not_on_paper(tab):
    def paper(**media):
        tab.emulate_media(**media)
        return tab.evaluate("getComputedStyle(document.body).backgroundColor")

    light = paper(media="screen", color_scheme="light")
    assert light != paper(media="screen", color_scheme="dark")
    assert paper(media="print", color_scheme="dark") == "rgb(255, 255, 255)"


def test_paper_has_addresses_and_no_contents(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(render(sample_brief())["2024-12-01.html"], encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('.read'), '::after').content"
    )
    assert "https://warta.example/" in shown
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()


def test_keyboard_reaches_every_link_and_shows_where_it_is(tab):
    count = tab.locator("a").count()
    for number in range(count):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(
            """() => {
              const here = document.activeElement;
              return [
                [...document.querySelectorAll("a")].indexOf(here),
                getComputedStyle(here).outlineStyle,
              ];
            }"""
        )
        assert focused == [number, "solid"]
