"""``python -m bench``: a table of seconds and peak memory; ``python -m bench NAME``: one of them.

Each measure runs in a fresh process. The machine may be shared: read the ratio to the peer,
which ran in the same minute, not the seconds.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.stages import MEASURES


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_measured(sys.argv[1])))
        return
    rows = {}
    print(f"{'':32}{'seconds':>9}{'cpu':>9}{'peak MB':>9}  beside its peer")
    for measure in reversed(MEASURES):
        command = [sys.executable, "-m", "bench", measure.name]
        rows[measure.name] = json.loads(
            subprocess.run(command, check=True, capture_output=True).stdout
        )
        _print(
            measure.name, rows[measure.name], rows.get(measure.peer or ""), measure.peer
        )
    bare = _command([sys.executable, "-c", "pass"])
    _print("python alone", bare, None, None)
    _print(
        "briefing --help",
        _command([sys.executable, "-m", "briefing", "--help"]),
        bare,
        "python alone",
    )


def _measured(name: str) -> dict[str, float]:
    """Return seconds, CPU seconds and peak memory of one measure, run here.

    The peak is that of the work, not of what prepared it, and of the largest process.
    """
    [measure] = [one for one in MEASURES if one.name == name]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        tempfile.tempdir = folder
        work = measure.prepare()
        Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
        began, cpu = time.perf_counter(), _cpu()
        work()
        seconds = time.perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": seconds,
        "cpu": _cpu() - cpu,
        "peak": max(_own_peak(), children) / 1024,
    }


def _own_peak() -> int:
    """Return the peak of this process since it was forgotten, in KiB (Linux, proc(5))."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0])


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _command(command: list[str]) -> dict[str, float]:
    """Return the best of five runs of a command."""
    code = (
        "import json, resource, subprocess, sys, time\n"
        "began = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps({'seconds': time.perf_counter() - began,"
        " 'cpu': used.ru_utime + used.ru_stime, 'peak': used.ru_maxrss / 1024}))"
    )
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code, *command], check=True, capture_output=True
            ).stdout
        )
        for _ in range(5)
    ]
    return min(runs, key=lambda run: run["seconds"])


def _print(
    name: str, row: dict[str, float], peer: dict[str, float] | None, other: str | None
) -> None:
    ratio = f"{row['seconds'] / peer['seconds']:.3f} × {other}" if peer else ""
    print(
        f"{name:32}{row['seconds']:9.2f}{row['cpu']:9.2f}{row['peak']:9.0f}  {ratio}",
        flush=True,
    )


main()
