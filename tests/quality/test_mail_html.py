"""The HTML of a mail by the judgement of others: the Nu checker, and caniemail's tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from briefing.render import confirmation
from tests.browser.test_page import BRIEFS
from tests.caniemail import PROGRAMS, constructs, unsupported
from tests.npm import nu_checked, package
from tests.test_mail_words import LINK, mail, many

pytestmark = [pytest.mark.quality, pytest.mark.slow]

PAGES: Final = (*BRIEFS, "many", "confirm")


def page_of(name: str) -> str:
    """Return the HTML of one of `PAGES`."""
    if name == "confirm":
        return confirmation(language="id", list_title="K", link=LINK).html
    return mail(many(150) if name == "many" else BRIEFS[name]()).html


FALLBACKS: Final = {
    # Colours for the dark are all that the style sheet has; the light ones are in the elements.
    "css-at-media": "css-background-color",
    "css-at-media-prefers-color-scheme": "css-background-color",
    "html-meta-color-scheme": "css-background-color",
    "html-style": "css-background-color",
    "html-body": "html-table",  # a table of the whole width has the same colours
    # Two ways to hide the preheader, and to break words that are too long.
    "css-display-none": "css-max-height",
    "css-max-height": "css-display-none",
    "css-overflow": "css-display-none",
    "css-overflow-wrap": "css-word-break",
}
"""What stands in for a construct where a program does not know it."""

OBSOLETE: Final = ("align", "bgcolor", "border", "cellpadding", "cellspacing")
"""Attributes that HTML has given up and mail programs have not (besides sizes of cells)."""


@pytest.fixture(scope="module")
def listed(cache: Path) -> Mapping[str, Any]:
    """caniemail's features by slug."""
    folder = package("caniemail", "1.0.5", cache=cache)
    told = json.loads((folder / "data" / "caniemail.json").read_text("utf-8"))
    return {one["slug"]: one for one in told["data"]}


def test_it_is_valid_html(cache: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.html" for name in PAGES]
    for file in files:
        file.write_text(page_of(file.stem), encoding="utf-8")
    messages = nu_checked(files, cache=cache)
    assert messages, "it says nothing, not even of tables' attributes"
    assert [one for one in messages if not _is_of_tables(one)] == []


def _is_of_tables(message: Mapping[str, Any]) -> bool:
    """Whether it only says that a table's look should be left to styles, which Outlook reads badly."""
    said = message["message"]
    return message["type"] == "info" and any(
        said.startswith(
            f"The “{name}” attribute on the “{element}” element is obsolete"
        )
        for name in (*OBSOLETE, "width", "height")
        for element in ("table", "td")
    )


@pytest.mark.parametrize("name", PAGES)
def test_what_a_mail_program_does_not_know_has_a_fallback(
    listed: Mapping[str, Any], name: str
) -> None:
    page = page_of(name)
    used = constructs(page)
    assert len(used & listed.keys()) > 30, "the constructs are not found"
    missing = unsupported(page, listed)
    assert missing.keys() <= FALLBACKS.keys()
    for slug, programs in missing.items():
        other = FALLBACKS[slug]
        assert other in used, f"{other}, which stands in for {slug}, is not used"
        assert not programs & missing.get(other, set()), (slug, other)


def test_no_fallback_is_kept_for_what_is_used_no_more(
    listed: Mapping[str, Any],
) -> None:
    found = {slug for name in PAGES for slug in unsupported(page_of(name), listed)}
    assert found == FALLBACKS.keys()


@pytest.mark.parametrize(
    ("markup", "feature"),
    [
        ('<div style="display:flex">', "css-display-flex"),
        ('<div style="width: calc(1px + 2%)">', "css-unit-calc"),
        ('<div style="padding-inline-end: 1px">', "css-padding-inline-start-end"),
        ('<div style="position: fixed">', "css-position"),
        ('<p style="width: 3rem">', "css-unit-rem"),
        ("<style>p:hover { color: red }</style>", "css-pseudo-class-hover"),
        ("<style>p > b { color: red }</style>", "css-selector-child"),
        ("<style>@media (hover) { p { color: red } }</style>", "css-at-media-hover"),
        ("<svg></svg>", "html-svg"),
        ("<bdi>x</bdi>", "html-bdi"),
        ('<a href="#x">x</a>', "html-anchor-links"),
    ],
)
def test_the_check_sees_what_it_should(
    listed: Mapping[str, Any], markup: str, feature: str
) -> None:
    assert feature in unsupported(f"<html><body>{markup}</body></html>", listed)
    assert {each.split()[0] for each in unsupported(markup, listed)[feature]} <= {
        *PROGRAMS
    }
