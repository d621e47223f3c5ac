from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing.cli import main
from briefing.tuning import tune

NUMPY = import_module("numpy._core._multiarray_umath")
HAS = " ".join(name for name in NUMPY.__cpu_dispatch__ if NUMPY.__cpu_features__[name])
"""What NumPy can use of this processor and need not."""
SORTS = "NPY_DISABLE_CPU_FEATURES"
ZEN_4 = """processor\t: 0
vendor_id\t: AuthenticAMD
cpu family\t: 25
model name\t: AMD EPYC
flags\t\t: fpu sse2 avx2 avx512f avx512cd
"""


def tuned(cpu: Path, **before: str) -> dict[str, str]:
    environ = dict(before)
    tune(environ, cpu=cpu)
    return environ


@pytest.fixture
def described(tmp_path: Path) -> Path:
    path = tmp_path / "cpuinfo"
    path.write_text(ZEN_4)
    return path


def test_sorts_do_without_the_instruction_that_is_slow_on_one_kind_of_processor(
    described: Path,
) -> None:
    assert tuned(described)[SORTS] == "X86_V4 AVX512_ICL"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AuthenticAMD", "GenuineIntel"),
        ("family\t: 25\n", "family\t: 26\n"),
        (" avx512f", ""),
    ],
)
def test_other_processors_keep_all_they_have(
    described: Path, one: str, other: str
) -> None:
    described.write_text(ZEN_4.replace(one, other))
    assert SORTS not in tuned(described)


def test_where_no_processor_is_described_nothing_is_known_of_it(tmp_path: Path) -> None:
    assert SORTS not in tuned(tmp_path / "none")


def test_what_the_user_has_set_stays(described: Path) -> None:
    own = {SORTS: "AVX2", "NUMPY_MADVISE_HUGEPAGE": "1"}
    assert tuned(described, **own) == own


@pytest.mark.parametrize("enabled", ["", HAS])
def test_numpy_takes_what_is_set(described: Path, enabled: str) -> None:
    """It takes only one of the two lists; a NumPy of other names may warn of ours."""
    environ = {name: value for name, value in os.environ.items() if name[:4] != "NPY_"}
    if enabled:
        environ["NPY_ENABLE_CPU_FEATURES"] = enabled
    tune(environ, cpu=described)
    code = "import numpy; print(numpy.sort(numpy.arange(9)[::-1])[0])"
    warned = "error" if "X86_V4" in NUMPY.__cpu_dispatch__ else "ignore"
    command = [sys.executable, "-W", warned, "-c", code]
    done = subprocess.run(
        command, check=False, env=environ, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_what_is_left_at_the_end_is_not_searched_for_cycles():
    code = (
        "import gc, sys\n"
        "from briefing.tuning import tune\n"
        "tune(), tune()\n"
        "kept = [[] for _ in range(1_000)]\n"
        "gc.callbacks.append(lambda when, about: print(when, gc.get_freeze_count() > 1_000))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert set(done.stdout.splitlines()) == {"start True", "stop True"}


def test_the_command_line_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMPY_MADVISE_HUGEPAGE", "")  # taken back at the end
    monkeypatch.delenv("NUMPY_MADVISE_HUGEPAGE")
    CliRunner().invoke(main, ["--version"])
    assert os.environ["NUMPY_MADVISE_HUGEPAGE"] == "0"
