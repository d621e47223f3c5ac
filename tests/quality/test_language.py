"""How surely the language of a text is told, and how fast, beside the detector alone."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from briefing.clean.tongue import language_of

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the data are not beside the checkout"
    ),
]


def rows(name: str) -> Iterator[Any]:
    with lzma.open(DATA / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def indosum() -> list[str]:
    return [
        " ".join(word for part in row["paragraphs"] for word in chain(*part))
        for row in rows("summaries/indosum.dev.jsonl.xz")
    ]


def telegram(language: str) -> list[str]:
    [pairs] = rows("stories/telegram_pairs.dev.json.xz")
    return [
        text
        for pair in pairs
        if pair["lang"] == language
        for _, text in (pair["a"], pair["b"])
    ]


def texts(name: str) -> list[str]:
    if name == "indosum":
        return indosum()
    if name == "detik":
        return [row["text"] for row in rows("stories/id_stories.dev.jsonl.xz")]
    if name == "pud":
        lines = (DATA / "sentences/ud_id_pud.dev.txt").read_text("utf-8").splitlines()
        return [line for line in lines if len(line) >= 80]
    return telegram(name)


@pytest.mark.parametrize(
    ("name", "language", "prior", "floor"),
    [
        ("indosum", "id", "und", 0.999),
        ("indosum", "id", "id", 1.0),
        ("detik", "id", "und", 0.999),
        ("pud", "id", "und", 0.94),
        ("pud", "id", "id", 0.995),
        ("en", "en", "id", 1.0),
        ("ru", "ru", "id", 1.0),
    ],
)
def test_languages_are_told(name, language, *, prior, floor, capsys):
    given = texts(name)
    found = Counter(language_of(text, stated=None, prior=prior) for text in given)
    right = found[language] / len(given)
    with capsys.disabled():
        print(
            f"\nlanguage: {name}, prior {prior}: {right:.4f} of {len(given)}, {found.most_common(4)}"
        )
    assert right >= floor
