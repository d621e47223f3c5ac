from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import lines as reading
from briefing.cli.lines import opened
from briefing.errors import SourceError
from briefing.workers import PAUSE
from tests.desk import WITHDRAWAL, call


def _read(place: Path) -> list[Any]:
    with opened(str(place)) as found:
        return list(found)


@pytest.mark.parametrize(
    ("name", "packed"), [("a", bytes), ("a.gz", gzip.compress), ("a.xz", lzma.compress)]
)
def test_lines_of_a_file_however_it_is_packed(
    tmp_path: Path, name: str, packed: Any
) -> None:
    path = tmp_path / name
    path.write_bytes(packed(b"satu\n\ntiga\r\nempat"))
    assert _read(path) == [b"satu", b"", b"tiga\r", b"empat"]
    path.write_bytes(packed(b""))
    assert _read(path) == []


@pytest.mark.parametrize("name", ["a.gz", "a.xz"])
@pytest.mark.parametrize("half", [False, True])
def test_a_broken_archive_is_one_plain_error(
    tmp_path: Path, name: str, half: bool
) -> None:
    path = tmp_path / name
    noise = os.urandom(9999)
    whole = gzip.compress(noise) if name == "a.gz" else lzma.compress(noise)
    path.write_bytes(whole[:5000] if half else b"no archive at all")
    with pytest.raises(SourceError, match=path.name):
        _read(path)


def test_of_an_endless_line_a_part_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 1000)
    file: Any = io.BytesIO(b"x" * 3_000_000 + b"\n{}\n" + b"y" * 5000)
    found = reading.lines(file, "-")
    assert [len(one) for one in found if one is not PAUSE] == [1001, 2, 1001]


def test_a_line_that_is_too_long_costs_only_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("briefing.cli.lines.LONGEST", 1000)
    monkeypatch.setattr("briefing.cli.filtering.LONGEST", 1000)
    from briefing.cli.filtering import _worked

    assert _worked(b"x" * 1001, work=lambda row: row) == "longer than 1,000 bytes"


def test_the_first_answer_comes_before_the_input_ends() -> None:
    command = [sys.executable, "-m", "briefing", "summarize", "--jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            row = {"id": number, "text": WITHDRAWAL}
            process.stdin.write(json.dumps(row).encode() + b"\n")
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait() == 0


def test_a_filter_reads_packed_files(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.xz"
    path.write_bytes(lzma.compress(json.dumps({"id": 1, "text": WITHDRAWAL}).encode()))
    result = call("summarize", "--jsonl", str(path))
    assert json.loads(result.stdout)["id"] == 1
