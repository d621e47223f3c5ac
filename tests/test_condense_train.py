from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from briefing.condense.forest import LEAVES
from briefing.condense.reading import NAMES, Reading
from briefing.condense.rounds import probability
from briefing.condense.train.samples import Sample, natural, read
from briefing.condense.train.targets import target
from briefing.condense.train.words import Bags

pytest.importorskip("lightgbm", reason="needs the extra train")

import lightgbm

from briefing.condense.train.__main__ import main
from briefing.condense.train.grow import TREES, chances, forest

WORDS = ("kota", "bus", "listrik", "warga", "jalur", "halte", "rapat", "anggaran")


def row(number: int) -> dict[str, object]:
    """Return an article whose summary is its second sentence and half its fourth."""
    sentences = [
        [
            f"Kabar{number}",
            *(WORDS[(number + at * step) % len(WORDS)] for step in range(1, 9)),
            f"ke-{at}",
            ".",
        ]
        for at in range(8)
    ]
    return {
        "id": f"{number}-kabar",
        "paragraphs": [sentences[:3], sentences[3:]],
        "gold_labels": [[False, True, False], [True, False, False, False, False]],
        "summary": [sentences[1], sentences[3][:5]],
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row(number)) + "\n" for number in range(40)))
    return path


def test_tokens_become_running_text():
    tokens = 'Jakarta , Kabar - - " Kami ( 21 / 8 ) siap , " kata Wali Kota -nya .'
    assert natural(tokens.split(" ")) == (
        'Jakarta, Kabar -- "Kami (21/8) siap," kata Wali Kota-nya.'
    )


def test_the_target_is_what_the_summary_has(data):
    found = target(Sample.of(next(read(data)), "id"))
    assert found.shape == (8,)
    assert np.argsort(-found)[:2].tolist() == [1, 3]
    assert 0 <= found.min() <= found.max() <= 1


def test_rouge_of_sets(data):
    sample = Sample.of(next(read(data)), "id")
    both = np.zeros((2, 8))
    both[0, [1, 3]] = 1
    both[1, 6] = 1
    one, two = sample.rouge(both)
    assert one[0] > one[1]
    assert two[0] > two[1]
    assert 0.8 < one[0] < 1


def test_a_forest_is_what_was_grown():
    draw = np.random.default_rng(1)
    table = draw.normal(size=(3_000, 6)).astype(np.float32)
    likely = (table[:, 0] > draw.normal(size=3_000)).astype(float)
    settings = {
        "objective": "cross_entropy",
        "num_leaves": 16,
        "verbose": -1,
        "num_threads": 1,
    }
    grown = lightgbm.train(settings, lightgbm.Dataset(table, likely), 20)
    wanted = grown.predict(table, raw_score=True)
    assert np.allclose(forest(grown).sums(table.T), wanted, atol=1e-5)


def test_chances_are_those_of_the_samples():
    draw = np.random.default_rng(1)
    table = draw.normal(size=(3_000, 6)).astype(np.float32)
    likely = probability(3 * table[:, 0].astype(float))
    grown = chances(table.T, (likely > draw.random(3_000)).astype(float), seeds=2)
    assert grown.leaves.shape == (2 * TREES, LEAVES)
    assert not np.array_equal(grown.columns[:, :TREES], grown.columns[:, TREES:])
    assert np.abs(probability(grown.sums(table.T)) - likely).mean() < 0.1


def test_words_tell_how_far_down_the_summary_reaches():
    """Half of the articles are matches, summed up at their start, half are recipes."""
    kinds = (("pertandingan", [1.0, 0, 0, 0]), ("resep", [0.0, 0, 0, 1])) * 30
    readings = [
        Reading.of([f"{word} {at}."] * 4, "id") for at, (word, _) in enumerate(kinds)
    ]
    wanted = [np.array(chosen) for _, chosen in kinds]
    reach = Bags.of(readings, wanted).reach(range(50))
    assert set(reach.rows) == {"pertandingan", "resep"}
    match, recipe = (reach.told(one).features[len(NAMES) :, 0] for one in readings[-2:])
    assert match[0] > 0.5 > recipe[0]
    assert match[1] < 1.5 < recipe[1]


@pytest.mark.slow
def test_the_same_data_gives_the_same_model(data, tmp_path):
    files = []
    for name in ("one.npz", "two.npz"):
        path = tmp_path / name
        options = [str(data), "--model", str(path), "--no-validate", "--processes", "1"]
        done = CliRunner().invoke(main, options)
        assert done.exit_code == 0, done.output
        files.append(path.read_bytes())
    assert files[0] == files[1]


@pytest.mark.slow
def test_validation_prints_a_table(data, tmp_path):
    options = [str(data), "--model", str(tmp_path / "m.npz"), "--processes", "1"]
    done = CliRunner().invoke(main, options)
    assert done.exit_code == 0, done.output
    assert "| learned |" in done.output
    assert "| first 3 | " in done.output
