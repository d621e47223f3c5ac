"""``python -m bench.lines [COUNT]``: seconds and memory of `briefing stories --jsonl` on many articles.

The articles are recombined as in `bench.scale`, `A_DAY` a day; they are written first and read from
the file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.scale import A_DAY, recombined


def _write(path: Path, count: int) -> None:
    with path.open("w") as file:
        for day in range(-(-count // A_DAY)):
            for one in recombined(min(A_DAY, count - day * A_DAY), day=day):
                row = {
                    "id": one.id,
                    "title": one.title,
                    "text": one.text,
                    "source": one.source,
                    "published": one.published and one.published.moment.isoformat(),
                }
                file.write(json.dumps(row) + "\n")


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "articles.jsonl"
        _write(path, count)
        began = time.perf_counter()
        with (Path(folder) / "out.jsonl").open("wb") as out:
            subprocess.run(
                [sys.executable, "-m", "briefing", "stories", "--jsonl", str(path)],
                stdout=out,
                check=True,
            )
        seconds = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        print(
            f"{count:,} articles, {path.stat().st_size / 1e6:.0f} MB: {seconds:.0f} seconds, "
            f"{cpu:.0f} of cpu, at most {used.ru_maxrss / 1024:.0f} MB"
        )


if __name__ == "__main__":
    main()
