"""Subjects of the mails in a mailbox that subscribers write to, with the time each came."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from briefing.errors import SourceError
from briefing.gather.mail import request_of
from briefing.gather.mailbox import is_maildir

_HEAD: Final = 20_000
"""Bytes of a mail that its subject is looked for in."""


def in_maildir(path: Path, *, since: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield when each mail came, and its subject; mails are only looked at.

    Args:
        path: the maildir.
        since: mails from before are passed over.

    Raises:
        SourceError: it is no maildir, or cannot be read.
    """
    if not is_maildir(path):
        raise SourceError(f"{path}: not a maildir")
    try:
        for part in ("new", "cur"):
            for entry in os.scandir(path / part):
                # Opening a pipe or a device could wait for ever; a dot hides what is no mail.
                if entry.name.startswith(".") or not entry.is_file():
                    continue
                came = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                if came >= since:
                    with open(entry.path, "rb") as file:
                        yield came, request_of(file.read(_HEAD))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from error


def in_folder(
    url: str, password_env: str, *, since: datetime
) -> Iterator[tuple[datetime, str]]:
    """Yield the same of the mails in a folder on a mail server.

    Args:
        url: as of `briefing.gather.imap.Imap`.
        password_env: name of the environment variable that holds the password.
        since: mails from earlier days are passed over.

    Raises:
        SourceError: the folder cannot be read.
    """
    from briefing.gather.imap import Imap

    for came, head in Imap("inbox", url, password_env).heads(since):
        yield came, request_of(head)
