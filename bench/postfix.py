"""``python -m bench.postfix 10000``: an edition for so many subscribers, through a real Postfix.

It delivers into a maildir, whose mails are counted. Needs root and Debian's package.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

CONNECTIONS = 16


def main(subscribers: int) -> None:
    """Print the seconds, and how often each got a mail."""
    from tests.office import Office
    from tests.postfix import postfix

    with tempfile.TemporaryDirectory() as folder, postfix() as server:
        office = Office(Path(folder), server.port, more=f"connections = {CONNECTIONS}")
        office.subscribe(*(f"pembaca{number}" for number in range(subscribers)))
        start = perf_counter()
        office.publish()
        queued = perf_counter()
        counts = office.send()
        sent = perf_counter()
        server.wait_until_empty(seconds=600)
        delivered = server.delivered
    print(f"queued {queued - start:.1f} s, sent {sent - queued:.1f} s: {dict(counts)}")
    print(
        f"{len(delivered)} subscribers got {sum(delivered.values())} mails, "
        f"at most {max(delivered.values())} each"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
