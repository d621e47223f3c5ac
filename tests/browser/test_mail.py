"""The HTML of a mail in a real browser: quiet, readable on a phone, in light and in dark."""

from __future__ import annotations

import pytest

from briefing.render import confirmation
from tests.browser.test_page import BRIEFS
from tests.test_mail_words import LINK, mail

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTRAST = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => rgb(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const back = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if ((rgb(c)[3] ?? 1) > 0) return c; }
    return 'rgb(255,255,255)'; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = [];
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (!text || !e.checkVisibility() || getComputedStyle(e).fontSize === '1px') continue;
    const [a, b] = [light(getComputedStyle(e).color), light(back(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) low.push([text.slice(0, 30), ratio]);
  }
  return low;
}"""
"""Texts with less contrast than 4.5 to 1 (WCAG 2.1, 1.4.3)."""


@pytest.fixture(params=[*BRIEFS, "confirm"])
def path(request, tmp_path):
    """The file of a mail's HTML."""
    file = tmp_path / "mail.html"
    file.write_text(words_of(request.param).html, encoding="utf-8")
    return file


def words_of(name):
    if name == "confirm":
        return confirmation(language="id", list_title="Kabar Kapur", link=LINK)
    return mail(BRIEFS[name]())


@pytest.mark.parametrize("width", [320, 360, 800])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_quiet_fits_the_window_and_can_be_read(browser, path, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.emulate_media(color_scheme=scheme)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    assert requests == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []
    page.close()


def test_it_can_be_read_where_all_style_sheets_are_dropped(browser, tmp_path):
    """Gmail's apps drop the style sheet: what is inlined has to do."""
    path = tmp_path / "mail.html"
    words = mail().html
    start, end = words.index("<style"), words.index("</style>")
    path.write_text(words[:start] + words[end:], encoding="utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(CONTRAST) == []
    page.close()
