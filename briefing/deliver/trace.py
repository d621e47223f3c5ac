"""What became of a mail whose answer was lost: a look into Postfix's log and queue, or an archive.

Postfix writes each mail's Message-ID into its log as it reads it, and the name that the mail has
in its queue; once it has taken the mail over, its queue manager writes that name. Until then the
queue lists the name, so both together leave nothing out. An archive is a maildir that gets a
copy of each mail in the same transaction, so what is in it was taken.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Final

from briefing.errors import DeliveryError

_LINE: Final = re.compile(
    # Whatever wrote the line and when, first comes the program: foreign text stands behind it.
    rb"(?:\w{3} +\d+ [\d:]+|\S+) \S+ \S+/(?:cleanup|qmgr)\[\d+\]: (\w+): "
    rb"(?:message-id=<([^>]*)>|from=<)"
)

_LATEST: Final = 64_000_000
"""Bytes of a log that are read, the last: of Postfix's, some 60,000 mails; a second's work."""

_EARLIER: Final = timedelta(hours=1)
"""Files of an archive may be so much older than the first try, by another machine's clock."""

_HEAD: Final = 20_000
"""Bytes of a mail that its Message-ID stands in; ours is in the first thousand."""

_PATIENCE: Final = 20
"""Seconds for the list of a queue."""


def taken_by_postfix(wanted: Collection[str], log: Path) -> dict[str, str]:
    """Return which mails Postfix has taken over: its name of each by Message-ID.

    Args:
        wanted: Message-IDs, without brackets.
        log: Postfix's; the one before it, ``LOG.1``, is read, too.

    Raises:
        DeliveryError: the log or the queue cannot be read.
    """
    # First the queue: what leaves it meanwhile stands in the log.
    queued = _queue()
    ids = {one.encode(): one for one in wanted}
    names: dict[bytes, str] = {}
    taken: dict[str, str] = {}
    for line in _lines(log):
        found = _LINE.match(line)
        if found is None:
            continue
        name, mail = found.groups()
        if mail is None:
            if name in names:
                taken[names[name]] = name.decode()
        elif mail in ids:
            names[name] = ids[mail]
        else:
            names.pop(name, None)  # Postfix gives a name again
    for name, mail_id in names.items():
        if name.decode() in queued:
            taken[mail_id] = name.decode()
    return taken


def in_archive(wanted: Collection[str], folder: Path, *, since: datetime) -> set[str]:
    """Return which mails are in the maildir `folder`, by Message-ID.

    Args:
        wanted: Message-IDs, without brackets.
        folder: a maildir; mails are only looked at.
        since: when the first of them was tried; files from long before are passed over.

    Raises:
        DeliveryError: it cannot be read.
    """
    parser = BytesHeaderParser()
    earliest = (since - _EARLIER).timestamp()
    found: set[str] = set()
    try:
        for part in ("new", "cur"):
            for entry in os.scandir(folder / part):
                if not entry.is_file() or entry.stat().st_mtime < earliest:
                    continue
                with open(entry.path, "rb") as file:
                    head = parser.parsebytes(file.read(_HEAD))
                found.add(str(head["Message-ID"]).strip().strip("<>"))
    except OSError as error:
        raise DeliveryError(f"archive {folder}: {error.strerror}") from error
    return found & set(wanted)


def _lines(log: Path) -> Iterator[bytes]:
    earlier = log.with_name(f"{log.name}.1")
    try:
        for path in (earlier, log):
            if path == earlier and not path.is_file():
                continue
            with path.open("rb") as file:
                file.seek(max(file.seek(0, os.SEEK_END) - _LATEST, 0))
                yield from file
    except OSError as error:
        raise DeliveryError(f"mail log {log}: {error.strerror}") from error


def _queue() -> set[str]:
    """Return the names of the mails in Postfix's queue; MAIL_CONFIG names another than the usual."""
    program = shutil.which("postqueue") or shutil.which("postqueue", path="/usr/sbin")
    if program is None:
        raise DeliveryError("mail.log: there is no postqueue on this machine")
    try:
        listed = subprocess.run(
            [program, "-j"], check=True, capture_output=True, timeout=_PATIENCE
        ).stdout
        return {str(json.loads(line)["queue_id"]) for line in listed.splitlines()}
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise DeliveryError(f"postqueue: {error}") from error
