"""The filters on Parquet files: the fields of the JSON Lines, read back by pyarrow."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import parquet
from tests.desk import call

pyarrow = pytest.importorskip("pyarrow")
from pyarrow.parquet import ParquetFile, read_table, write_table  # noqa: E402

TEXT = "Kereta pertama tiba di Sela pagi ini. Warga menyambutnya di peron. Hujan turun."
ROWS: list[dict[str, Any]] = [
    {
        "id": at,
        "title": f"Kereta {at}",
        "text": f"{TEXT} Ada {at} gerbong.",
        "url": None,
    }
    for at in range(10)
]


def _written(path: Path, rows: list[dict[str, Any]]) -> str:
    write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=3)
    return str(path)


def _lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("command", ["extract", "summarize", "stories"])
def test_the_same_rows_as_json_lines(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP", 4)
    rows = [row | {"html": f"<p>{row['text']}</p>" * 3} for row in ROWS]
    lines = call(command, "--jsonl", stdin=_lines(rows))
    there, back = _written(tmp_path / "in.parquet", rows), tmp_path / "out.parquet"
    assert call(command, there).stdout == lines.stdout
    result = call(command, there, "--parquet", str(back))
    assert (result.exit_code, result.stdout) == (0, "")
    wanted = [json.loads(line) for line in lines.stdout.splitlines()]
    assert read_table(back).to_pylist() == wanted
    with ParquetFile(back) as file:
        assert file.num_row_groups == 3
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_json_lines_into_parquet(tmp_path: Path) -> None:
    back = tmp_path / "out.parquet"
    rows: list[dict[str, Any]] = [
        {"id": "a", "text": TEXT},
        {"id": 2, "text": TEXT},
        {"id": "ü\ud800", "text": TEXT},
    ]
    result = call("summarize", "--parquet", str(back), stdin=_lines(rows))
    assert result.exit_code == 3
    assert result.stderr.startswith("line 2: needs 'id' of one type")
    assert read_table(back)["id"].to_pylist() == ["a", "ü?"]


def test_nothing_in_is_an_empty_table(tmp_path: Path) -> None:
    back = tmp_path / "out.parquet"
    assert call("summarize", "--parquet", str(back)).exit_code == 0
    assert read_table(back).column_names == ["id", "method", "sentences"]


def test_types_that_json_lacks(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": TEXT.encode(), "published": datetime(2026, 3, 1, tzinfo=UTC)}
    ]
    place = _written(tmp_path / "in.parquet", rows)
    assert json.loads(call("stories", place).stdout)["id"] == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"", "Parquet"), (b"PAR1" + b"x" * 100 + b"PAR1", ""), (b"{}\n" * 9, "Parquet")],
)
def test_a_bad_file_is_one_line(body: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    path.write_bytes(body)
    result = call("summarize", str(path))
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(f"briefing: {path}: ")
    assert told in line


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    result = call("summarize", str(tmp_path / "no.parquet"))
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    result = call("summarize", "--parquet", str(tmp_path / "no" / "out.parquet"))
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    back = tmp_path / "out.parquet"
    back.write_text("before")
    bad = tmp_path / "in.jsonl.xz"
    bad.write_bytes(b"no xz")
    assert call("summarize", str(bad), "--parquet", str(back)).exit_code == 1
    assert [one.name for one in sorted(tmp_path.iterdir())] == [bad.name, back.name]
    assert back.read_text() == "before"


def test_without_pyarrow_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _written(tmp_path / "in.parquet", ROWS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for options in ([place], ["--parquet", str(tmp_path / "out.parquet")]):
        result = call("summarize", *options)
        assert result.stderr == (
            "briefing: this needs pyarrow: pip install 'briefing[parquet]'\n"
        )
