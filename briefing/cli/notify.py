"""What systemd is told (sd_notify): that the service is ready, alive, stopping."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Tell the service manager; nothing happens where there is none.

    Args:
        state: as ``READY=1``, ``WATCHDOG=1`` or ``STOPPING=1``.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    # A leading @ stands for a name without a file.
    name = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
            one.connect(name)
            one.send(state.encode())
    except OSError:
        return  # the manager is gone: no reason to stop
