"""Newsletters in a folder on a mail server (IMAP4rev1, RFC 3501), which is only read."""

from __future__ import annotations

import imaplib
import os
import re
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from briefing.errors import SourceError
from briefing.gather.mail import MAX_MAIL, mail_address, mail_document
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import INTERVAL, last_look
from briefing.gather.parts import BrokenOff, in_parts
from briefing.gather.visit import Visit
from briefing.model import Document, Failure, Gathered, SourceState

TIMEOUT: Final = 20.0
"""Seconds for each line of an answer; within a mail, for which the server may say nothing."""

DEADLINE: Final = 120.0
"""Seconds of a visit that are spent on waiting for the server; the rest is read the next time."""

LINES: Final = 2_000_000
"""Bytes of an answer besides a mail: a search names 250,000 mails in as many."""

DAYS: Final = 7
"""Days before the last visit that are looked at: mails may come late."""

MAX_MAILS: Final = 500
"""New mails that are read in a visit, the newest."""

_HEAD: Final = "(INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT AUTO-SUBMITTED)])"

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class _Careful(imaplib.IMAP4):
    """Reads from the socket itself, so that no answer takes for ever or fills the memory.

    Attributes:
        room: bytes that the server may still send in answer to what it was asked last.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.room = MAX_MAIL + LINES
        self._left = DEADLINE
        self._held = bytearray()
        super().__init__(*args, **kwargs)

    def ask(self, *command: str) -> list[Any]:
        """Return the answer to a command by UID; what came of earlier ones is forgotten."""
        self.untagged_responses.clear()
        self.room = MAX_MAIL + LINES
        return self.uid(*command)[1]

    def read(self, size: int) -> bytes:
        if size > MAX_MAIL:
            raise self._ended(self.abort(f"{size} bytes in one answer"))
        while len(self._held) < size and self._more(TIMEOUT):
            pass
        return self._taken(size)

    def readline(self) -> bytes:
        seen, ends = 0, monotonic() + TIMEOUT
        while (end := self._held.find(b"\n", seen)) < 0:
            seen = len(self._held)
            if not self._more(ends - monotonic()):
                return self._taken(seen)
        return self._taken(end + 1)

    def _more(self, patience: float) -> bool:
        """Wait for more, and tell whether there is any; only this time counts."""
        began = monotonic()
        self.sock.settimeout(max(min(patience, self._left), 0.001))
        try:
            piece = self.sock.recv(65_536)
        except TimeoutError as error:
            raise self._ended(TimeoutError()) from error
        self._left -= monotonic() - began
        self.room -= len(piece)
        self._held += piece
        if self._left <= 0:
            raise self._ended(TimeoutError())
        if self.room < 0:
            told = f"over {MAX_MAIL + LINES} bytes in one answer"
            raise self._ended(self.abort(told))
        return bool(piece)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _ended(self, error: Exception) -> Exception:
        self.shutdown()
        self.state = "LOGOUT"  # or leaving would wait for a word in the middle of it
        return error


class _Open(_Careful):
    """Without TLS."""


class _Secure(_Careful, imaplib.IMAP4_SSL):
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
        interval: the least time between two visits.
        private: always; nobody but the operator names a mail server.
    """

    id: str
    url: str
    password_env: str
    days: int = DAYS
    outlet: str | None = None
    language: str | None = None
    interval: timedelta = INTERVAL
    private: bool = field(default=True, init=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new mail."""
        visit = Visit.of(self, state, now=now)
        password = os.environ.get(self.password_env)
        if password is None:
            detail = f"the environment variable {self.password_env} is not set"
            return unanswered(visit.state, now, failed(self.id, "missing", detail))
        if left := visit.not_asked():
            return left
        since = last_look(state, now) - timedelta(days=self.days)
        read = self._read(password, since, known, now)
        visited = in_parts(read, state=visit.until_next(), now=now)
        if visited.answered:
            return visited
        return visit.failed(visited.failures[0].reason, visited.failures[0].detail)

    def heads(self, since: datetime) -> Iterator[tuple[datetime, bytes]]:
        """Yield when each mail came that asks to leave or to confirm, and what its head says.

        Args:
            since: mails from earlier days are passed over.

        Raises:
            SourceError: the folder cannot be read.
        """
        password = os.environ.get(self.password_env)
        if password is None:
            raise SourceError(
                f"the environment variable {self.password_env} is not set"
            )
        day = imaplib.Time2Internaldate(since)[1:12].strip()
        wanted = ("OR", "SUBJECT", "unsubscribe", "SUBJECT", "confirm")
        try:
            with self._opened() as box:
                self._enter(box, password)
                found = box.ask("SEARCH", "SINCE", day, *wanted)
                numbers = found[0].decode("ascii").split() if found and found[0] else []
                for number in numbers[-MAX_MAILS:]:
                    told, head = _fetched(box, number, _HEAD)
                    if came := imaplib.Internaldate2tuple(told):
                        yield datetime.fromtimestamp(time.mktime(came), UTC), head
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            failure = self._trouble(error, password)
            raise SourceError(f"{failure.reason} {failure.detail}") from error
        except BrokenOff as error:
            failure = error.failure
            raise SourceError(f"{failure.reason} {failure.detail}".strip()) from error

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
            raise BrokenOff(self._trouble(error, password)) from error

    def _opened(self) -> _Careful:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme != "imaps":
            return _Open(host, parts.port or 143, timeout=TIMEOUT)
        context = ssl.create_default_context()
        return _Secure(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)

    def _enter(self, box: _Careful, password: str) -> None:
        parts = urlsplit(self.url)
        user = unquote(parts.username or "")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        sent = user + password + folder
        if not (sent.isascii() and sent.isprintable()):
            raise ValueError("user, password and folder: printable ASCII only")
        try:
            box.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise BrokenOff(failed(self.id, "password")) from error
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, _ = box.select(f'"{quoted}"', readonly=True)
        if answer != "OK":
            raise BrokenOff(failed(self.id, "missing", f"no folder {folder}"))

    def _mails(
        self,
        box: _Careful,
        since: datetime,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Iterator[Document | Failure]:
        """Yield the new mails, the newest first: one that cannot be read stops the rest."""
        day = imaplib.Time2Internaldate(since)[1:12].strip()
        found = box.ask("SEARCH", "SINCE", day)
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
        box: _Careful,
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

    def _trouble(self, error: Exception, password: str) -> Failure:
        if isinstance(error, TimeoutError):
            return failed(self.id, "timeout", f"{TIMEOUT:g} s")
        told = error.strerror if isinstance(error, OSError) else None
        return failed(self.id, "unreachable", struck(told or str(error), password))


def struck(told: str, password: str) -> str:
    """Return `told` without the password, which a server may repeat as it was sent.

    Quoted as imaplib sends it and as Python shows bytes; however it is written in capitals.
    """
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    forms = {form for one in (quoted, password) for form in (one, repr(one)[1:-1])}
    forms |= {form.replace("'", "\\'") for form in forms}
    for form in sorted(forms - {""}, key=len, reverse=True):
        told = re.sub(re.escape(form), "…", told, flags=re.IGNORECASE)
    return told


def _fetched(box: _Careful, number: str, what: str) -> tuple[bytes, bytes]:
    """Return what the server says of a mail, and the part of it that was asked for."""
    answer = box.ask("FETCH", number, what)
    told, part = b"", b""
    for one in answer or ():
        if isinstance(one, tuple):
            told, part = told + one[0], one[1]
        elif isinstance(one, bytes):
            told += one
    return told, part
