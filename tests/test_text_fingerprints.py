from __future__ import annotations

import os
import re
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from briefing.text import (
    article_id,
    digest,
    place_id,
    place_name,
    revision,
    story_id,
)

_SOUND = st.characters(exclude_categories=["Cs"])


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


@given(name=st.text(_SOUND), place=st.text(_SOUND), other=st.text(_SOUND))
def test_places_of_one_name_are_told_apart_and_called_by_it(
    name: str, place: str, other: str
) -> None:
    one, two = place_id(name, place), place_id(name, other)
    assert re.fullmatch("[a-z0-9-]+", one)
    assert (one == two) == (
        digest(os.fsencode(place))[:6] == digest(os.fsencode(other))[:6]
    )
    assert place_name(one) == place_name(two)


def test_a_place_is_called_by_its_own_name() -> None:
    assert place_name(place_id("Kabar Pagi", "/arsip/Kabar Pagi")) == "kabar-pagi"
    assert place_name("kabar-pagi") == "kabar-pagi"
