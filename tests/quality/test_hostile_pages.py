"""Hostile texts in every field of a brief, opened in Chromium: no script, no request.

The texts are read from ../shared/data/hostile/xss.jsonl, never copied. The page's own
content security policy is taken out first, so that escaping alone must hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import markdown
import pytest

from briefing.model import Brief, Failure, Published, Section, Sentence, Story, TopicHit
from briefing.render import render
from tests.briefs import report, sample_brief
from tests.browser.chromium import chromium

pytestmark = [pytest.mark.quality, pytest.mark.browser, pytest.mark.slow]

TEXTS = Path(__file__).parents[3] / "shared" / "data" / "hostile" / "xss.jsonl"
BATCH = 320
POLICY = '<meta http-equiv="Content-Security-Policy"'
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "nav"),
    *("section", "article", "footer", "h1", "h2", "h3", "p", "ol", "ul", "li", "dl"),
    *("dt", "dd", "div", "span", "a", "b", "bdi", "code", "time", "strong"),
}
ATTRIBUTES = {
    *(
        "lang",
        "dir",
        "charset",
        "name",
        "content",
        "class",
        "id",
        "href",
        "rel",
        "title",
    ),
    *("aria-labelledby", "aria-label", "datetime", "http-equiv"),
    *("data-article", "data-revision", "data-start", "data-end"),
}
COUNTER = """
window.executed = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...given) => { window.executed.push(name + ":" + given); };
"""
INVENTORY = """() => {
  const all = [...document.querySelectorAll("*")];
  return {
    executed: window.executed,
    elements: [...new Set(all.map((one) => one.localName))],
    attributes: [...new Set(all.flatMap((one) => one.getAttributeNames()))],
    schemes: [...new Set([...document.links].map((one) => one.protocol))],
  };
}"""


def payloads() -> list[str]:
    """Return the hostile strings that are not whole feeds."""
    if not TEXTS.is_file():
        pytest.skip(f"{TEXTS} is not there")
    with TEXTS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["payload"] for row in rows if row.get("kind") != "feed"]


def story(text: str) -> Story:
    """Return a story with `text` in all its fields."""
    sentences = tuple(Sentence(text, 0, 1, position, text) for position in (0, 2))
    titled = report(
        text,
        revision=text,
        url=f"file:{text}",
        link=text,
        source=text,
        outlet=text,
        language=text,
        sentences=sentences,
        recipe=text,
        title=text,
        origin=text,
        place=text,
        published=Published(datetime(2024, 11, 30, tzinfo=UTC)),
    )
    untitled = replace(titled, title=None, link=f"https://warta.example/{text}")
    return Story(text, (titled, untitled), (TopicHit(text, 1.0, (text,)),))


def brief(texts: tuple[str, ...]) -> Brief:
    """Return a brief in which each of `texts` stands in every field."""
    stories = [story(text) for text in texts]
    return sample_brief(
        title=" ".join(texts),
        top_lines=tuple(one.reports[0].sentences[0] for one in stories),
        sections=tuple(
            Section(text, text, (one,))
            for text, one in zip(texts, stories, strict=True)
        ),
        failures=tuple(Failure("gather", text, text, text) for text in texts),
    )


def documents(texts: tuple[str, ...]) -> Iterator[str]:
    """Yield the HTML page, and the Markdown page as Python-Markdown converts it."""
    pages = render(brief(texts))
    page = pages["2024-12-01.html"]
    assert page.count(POLICY) == 1
    yield page.replace(POLICY, '<meta name="policy"')
    converted = markdown.markdown(pages["2024-12-01.md"], extensions=["tables"])
    yield f"<!doctype html><meta charset=utf-8><title>x</title>{converted}"


def test_nothing_is_executed_or_requested(tmp_path):
    texts = payloads()
    assert len(texts) > 3000
    found: dict[str, set[str]] = {"executed": set(), "schemes": set()}
    requests: list[str] = []
    with chromium() as browser:
        tab = browser.new_page()
        tab.add_init_script(COUNTER)
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("dialog", lambda dialog: dialog.dismiss())
        for number in range(0, len(texts), BATCH):
            some = tuple(texts[number : number + BATCH])
            for kind, document in enumerate(documents(some)):
                path = tmp_path / f"{number}-{kind}.html"
                path.write_text(document, encoding="utf-8")
                tab.goto(path.as_uri())
                seen = tab.evaluate(INVENTORY)
                assert set(seen["elements"]) <= ELEMENTS
                assert set(seen["attributes"]) <= ATTRIBUTES
                found["executed"] |= set(seen["executed"])
                found["schemes"] |= set(seen["schemes"])
    assert found["executed"] == set()
    # "file:" are the page's own anchors, ":" an address that no browser can open.
    assert found["schemes"] <= {"http:", "https:", "file:", ":"}
    assert [each for each in requests if not each.startswith(tmp_path.as_uri())] == []


def test_the_measure_sees_what_is_executed(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<script>alert(1)</script><a href='javascript:x'>x</a>")
    with chromium() as browser:
        tab = browser.new_page()
        tab.add_init_script(COUNTER)
        tab.goto(path.as_uri())
        seen = tab.evaluate(INVENTORY)
    assert seen["executed"] == ["alert:1"]
    assert seen["schemes"] == ["javascript:"]
    assert "script" in seen["elements"]
