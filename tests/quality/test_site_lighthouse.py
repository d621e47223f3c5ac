"""A site of the seeds by the judgement of Lighthouse, as on a phone with a slow connection."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import ARGUMENTS
from tests.desk import call
from tests.npm import package
from tests.sites import served

LEAST = 0.95
LARGEST = 100_000
"""Bytes of today's page with all that it loads."""

pytestmark = [pytest.mark.quality, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a site."""
    desk = tmp_path_factory.mktemp("desk")
    call("init", str(desk))
    settings = str(desk / "briefing.toml")
    folder = desk / "site"
    folder.mkdir()
    with served(folder) as address:
        for command in (
            ("build", "--all", "--date", "2024-09-17"),
            ("publish", "2024-09-17"),
            ("site", "--base", f"{address}/"),
        ):
            result = call(*command, "--config", settings)
            assert result.exit_code == 0, result.output
        yield address, folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "kind", ["index.html", "stories/*.html", "topics/index.html", "search.html"]
)
def test_lighthouse_finds_little(
    site: tuple[str, Path], kind: str, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, folder = site
    page = min(folder.glob(kind)).relative_to(folder).as_posix()
    found = judged(f"{address}/{page}", cache)
    scores = {name: one["score"] for name, one in found["categories"].items()}
    size = found["audits"]["total-byte-weight"]["numericValue"]
    with capsys.disabled():
        print(f"\n{kind}: {scores}, {size:,} bytes")
    assert min(scores.values()) >= LEAST
    assert size <= LARGEST


def judged(address: str, cache: Path) -> dict[str, Any]:
    """Return what Lighthouse says of a page."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    node = shutil.which("node")
    if chromium is None or node is None:
        pytest.skip("no chromium or no node on this machine")
    program = package("lighthouse", "12.8.2", cache=cache) / "cli" / "index.js"
    flags = " ".join(("--headless", *ARGUMENTS))
    done = subprocess.run(
        [node, program, address, "--quiet", "--output=json", f"--chrome-flags={flags}"],
        check=True,
        capture_output=True,
        env=os.environ | {"CHROME_PATH": chromium},
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said
