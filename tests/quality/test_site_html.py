"""The HTML of a site by the judgement of the Nu checker: every page of one, and all kinds there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from briefing.model import OutletCard
from tests.npm import nu_checked
from tests.sites import SITE, editions, pages_of, written

pytestmark = [pytest.mark.quality, pytest.mark.slow]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_valid_html(tmp_path: Path, cache: Path, language: str) -> None:
    card = OutletCard("Pena", "Indonesia", citation="https://pena.example/")
    site = replace(SITE, language=language, cards=(card,))
    briefs = [replace(one, language=language) for one in editions()]
    folder = written(tmp_path, pages_of(briefs, site))
    messages = nu_checked(sorted(folder.rglob("*.html")), cache=cache)
    errors = [one for one in messages if one["type"] != "info"]
    assert [(one["message"], one["url"]) for one in errors] == []
