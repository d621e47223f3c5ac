"""Whole pages, byte for byte: each brief under tests/cases/render has its two pages.

Written anew, after looking at what changed, by ``python -m tests.test_render_golden``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from briefing.model import Brief
from briefing.render import render

CASES = sorted((Path(__file__).parent / "cases" / "render").glob("*.json"))


def rendered(case: Path) -> dict[Path, str]:
    """Return the pages of a case by the files they are compared with."""
    brief = TypeAdapter(Brief).validate_json(case.read_bytes())
    return {
        case.with_suffix(Path(name).suffix): page
        for name, page in render(brief).items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_pages_are_as_they_were(case):
    for path, page in rendered(case).items():
        assert page == path.read_text(encoding="utf-8")


def test_there_are_cases():
    assert CASES


if __name__ == "__main__":
    for one in CASES:
        for target, text in rendered(one).items():
            target.write_text(text, encoding="utf-8", newline="\n")
