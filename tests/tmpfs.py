"""Real disks of a few kilobytes, for tests of a full or write-protected one."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """Give the folder of a disk of `size` (``256k``); skip the test where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


@contextmanager
def write_protected(disk: Path) -> Iterator[None]:
    """Make the disk mounted at `disk` read-only meanwhile: not even root can write there."""
    _mount("-o", "remount,ro", str(disk))
    try:
        yield
    finally:
        _mount("-o", "remount,rw", str(disk))


def _mount(*arguments: str) -> None:
    if shutil.which("mount") is None:
        pytest.skip("there is no mount command")
    done = subprocess.run(
        ["mount", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"this user cannot mount a small disk: {done.stderr.strip()}")
