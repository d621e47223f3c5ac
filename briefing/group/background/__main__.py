"""``python -m briefing.group.background DATA [FILE]``: count the terms of IndoSum's articles.

DATA is ``indosum.dev.jsonl.xz``; the counts are written into FILE, or else into the package.
"""

from __future__ import annotations

import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from briefing.group.background import COUNTED
from briefing.group.profiles import profile
from briefing.model import Article

FEWEST: Final = 2
"""Articles that have a term which is kept: half of the different terms stand in one only."""


def main() -> None:
    """Count what the command line names."""
    data, file = Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else COUNTED
    counted = [profile(_article(text)).terms.tolist() for text in _texts(data)]
    counts = Counter(chain.from_iterable(counted))
    terms = sorted(term for term, often in counts.items() if often >= FEWEST)
    np.savez_compressed(
        file,
        terms=np.array(terms, np.uint32),
        articles=np.array([counts[term] for term in terms], np.uint16),
        number=np.array(len(counted)),
    )


def _texts(data: Path) -> Iterator[str]:
    with lzma.open(data, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield " ".join(
                word
                for paragraph in row["paragraphs"]
                for sentence in paragraph
                for word in sentence
            )


def _article(text: str) -> Article:
    return Article(
        id="",
        revision="",
        url="",
        source="",
        outlet="",
        text=text,
        language="id",
        fetched=datetime.min.replace(tzinfo=UTC),
    )


main()
