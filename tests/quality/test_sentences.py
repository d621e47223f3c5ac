"""Sentence boundaries on the UD Indonesian PUD development sentences (CC BY-SA 3.0).

Groups of eight sentences are joined, with and without a blank, and split again. The five
real articles have a gold of their own, made by reading them. Run by ``make quality``.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from briefing.clean import clean_text
from briefing.text import split_sentences

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
GOLD = Path(__file__).parents[1] / "cases" / "text" / "five_articles.sha256"
PUD = Path(__file__).parents[3] / "shared" / "data" / "sentences" / "ud_id_pud.dev.txt"
GROUP = 8
FLOOR_SPACED = 0.990
"""Boundary F1, joined with a blank; measured 0.9919 on 500 sentences."""
FLOOR_GLUED = 0.986
"""Boundary F1, joined without one; measured 0.9919 on 500 sentences."""

pytestmark = pytest.mark.quality
needs_pud = pytest.mark.skipif(not PUD.exists(), reason=f"{PUD} is not there")
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"{SEEDS} is not there")


def boundary_f1(gold: list[str], joint: str) -> float:
    right = missed = wrong = 0
    for at in range(0, len(gold), GROUP):
        group = gold[at : at + GROUP]
        text = joint.join(group)
        ends = {len(joint.join(group[:count])) for count in range(1, len(group))}
        found = {span.end for span in split_sentences(text, language="id")} - {
            len(text)
        }
        right += len(ends & found)
        missed += len(ends - found)
        wrong += len(found - ends)
    return 2 * right / (2 * right + missed + wrong)


@needs_pud
@pytest.mark.parametrize(("joint", "floor"), [(" ", FLOOR_SPACED), ("", FLOOR_GLUED)])
def test_boundaries_stay_above_the_floor(joint: str, floor: float) -> None:
    lines = PUD.read_text(encoding="utf-8").splitlines()
    score = boundary_f1([line.strip() for line in lines if line.strip()], joint)
    print(f"boundary F1, joined with {joint!r}: {score:.4f}")
    assert score >= floor


def gold() -> list[list[str]]:
    """Return the hashes of the sentences of each of the five articles."""
    parts = GOLD.read_text(encoding="utf-8").split("[article ")[1:]
    return [part.split()[1:] for part in parts]


@needs_seeds
@pytest.mark.parametrize("number", range(5))
def test_the_five_articles_are_split_as_a_reader_would(number: int) -> None:
    [path] = SEEDS.glob(f"{number:03}_*.txt")
    text = clean_text(path.read_bytes().decode("utf-8"), language="id").text
    found = [
        sha256(" ".join(text[span.start : span.end].split()).encode()).hexdigest()[:12]
        for span in split_sentences(text, language="id")
    ]
    assert found == gold()[number]
