"""Hostile texts on every kind of page of a site, opened in Chromium; hostile names as file names.

The texts are read from ../shared/data/hostile, never copied. The pages' own content security
policy is taken out first, so that escaping alone must hold.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from briefing.deliver.names import check_names
from briefing.model import Brief, Name, OutletCard, Quotation, Section, Story
from briefing.text import name_slug, slug_of
from tests.briefs import report, sample_brief
from tests.browser.chromium import chromium
from tests.quality.test_hostile_pages import COUNTER, INVENTORY, POLICY, payloads
from tests.sites import SITE, pages_of, written

pytestmark = [pytest.mark.quality]

NAMES = Path(__file__).parents[3] / "shared/data/hostile/path_slugs.jsonl"
BATCH = 320
STORY = "c" * 12
KINDS = (
    "index.html",
    "editions/2024-12-01.html",
    f"stories/{STORY}.html",
    "topics/index.html",
    "topics/jahat.html",
    "outlets/index.html",
    "names/index.html",
)
FOREIGN = "svg:not([viewBox][aria-hidden=true]), svg [onload], svg a, svg script"
SEARCHED = 'document.querySelector("#results[aria-busy=false] a")'


def hostile(texts: list[str]) -> list[Brief]:
    """Return two editions: a story with a report and a quotation for each text, and what goes on."""
    reports = tuple(
        report(
            f"{at:016x}",
            text,
            title=text,
            outlet=text,
            author=text,
            link=text,
            url=f"file:{text}",
            language=text,
            origin=text,
            place=text,
        )
        for at, text in enumerate(texts)
    )
    quoted = tuple(Quotation(one.title or "", one.sentences[0]) for one in reports)
    together = Story(
        STORY,
        reports,
        sentences=reports[0].sentences,
        quotations=quoted,
        names=tuple(Name(one, "", (), 1) for one in texts),
    )
    alone = replace(together, reports=reports[:1], quotations=(), names=())
    other = replace(alone, id="d" * 12, names=together.names)
    first = sample_brief(
        title=texts[0],
        sections=(Section("jahat", texts[0], (together,)),),
        top_lines=(),
    )
    later = replace(
        first,
        date=first.date + timedelta(days=1),
        sections=(Section("jahat", texts[0], (alone, other)),),
    )
    return [first, later]


def check_quiet(tab: Any, folder: Path, kind: str) -> None:
    """Open a page: nothing runs, nothing is loaded from elsewhere, no picture is foreign."""
    asked: list[str] = []
    tab.on("request", lambda one: asked.append(one.url))
    tab.goto((folder / kind).as_uri(), wait_until="load")
    found = tab.evaluate(INVENTORY)
    assert found["executed"] == [], kind
    assert not {"img", "iframe"} & set(found["elements"]), kind
    assert tab.locator(FOREIGN).count() == 0, kind
    assert set(found["schemes"]) <= {"file:", "http:", "https:"}, kind
    assert all(one.startswith(folder.as_uri()) for one in asked), kind
    tab.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_is_executed_or_requested(tmp_path):
    texts = payloads()
    with chromium() as browser:
        context = browser.new_context()
        context.add_init_script(COUNTER)
        for at in range(0, len(texts), BATCH):
            some = texts[at : at + BATCH]
            cards = tuple(OutletCard(one, one, one, one) for one in some)
            site = replace(SITE, title=some[0], cards=cards)
            made = pages_of(hostile(some), site)
            folder = written(
                tmp_path / str(at),
                {
                    name: page.replace(POLICY, "<meta name=x")
                    for name, page in made.items()
                },
            )
            own = [
                f"{place}/{slug}.html"
                for one in some[:: BATCH // 4]
                for place, slug in (
                    ("outlets", slug_of(one)),
                    ("names", name_slug(one)),
                )
            ]
            for kind in (*KINDS, *own):
                check_quiet(context.new_page(), folder, kind)
            tab = context.new_page()
            tab.goto((folder / "search.html").as_uri())
            tab.wait_for_selector("form.search:not([hidden])")
            tab.fill("[name=since]", "2024-01-01")
            tab.wait_for_function(SEARCHED)
            found = tab.evaluate(INVENTORY)
            assert found["executed"] == []
            assert not {"img", "iframe"} & set(found["elements"])
            tab.close()


def test_hostile_names_become_safe_and_different_files():
    if not NAMES.is_file():
        pytest.skip(f"{NAMES} is not there")
    with NAMES.open(encoding="utf-8") as lines:
        names = [json.loads(line)["payload"] for line in lines]
    slugs = {name.strip().casefold(): slug_of(name) for name in names}
    assert all(re.fullmatch("[a-z0-9][a-z0-9-]{0,63}", one) for one in slugs.values())
    assert not any(
        re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", one) for one in slugs.values()
    )
    assert len(set(slugs.values())) == len(slugs), "two names share a file"
    check_names(f"outlets/{one}.html" for one in slugs.values())
