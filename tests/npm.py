"""Tools of npm that check what we write; tests that need one are skipped where it cannot be had."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pytest

_PATIENCE: Final = 100
"""Seconds for a download; the test itself has 120 and more."""


def package(name: str, version: str, *, cache: Path) -> Path:
    """Return the folder of a package, installed into `cache` at the first use."""
    folder = cache / f"{name}-{version}"
    if not folder.is_dir():
        _install(f"{name}@{version}", folder)
    return folder / "node_modules" / name


def nu_checked(files: Sequence[Path], *, cache: Path) -> list[dict[str, Any]]:
    """Return what the Nu HTML checker says of some pages."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no java on this machine to run the Nu checker")
    jar = package("vnu-jar", "26.9.27", cache=cache) / "build" / "dist" / "vnu.jar"
    run = subprocess.run(
        [java, "-jar", jar, "--format", "json", "--exit-zero-always", *files],
        check=True,
        capture_output=True,
    )
    found: list[dict[str, Any]] = json.loads(run.stderr)["messages"]
    return found


def _install(wanted: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm on this machine to install {wanted}")
    made = mkdtemp(dir=folder.parent)  # whole or not there, also for a second test run
    options = (
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-retry-maxtimeout=1000",  # ms; where there is no network, it is soon known
        "--fetch-retry-mintimeout=1000",
    )
    try:
        subprocess.run(
            [npm, "install", "--prefix", made, *options, wanted],
            check=True,
            timeout=_PATIENCE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (subprocess.SubprocessError, OSError):
        shutil.rmtree(made, ignore_errors=True)
        pytest.skip(f"npm cannot install {wanted} here")
    Path(made).rename(folder)
