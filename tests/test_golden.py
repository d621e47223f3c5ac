"""The edition built from seeds/ equals the committed one, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk import call

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    result = call(
        "build",
        "--config", str(ROOT / "seeds" / "briefing.toml"),
        "--now", "2024-12-01T06:30+07:00",
        "--store", str(folder / "briefing.db"),
        "--output", str(folder),
        "--all",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize("kind", ["md", "html"])
def test_the_golden_edition(built: Path, kind: str) -> None:
    """After a wanted change: `make golden`, look at the difference, commit it."""
    name = f"2024-12-01.{kind}"
    assert (built / name).read_bytes() == (ROOT / "briefs" / name).read_bytes()
