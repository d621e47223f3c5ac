from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text import one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("biasa saja", "biasa saja"),
        ("dua\r\nbaris\u2028tiga\x85empat", "dua baris tiga empat"),
        ("\x1b[31mmerah\x1b[0m", "merah"),
        ("\x9b31mmerah", "merah"),
        ("\x1b]0;judul\x07isi", "isi"),
        ("\x1b]8;;http://x\x1b\\tautan", "tautan"),
        ("\x1bcbersih", "bersih"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("pem\u00adba\u200bca", "pembaca"),
        ("nol\x00satu\x7f", "nol satu"),
        ("\ud800", ""),
        ("می\u200cروم", "می\u200cروم"),
        ("", ""),
    ],
)
def test_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_a_long_line_ends_in_an_ellipsis() -> None:
    assert one_line("abcdef", limit=4) == "abc…"
    assert one_line("abcd", limit=4) == "abcd"
    assert one_line("ab", limit=0) == ""
    assert one_line("x" * 10**6).endswith("…")
    assert len(one_line("x" * 10**6)) == 200


def test_a_huge_blank_text_costs_nothing() -> None:
    assert one_line(" " * 10**6) == "…"


@given(st.text(max_size=300), st.integers(0, 50))
def test_nothing_unprintable_is_left(text: str, limit: int) -> None:
    line = one_line(text, limit=limit)
    assert len(line) <= limit
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not any(
        unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE"} for char in line
    )
