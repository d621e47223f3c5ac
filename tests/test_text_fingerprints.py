from __future__ import annotations

import re
from hashlib import sha256

from briefing.text import article_id, digest, revision, story_id


def test_they_are_the_same_on_every_machine() -> None:
    assert digest(b"") == sha256(b"").hexdigest()
    assert article_id("https://example.org/a") == "b5b10dd0429e69ac"


def test_their_lengths() -> None:
    assert re.fullmatch("[0-9a-f]{16}", article_id("x"))
    assert re.fullmatch("[0-9a-f]{12}", revision("x", "y"))
    assert re.fullmatch("[0-9a-f]{12}", story_id("x"))
    assert re.fullmatch("[0-9a-f]{64}", digest(b"x"))


def test_a_revision_tells_title_from_text() -> None:
    assert revision("a b", "c") != revision("a", "b c")
    assert revision(None, "c") == revision("", "c")
    assert revision("a", "c") != revision("a", "d")


def test_a_story_is_not_its_article() -> None:
    assert not article_id("x").startswith(story_id("x"))
    assert story_id("x") != story_id("y")


def test_broken_characters_have_fingerprints_too() -> None:
    assert article_id("\ud800") != article_id("\ud801")
