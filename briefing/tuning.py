"""How Python and NumPy run big work fastest.

Exponentials and logarithms may differ in their last bits; what is ranked by them is rounded before.
"""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

_CPU: Final = Path("/proc/cpuinfo")
"""Describes each processor, on Linux (proc(5))."""

_CPU_SIZE: Final = 4_096
"""Characters that have the first one whole."""

_ENABLED: Final = "NPY_ENABLE_CPU_FEATURES"
"""Says the same the other way; NumPy takes only one of the two."""

_ZEN_4: Final = ("AuthenticAMD", "cpu family\t: 25\n", "avx512f")


def tune(environ: MutableMapping[str, str] = os.environ, *, cpu: Path = _CPU) -> None:
    """Set what makes big builds faster. NumPy heeds it only if it was not imported before.

    What the user has set stays.

    Args:
        environ: the environment, which processes begun from here inherit.
        cpu: where the processor is described.
    """
    # Articles and pages have hardly any cycles; to look for some took a tenth of a big build.
    gc.set_threshold(200_000)
    # Nor is all that is left searched for them at the end, .2 s of a big build.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    # Large pages are filled with zeros before little of each is used: of a big build .35 s of 6.
    environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    if _ENABLED not in environ and _is_zen_4(cpu):
        # The instruction by which NumPy's sorts store takes over 100 cycles there; without
        # it they take a fifth of the time (github.com/numpy/x86-simd-sort/issues/6).
        environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V4 AVX512_ICL")


def _is_zen_4(cpu: Path) -> bool:
    try:
        with cpu.open(encoding="utf-8", errors="replace") as file:
            described = file.read(_CPU_SIZE)
    except OSError:
        return False
    return all(each in described for each in _ZEN_4)
