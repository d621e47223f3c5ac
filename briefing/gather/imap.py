"""Newsletters in a folder on a mail server (IMAP4rev1, RFC 3501), which is only read."""

from __future__ import annotations

import imaplib
import os
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote, urlsplit

from briefing.gather.mail import MAX_MAIL, mail_address, mail_document
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import last_look
from briefing.gather.parts import BrokenOff, in_parts
from briefing.model import Document, Failure, Gathered, SourceState

TIMEOUT: Final = 20.0
"""Seconds for each answer of the server."""

DAYS: Final = 7
"""Days before the last visit that are looked at: mails may come late."""

MAX_MAILS: Final = 500
"""New mails that are read in a visit, the newest."""

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class _Capped(imaplib.IMAP4):
    """Takes no more of a mail than we do of any document, whatever its size is said to be."""

    def read(self, size: int) -> bytes:
        if size > MAX_MAIL:
            self.shutdown()
            self.state = (
                "LOGOUT"  # or leaving would wait for a word in the middle of it
            )
            raise self.abort(f"{size} bytes in one answer")
        return super().read(size)


class _Open(_Capped):
    """Without TLS."""


class _Secure(_Capped, imaplib.IMAP4_SSL):
    """With TLS."""


@dataclass(frozen=True, slots=True)
class Imap:
    """A folder of a mail account.

    Attributes:
        id: the source's id.
        url: ``imaps://USER@HOST[:PORT]/FOLDER``; ``imap:`` is without TLS. Without a folder
            it is INBOX.
        password_env: name of the environment variable that holds the password.
        days: mails that came so many days before the last visit are passed over.
        outlet: name of the outlet, None for each mail's sender.
        language: BCP 47 tag, None if not known.
    """

    id: str
    url: str
    password_env: str
    days: int = DAYS
    outlet: str | None = None
    language: str | None = None

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new mail."""
        password = os.environ.get(self.password_env)
        if password is None:
            detail = f"the environment variable {self.password_env} is not set"
            return unanswered(state, now, failed(self.id, "missing", detail))
        since = last_look(state, now) - timedelta(days=self.days)
        read = self._read(password, since, known, now)
        return in_parts(read, state=state, now=now)

    def _read(
        self,
        password: str,
        since: datetime,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Iterator[Document | Failure]:
        try:
            with self._opened() as box:
                self._enter(box, password)
                yield from self._mails(box, since, known, now)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise BrokenOff(self._trouble(error)) from error

    def _opened(self) -> imaplib.IMAP4:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme != "imaps":
            return _Open(host, parts.port or 143, timeout=TIMEOUT)
        context = ssl.create_default_context()
        return _Secure(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)

    def _enter(self, box: imaplib.IMAP4, password: str) -> None:
        parts = urlsplit(self.url)
        user = unquote(parts.username or "")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if not (user + password + folder).isprintable():
            raise ValueError("line ends in the user's name, the password or the folder")
        try:
            box.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            # Its own words may repeat what it was sent.
            raise ValueError(
                "the server refuses the user's name or password"
            ) from error
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, told = box.select(f'"{quoted}"', readonly=True)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"no folder {folder}: {told[0]!r}")

    def _mails(
        self,
        box: imaplib.IMAP4,
        since: datetime,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Iterator[Document | Failure]:
        """Yield the new mails, the newest first: one that cannot be read stops the rest."""
        day = imaplib.Time2Internaldate(since)[1:12].strip()
        _, found = box.uid("SEARCH", "SINCE", day)
        numbers = found[0].decode("ascii").split() if found and found[0] else []
        new = 0
        for number in reversed(numbers):
            if new == MAX_MAILS:
                detail = f"{MAX_MAILS} mails were read, others left for the next visit"
                yield failed(self.id, "too-large", detail)
                return
            read = self._mail(box, number, known, now)
            if read is not None:
                new += 1
                yield read

    def _mail(
        self,
        box: imaplib.IMAP4,
        number: str,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Document | Failure | None:
        told, head = _fetched(
            box, number, "(RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
        )
        if head.strip() and known(mail_address(self.id, head)):
            return None
        size = _SIZE.search(told)
        if size and int(size[1]) > MAX_MAIL:
            return failed(
                f"{self.id} mail {number}", "too-large", f"{int(size[1])} bytes"
            )
        _, raw = _fetched(box, number, "(BODY.PEEK[])")
        if not raw or known(mail_address(self.id, raw)):
            return None
        return mail_document(
            raw,
            source=self.id,
            now=now,
            outlet=self.outlet,
            language=self.language,
        )

    def _trouble(self, error: Exception) -> Failure:
        if isinstance(error, TimeoutError):
            return failed(self.id, "timeout", f"{TIMEOUT:g} s")
        told = error.strerror if isinstance(error, OSError) else None
        return failed(self.id, "unreachable", told or str(error))


def _fetched(box: imaplib.IMAP4, number: str, what: str) -> tuple[bytes, bytes]:
    """Return what the server says of a mail, and the part of it that was asked for."""
    _, answer = box.uid("FETCH", number, what)
    told, part = b"", b""
    for one in answer or ():
        if isinstance(one, tuple):
            told, part = told + one[0], one[1]
        elif isinstance(one, bytes):
            told += one
    return told, part
