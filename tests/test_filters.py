"""extract, summarize and stories as filters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.cli import grouping
from briefing.condense import METHODS
from tests.desk import ATTACK, SETTINGS, WITHDRAWAL, call

PAGE = f"""<html lang="id"><head><title>Roket Menghantam Pangkalan - Kabar Uji</title>
<meta property="article:published_time" content="2024-11-29T08:15:00+07:00"></head>
<body><nav>Beranda Politik</nav><article><h1>Roket Menghantam Pangkalan</h1>
{"".join(f"<p>{line}</p>" for line in ATTACK.splitlines()[1:] if line)}
<p>Baca Juga: Harga Beras Naik Lagi</p></article></body></html>"""


def _lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def _out(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_extract_a_page() -> None:
    result = call("extract", stdin=PAGE)
    [row] = _out(result.stdout)
    assert row["title"] == "Roket Menghantam Pangkalan"
    assert "Pangkalan udara" in row["text"]
    assert "Baca Juga" not in row["text"]
    assert row["published"].startswith("2024-11-29T01:15")
    assert row["language"] == "id"
    assert row["truncated"] is False


RULE = """\
[[rule]]
id = "garden"
kind = "line"
pattern = '(?i)baca juga: harga .{1,80}|pangkalan udara .*'
example = "Baca Juga: Harga Gula"
spares = ["Harga gula naik."]
"""


def test_extract_tries_noise_rules_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "noise.toml"
    path.write_text(RULE)
    [row] = _out(call("extract", "--noise", str(path), stdin=PAGE).stdout)
    assert "Pangkalan udara" not in row["text"]
    rows = _lines({"id": 1, "html": PAGE})
    result = call("extract", "--jsonl", "--noise", str(tmp_path), stdin=rows)
    [row] = _out(result.stdout)
    assert "Pangkalan udara" not in row["text"]


def test_extract_names_a_noise_rule_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "noise.toml"
    path.write_text(RULE.replace('"line"', '"lines"'))
    result = call("extract", "--noise", str(path), stdin=PAGE)
    assert result.exit_code == 2
    assert f"{path}: rule 'garden': kind: one of line, prefix" in result.stderr
    result = call("extract", "--noise", str(tmp_path / "none"), stdin=PAGE)
    assert "no such file or folder" in result.stderr


def test_extract_json_lines_keeps_order_and_reports_bad_lines() -> None:
    rows = (
        _lines({"id": 1, "html": PAGE}, {"id": 2})
        + "nonsense\n"
        + _lines({"id": 3, "html": PAGE})
    )
    result = call("extract", "--jsonl", stdin=rows)
    assert [row["id"] for row in _out(result.stdout)] == [1, 3]
    assert "line 2: needs 'html'" in result.stderr
    assert "line 3: " in result.stderr
    assert result.exit_code == 3


def test_summarize_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WITHDRAWAL)
    result = call("summarize", str(path), "--sentences", "1")
    assert result.stdout == (
        "Pemerintah Irak membahas jadwal penarikan pasukan asing pada Kamis (28/11).\n"
    )


@pytest.mark.parametrize("method", METHODS)
def test_offsets_are_of_the_text_as_given(method: str) -> None:
    text = f"roket.jpg\n\n0\n272\n\n{WITHDRAWAL}\nBaca Juga: Pasar Pagi Ramai\n{ATTACK}"
    result = call(
        "summarize",
        "--jsonl",
        "--method",
        method,
        stdin=_lines({"id": "a", "text": text}),
    )
    [row] = _out(result.stdout)
    assert row["method"] == method
    assert row["sentences"]
    positions = [one["position"] for one in row["sentences"]]
    assert positions == sorted(positions)
    for one in row["sentences"]:
        assert " ".join(text[one["start"] : one["end"]].split()) == one["text"]
        assert "Baca Juga" not in one["text"]


def test_sentences_split_already() -> None:
    given_sentences = [
        "Satu kalimat yang cukup panjang di sini.",
        "Dua kalimat lagi yang juga cukup panjang.",
    ]
    row = {"id": 1, "sentences": given_sentences}
    [out] = _out(
        call("summarize", "--jsonl", "--sentences", "1", stdin=_lines(row)).stdout
    )
    [sentence] = out["sentences"]
    assert sentence == {
        "text": given_sentences[0],
        "start": 0,
        "end": len(given_sentences[0]),
        "position": 0,
    }


@pytest.mark.parametrize(
    "row",
    [
        {"id": 1, "sentences": "x"},
        {"id": 1, "sentences": ["x", 1]},
        {"id": 1},
        {"id": 1, "text": 5},
        {"id": 1, "text": "x", "language": 5},
        {"id": 1, "text": "x", "title": ["x"]},
        [1],
    ],
)
def test_a_row_of_the_wrong_shape_is_named(row: Any) -> None:
    result = call("summarize", "--jsonl", stdin=_lines(row))
    assert result.exit_code == 3
    assert result.stderr.startswith("line 1: ")
    assert result.stdout == ""


def test_an_unknown_method_is_a_usage_error() -> None:
    result = call("summarize", "--method", "magic")
    assert result.exit_code == 2
    assert "lexrank" in result.stderr


def test_a_gap_between_sentences_is_marked() -> None:
    text = f"{WITHDRAWAL.splitlines()[2].split('– ')[1]} Apa artinya itu? {ATTACK.splitlines()[2]}"
    lines = call("summarize", "--method", "lead", stdin=text).stdout.splitlines()
    assert [line.startswith("[…] ") for line in lines] == [False, True]


def test_a_dateline_is_not_read_as_text() -> None:
    text = _lines({"id": 1, "text": WITHDRAWAL})
    split = _lines({"id": 1, "sentences": WITHDRAWAL.splitlines()[2:]})
    for result in (
        call("summarize", stdin=WITHDRAWAL),
        call("summarize", "--jsonl", stdin=text),
        call("summarize", "--jsonl", stdin=split),
    ):
        assert "Pemerintah Irak membahas" in result.stdout
        assert "KabarUji" not in result.stdout


def test_a_long_sentence_is_printed_whole() -> None:
    text = f"Daftar kota itu memuat {'Palu, ' * 700}dan Poso di bagian akhirnya.\n"
    assert call("summarize", stdin=text).stdout == text


def test_named_lengths() -> None:
    text = WITHDRAWAL + ATTACK

    def words(*options: str) -> int:
        return len(call("summarize", *options, stdin=text).stdout.split())

    assert words("--length", "short") < words("--length", "standard") == words()
    assert words() < words("--length", "full")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--length", "long"),
            "unknown length 'long'; known are short, standard, full",
        ),
        (("--length", "short", "--sentences", "2"), "give either length, or words"),
    ],
)
def test_a_length_that_cannot_be_used(options: tuple[str, ...], told: str) -> None:
    result = call("summarize", *options)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize("place", ["gone.txt", "."])
@pytest.mark.parametrize("command", ["extract", "summarize"])
def test_a_place_that_cannot_be_read(command: str, place: str) -> None:
    result = call(command, place)
    assert result.exit_code == 1
    assert result.stderr.startswith("briefing: ")
    assert call(command, place, "--jsonl").exit_code == 1


def test_an_unknown_language() -> None:
    result = call("summarize", "--language", "tlh-xx")
    assert result.exit_code == 2
    assert "--language" in result.stderr
    assert "unknown language 'tlh-xx'" in result.stderr


def test_a_time_without_offset_is_in_the_zone_of_the_texts() -> None:
    page = "Kurma\n\nFestival kurma dibuka hari ini, Sabtu, dengan ratusan pengunjung di Basra.\n"
    options = ("extract", "--zone", "Asia/Jakarta", "--now")
    [there] = _out(call(*options, "2024-12-01T01:00", stdin=page).stdout)
    [same] = _out(call(*options, "2024-11-30T18:00Z", stdin=page).stdout)
    assert there == same


def test_an_unknown_zone() -> None:
    result = call("extract", "--zone", "Mars/Base")
    assert result.exit_code == 2
    assert "unknown time zone" in result.stderr


def test_stories_and_topics(tmp_path: Path) -> None:
    path = tmp_path / "briefing.toml"
    path.write_text(SETTINGS)
    rows = [
        {
            "id": "a",
            "title": "Jadwal penarikan pasukan",
            "text": WITHDRAWAL,
            "published": "2024-11-28",
        },
        {
            "id": "b",
            "title": "Jadwal penarikan pasukan",
            "text": WITHDRAWAL + " Demikian.",
            "published": "2024-11-29",
        },
        {"id": "c", "title": "Roket", "text": ATTACK, "published": None},
    ]
    result = call("stories", "--jsonl", "--topics", str(path), stdin=_lines(*rows))
    assert result.exit_code == 0, result.output
    a, b, c = _out(result.stdout)
    assert a["story"] == b["story"] != c["story"]
    assert a["topics"][0]["slug"] == "penarikan"
    assert c["topics"][0]["slug"] == "serangan"
    again = _out(call("stories", "--jsonl", stdin=_lines(*reversed(rows))).stdout)
    assert {row["id"]: row["story"] for row in again} == {
        "a": a["story"],
        "b": b["story"],
        "c": c["story"],
    }


def test_stories_wants_json_lines() -> None:
    assert call("stories").exit_code == 2


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@settings(max_examples=6, deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=40))
def test_any_text_gives_an_answer(texts: list[str]) -> None:
    rows = [{"id": number, "text": text} for number, text in enumerate(texts)]
    result = call("summarize", "--jsonl", stdin=_lines(*rows))
    assert result.exit_code in (0, 3)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    for row in _out(result.stdout):
        for one in row["sentences"]:
            given_text = texts[row["id"]][one["start"] : one["end"]]
            assert " ".join(given_text.split()) == " ".join(one["text"].split())


def test_an_id_that_comes_twice_is_a_bad_line() -> None:
    rows = [{"id": key, "text": ATTACK} for key in ("a", "a", 1, "1")]
    result = call("stories", "--jsonl", stdin=_lines(*rows))
    assert [row["id"] for row in _out(result.stdout)] == ["a", 1, "1"]
    assert 'line 2: id "a" stands there twice' in result.stderr
    assert result.exit_code == 3


def test_stories_take_half_a_character_in_any_field() -> None:
    row = {"id": "a", "title": "\ud800 Roket", "text": ATTACK, "source": "\udfff"}
    result = call("stories", "--jsonl", stdin=_lines({**row, "id": "\ud800"}, row))
    assert [one["id"] for one in _out(result.stdout)] == ["\ud800", "a"]
    assert result.exit_code == 0


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    small = f"PRAGMA max_page_count = 9; {grouping._TABLES}"
    monkeypatch.setattr(grouping, "_TABLES", small)
    rows = [{"id": number, "text": f"{ATTACK} {number}."} for number in range(40)]
    result = call("stories", "--jsonl", stdin=_lines(*rows))
    assert result.exit_code == 1
    assert "cannot be kept: database or disk is full; TMPDIR" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "-Infinity"])
def test_what_is_no_number_of_json_is_a_bad_line(number: str) -> None:
    lines = f'{{"id": {number}, "text": "Satu dua tiga."}}\n'
    result = call("summarize", "--jsonl", stdin=lines)
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"{number} is no number of JSON" in result.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_program_may_be_started_without_a_standard_stream(closed: str) -> None:
    line = json.dumps({"id": "a", "text": WITHDRAWAL})
    command = f"{sys.executable} -m briefing summarize --jsonl {closed}"
    found = subprocess.run(
        ["sh", "-c", command], input=line, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
