from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing.cli import main

RULES = """
title = "T"
[[source]]
id = "a"
kind = "folder"
path = "a"
[[topic]]
slug = "serangan"
title = "Serangan"
any = ["serang^2", "roket", "torpedo"]
need = [["pangkalan", "konvoi"]]
not = ["latihan"]
min_score = 3
examples = { yes = ["Konvoi Diserang", "Kapal Karam"], no = ["Serang Pangkalan Hama"] }
[[topic]]
slug = "panen"
title = "Panen"
any = ["panen"]
"""
ARTICLES = [
    {"id": 1, "title": "Pangkalan Diserang", "text": "Roket menyerang pangkalan."},
    {"id": 2, "title": "Latihan", "text": "Serangan ke pangkalan, serangan roket."},
    {"id": 3, "title": None, "text": "Serang roket."},
    {"id": 4, "text": "Roket di pangkalan."},
]


@pytest.fixture
def tried(tmp_path: Path):
    rules, articles = tmp_path / "b.toml", tmp_path / "articles.jsonl"
    rules.write_text(RULES, encoding="utf-8")
    articles.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")

    def run(*options: str):
        arguments = ["topics", "test", str(articles), "--topics", str(rules), *options]
        return CliRunner().invoke(main, arguments)

    return run


def test_each_article_says_what_hit_and_why_not(tried):
    result = tried()
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert lines[0] == "Pangkalan Diserang"
    assert lines[1] == "+ serangan 9.00: serang 8.00, roket 1.00"
    assert lines[2] == "- panen 0.00: no term"
    assert "(not with latihan)" in lines[4]
    assert "needs one of pangkalan, konvoi" in lines[7]
    assert lines[10] == "- serangan 1.00: roket 1.00 (less than 3)"


def test_rules_that_never_or_always_hit_are_named(tried):
    warnings = tried().stderr.splitlines()
    assert "serangan: never hit: torpedo" in warnings
    assert "serangan: always hit: roket" in warnings
    assert "panen: fits none of 4 articles" in warnings


def test_examples_that_the_rules_put_elsewhere_are_named(tried):
    warnings = tried().stderr
    assert "serangan: should fit: 'Kapal Karam'" in warnings
    assert "serangan: should not fit: 'Serang Pangkalan Hama'" in warnings
    assert "Konvoi Diserang" not in warnings


def test_the_same_as_json_lines(tried):
    rows = [json.loads(line) for line in tried("--jsonl").stdout.splitlines()]
    assert [row["id"] for row in rows] == [1, 2, 3, 4]
    first = rows[0]["topics"][0]
    assert first["fits"] is True
    assert [each["term"] for each in first["terms"]] == ["serang", "roket"]
    assert rows[3]["topics"][0]["why_not"] == ["less than 3"]


def test_what_examples_add_is_told_and_examples_too_few_are_named(tried, tmp_path):
    assert "serangan: 2 examples, and 1 of what it is not" in tried().stderr
    few = ", ".join(f'"Konvoi {n} Diserang"' for n in range(5))
    others = ", ".join(f'"Panen {n}"' for n in range(5))
    rules = RULES.replace('"Konvoi Diserang", "Kapal Karam"', few)
    rules += f"examples = {{ yes = [{others}] }}"
    (tmp_path / "b.toml").write_text(rules, encoding="utf-8")
    result = tried()
    assert "learned from" not in result.stderr
    line = result.stdout.splitlines()[1].strip()
    assert line.startswith("+ serangan")
    assert "roket 1.00, [examples] +" in line
    rows = [json.loads(line) for line in tried("--jsonl").stdout.splitlines()]
    assert rows[0]["topics"][0]["examples"] > 0
