"""Mails a second to a server on this machine, 10,000 subscribers of one edition."""

from __future__ import annotations

import atexit
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

SUBSCRIBERS = 10_000

SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 taken"

async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(serve())
"""


def _office(*, connections: int) -> Any:
    from tests.office import Office

    process = subprocess.Popen(
        [sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True
    )
    atexit.register(process.kill)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    office = Office(folder, port, more=f"connections = {connections}")
    office.subscribe(*(f"pembaca{number}" for number in range(SUBSCRIBERS)))
    return office


def queueing() -> Callable[[], Any]:
    """Freeze an edition and queue its mails, each written once and checked."""
    return _office(connections=1).publish  # type: ignore[no-any-return]  # of tests, untyped


def sending(connections: int) -> Callable[[], Any]:
    """Send 10,000 mails of an edition."""
    office = _office(connections=connections)
    office.publish()

    def work() -> Any:
        counts = office.send()
        assert counts == {"accepted": SUBSCRIBERS}, counts
        return counts

    return work


def smtplib_alone() -> Callable[[], Any]:
    """Send as many mails of the same size by smtplib and nothing else, on one connection."""
    import smtplib

    office = _office(connections=1)
    office.publish()
    with office.store() as store:
        from briefing.deliver import open_key
        from briefing.mailing import composed

        one = store.recipients()[0]
        letter = store.letter(one.occasion, one.letter)
        assert letter is not None
        mail = composed(open_key(office.settings.mail.key), letter, one)

    def work() -> Any:
        with smtplib.SMTP("127.0.0.1", office.port) as session:
            for _ in range(SUBSCRIBERS):
                session.sendmail("kabar@kapur.example", [one.address], mail)

    return work
