"""Texts that nobody writes, through the command line: an answer, and soon."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desk import Desk, call

SENTENCE = "Pemerintah membahas jadwal baru itu di ibu kota pada hari Kamis pagi. "

HOSTILE = {
    "empty": "",
    "blanks": " \n\t\n ",
    "one sentence": SENTENCE,
    "one line": "".join(SENTENCE.replace("baru", f"ke-{n}") for n in range(14_000)),
    "the same again": SENTENCE * 1_000,
    "one word": "a" * 1_000_000,
    "one-word sentences": "Ya. Tidak! Apa? " * 3_334,
    "mixed scripts": "Kabar baik. 今天下雨了。 أُغلقت الطرق اليوم. วันนี้ฝนตก Погода ясная. "
    * 200,
    "quotations": "“Kami akan pulang besok pagi sekali,” katanya. “Ya,” jawabnya. "
    * 200,
    "half quotations": "“ « „ " * 5_000 + SENTENCE,
    "numbers": "1.234.567,89 12/11/2024 3. 4. 5. 100% " * 2_000,
    "marks": "… — ! ? . , ; : ( ) [ ] " * 2_000,
    "controls": "\x00\x1b[2J\u202e\ufeff Satu kalimat yang cukup panjang di sini. "
    * 50,
}


@pytest.mark.parametrize("length", ["standard", "full"])
def test_all_of_them_as_json_lines(length: str) -> None:
    rows = [{"id": name, "text": text} for name, text in HOSTILE.items()]
    given = "".join(json.dumps(row) + "\n" for row in rows)
    result = call("summarize", "--jsonl", "--length", length, stdin=given)
    assert result.exit_code == 0, result.stderr
    found = {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert list(found) == list(HOSTILE)
    for name, row in found.items():
        text = HOSTILE[name]
        places = [(one["start"], one["end"]) for one in row["sentences"]]
        assert places == sorted(places)
        for one in row["sentences"]:
            given = text[one["start"] : one["end"]]
            assert " ".join(given.split()) == " ".join(one["text"].split())
    assert found["empty"]["sentences"] == []
    assert len(found["one sentence"]["sentences"]) == 1


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"empty", "blanks"}))
def test_each_as_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HOSTILE[name])
    result = call("summarize", str(path))
    assert result.exit_code in {0, 1}
    assert "\x1b" not in result.stdout
    if result.exit_code:
        assert len(result.stderr.splitlines()) == 1
    else:
        assert result.stdout


def test_all_of_them_in_one_brief(tmp_path: Path) -> None:
    texts = {name.replace(" ", "-"): text for name, text in HOSTILE.items()}
    desk = Desk.with_articles(tmp_path, **texts)
    result = desk.run("build")
    assert result.exit_code == 3, result.stderr
    assert desk.run("verify").exit_code == 0
