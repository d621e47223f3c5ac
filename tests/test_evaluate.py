from __future__ import annotations

import json
import lzma
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefing import measure
from briefing.cli.rows import in_turn, measured_row
from briefing.condense import METHODS
from briefing.measure import intervals, rouge
from briefing.text import cased_words
from tests.desk import ATTACK, WITHDRAWAL, call

SUMMARY = "Jadwal penarikan pasukan asing dibahas pemerintah Irak pada Kamis."
WORDS = [[SUMMARY.split(), ["Rapat", "digelar", "pekan", "depan", "."]]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [
        {"text": WITHDRAWAL, "summary": SUMMARY, "title": "Jadwal", "language": "id"},
        {"sentences": ATTACK.split("\n"), "summary": [SUMMARY, "Tiga roket."]},
        {"id": "x", "paragraphs": WORDS, "summary": [["Jadwal", "penarikan"], ["."]]},
    ]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_table_of_all_methods(data: Path) -> None:
    result = call("evaluate", str(data))
    assert result.exit_code == 0, result.output
    told, head, *lines = result.stdout.splitlines()
    assert told == f"{data}: 3 articles; means and 95 % intervals"
    assert head.split() == ["ROUGE-1", "ROUGE-2", "ROUGE-L", "words", "articles/s"]
    assert [line.split()[0] for line in lines] == list(METHODS)
    assert len({len(line) for line in [head, *lines]}) == 1


def test_some_methods_as_json(data: Path) -> None:
    options = ("--method", "lead", "--method", "luhn", "--sentences", "1", "--json")
    lead, luhn = map(
        json.loads, call("evaluate", str(data), *options).stdout.splitlines()
    )
    assert (lead["method"], lead["recipe"]) == ("lead", "lead/3 sentences=1")
    assert luhn["method"] == "luhn"
    assert lead["articles"] == 3
    for key in ("rouge1", "rouge2", "rougeL"):
        mean, low, high = lead[key]
        assert 0 <= low <= mean <= high <= 100
    assert lead["words"] > 0
    assert lead["per_second"] > 0


SENTENCES = [
    "Hujan deras turun sejak Kamis pagi di ibu kota.",
    "Pameran buku membuka pameran buku anak di Bandung.",
    "Pameran buku itu didatangi penerbit buku dari Bandung.",
    "Menteri menutup rapat dengan singkat dan tenang.",
    "Tidak ada korban jiwa dalam banjir semalam.",
]


@pytest.mark.parametrize("sentences", [4, 5])
def test_each_method_reads_the_sentences_itself(
    sentences: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its figures stand at its place, whoever went first."""
    read: list[str] = []

    def told(text: str) -> list[str]:
        read.append(text)
        return cased_words(text)

    monkeypatch.setattr("briefing.condense.wording.cased_words", told)
    row = {"sentences": SENTENCES[:sentences], "summary": SENTENCES[1]}

    def measured(*methods: str) -> list[tuple[Any, ...]]:
        found = measured_row(row, language="id", methods=methods, budget={"words": 9})
        return [(one.scores, one.words) for one in found]

    [lead], [luhn] = measured("lead"), measured("luhn")
    assert lead != luhn
    read.clear()
    assert measured("lead", "luhn") == [lead, luhn]
    assert Counter(read) == dict.fromkeys(SENTENCES[:sentences], 2)


def test_methods_take_turns_to_be_first() -> None:
    """The first learns words that those after it then know."""
    turns = [in_turn("abc", number) for number in range(3)]
    assert turns == [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]]


def test_packed_data(data: Path) -> None:
    packed = data.with_suffix(".jsonl.xz")
    packed.write_bytes(lzma.compress(data.read_bytes()))
    result = call("evaluate", str(packed), "--method", "lead")
    assert "3 articles" in result.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "Expecting value"),
        ("[1]", "not a JSON object"),
        ('{"text": "Satu."}', "needs 'summary'"),
        ('{"text": "Satu.", "summary": " "}', "needs 'summary'"),
        ('{"text": "Satu.", "summary": 5}', "needs 'summary'"),
        ('{"text": "Satu.", "summary": [["a", 1]]}', "needs 'summary' as lists of"),
        ('{"summary": "Satu."}', "needs 'text'"),
        (
            '{"paragraphs": ["Satu."], "summary": "Satu."}',
            "needs 'paragraphs' as lists",
        ),
        ('{"sentences": "Satu.", "summary": "Satu."}', "needs 'sentences' as a list"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_measured(
    data: Path, line: str, told: str
) -> None:
    data.write_text(line + "\n" + data.read_text())
    result = call("evaluate", str(data), "--method", "lead")
    assert result.exit_code == 3
    assert result.stderr.startswith(f"{data}:1: {told}")
    assert len(result.stderr.splitlines()) == 1
    assert "3 articles" in result.stdout


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (("{data}", "--method", "magic"), 2, "unknown method 'magic'"),
        (("{data}", "--length", "full", "--words", "9"), 2, "give either length"),
        (("none.jsonl",), 1, "none.jsonl: No such file"),
        ((".",), 1, "Is a directory"),
        (("/dev/null",), 1, "/dev/null: nothing to measure"),
    ],
)
def test_what_cannot_be_measured(
    data: Path, options: tuple[str, ...], status: int, told: str
) -> None:
    result = call("evaluate", *(one.format(data=data) for one in options))
    assert result.exit_code == status
    assert told in result.stderr


def test_without_rouge_score(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rouge_score.rouge_scorer", None)
    measure._scorer.cache_clear()
    result = call("evaluate", str(data))
    measure._scorer.cache_clear()
    assert result.exit_code == 1
    assert result.stderr == (
        "briefing: this needs rouge-score: pip install 'briefing[evaluate]'\n"
    )


@pytest.mark.parametrize(
    ("summary", "reference", "scores"),
    [
        (["a b c"], ["a b c"], (100, 100, 100)),
        (["A, b: C!"], ["a b c"], (100, 100, 100)),
        (["a b"], ["c d"], (0, 0, 0)),
        (["a b x y"], ["a b c d"], (50, 100 / 3, 50)),
        (["c d", "a b"], ["a b", "c d"], (100, 200 / 3, 100)),
        ([], ["a b"], (0, 0, 0)),
        (["两人死亡"], ["两人死亡"], (100, 100, 100)),
        (["قتل شخصان"], ["قتل شخصان"], (100, 100, 100)),
        (["قُتل شخصان"], ["قتل جنديان"], (50, 0, 50)),
    ],
)
def test_rouge(
    summary: list[str], reference: list[str], scores: tuple[float, ...]
) -> None:
    assert rouge(summary, reference) == pytest.approx(scores)


def test_intervals_are_the_same_each_time_and_narrow_with_more_articles() -> None:
    few = np.array([[0.0, 50.0], [100.0, 50.0]] * 10)
    [wide, none] = intervals(few)
    assert intervals(few) == [wide, none]
    assert list(none) == [50, 50, 50]
    assert wide.mean == 50
    [narrow, _] = intervals(np.concatenate([few] * 20))
    assert narrow.high - narrow.low < (wide.high - wide.low) / 3
