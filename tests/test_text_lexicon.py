from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import briefing.text.lexicon
from briefing.text import fold, language

TAGS = sorted(
    path.stem
    for path in (Path(briefing.text.lexicon.__file__).parent / "languages").iterdir()
)


@pytest.mark.parametrize(
    ("tag", "known"),
    [("id", "id"), ("id-ID", "id"), ("ID_id", "id"), ("en-GB", "en"), ("qq", "und"),
     ("und", "und"), ("", "und"), ("x", "und"), ("../id", "und"), ("id.toml", "und")],
)  # fmt: skip
def test_a_tag_finds_its_language(tag: str, known: str) -> None:
    assert language(tag).tag == known


def test_a_language_is_read_once() -> None:
    assert language("id") is language("id-ID")


@pytest.mark.parametrize("tag", TAGS)
def test_the_data_is_written_as_it_is_looked_up(tag: str) -> None:
    known = language(tag)
    assert known.tag == tag
    for field in fields(known):
        value = getattr(known, field.name)
        for word in () if isinstance(value, (str, bool)) else value:
            assert word == word.lower().strip().removesuffix("."), (
                tag,
                field.name,
                word,
            )
    for word in (*known.months, *known.weekdays, *known.zones):
        assert word == fold(word).replace("'", "")
    assert set(known.months.values()) == set(range(1, 13))
    assert set(known.weekdays.values()) == set(range(7))


@pytest.mark.parametrize("tag", TAGS)
def test_an_abbreviation_is_of_one_kind(tag: str) -> None:
    known = language(tag)
    assert not known.titles & known.numbered
    assert not known.titles & known.closing
    assert not known.closing & known.numbered


def test_importing_is_light() -> None:
    heavy = "{'sentencex', 'stopwordsiso', 'Stemmer', 'babel', 'numpy'}"
    code = f"import sys, briefing.text; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
