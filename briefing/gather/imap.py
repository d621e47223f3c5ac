"""Newsletters in a folder on a mail server (IMAP4rev1, RFC 3501), which is only read."""

from __future__ import annotations

import imaplib
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import unquote, urlsplit

from briefing.errors import SourceError
from briefing.gather.mail import MAX_MAIL, mail_address, mail_document
from briefing.gather.mail_server import (
    TIMEOUT,
    MailServer,
    Refused,
    fetched,
    in_lots,
    numbers,
    opened,
    struck,
)
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import INTERVAL, last_look, look_after_left
from briefing.gather.parts import BrokenOff, Left, in_parts
from briefing.gather.visit import Visit
from briefing.model import Document, Failure, Gathered, SourceState

log = logging.getLogger(__name__)

DAYS: Final = 7
"""Days before all was read last that are looked at: mails may come late."""

MAX_MAILS: Final = 500
"""New mails that are read in a visit, the newest."""

MAX_REQUESTS: Final = 20_000
"""Mails of subscribers that are looked at, the newest: as many heads come within seconds."""

_HEAD: Final = "(INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT AUTO-SUBMITTED)])"

_NAME: Final = "(RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Imap:
    """A folder of a mail account.

    Attributes:
        id: the source's id.
        url: ``imaps://USER@HOST[:PORT]/FOLDER``; ``imap:`` is without TLS. Without a folder
            it is INBOX.
        password_env: name of the environment variable that holds the password.
        days: mails that came so many days before all was read last are passed over.
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
        try:
            password = self._password()
        except SourceError as error:
            return unanswered(visit.state, now, failed(self.id, "missing", str(error)))
        if left := visit.not_asked():
            return left
        since = last_look(visit.state, now) - timedelta(days=self.days)
        read = self._read(password, since, known, now)
        complete = look_after_left(visit.state, now)
        visited = in_parts(read, state=visit.until_next(), now=now, complete=complete)
        if visited.answered:
            return visited
        return visit.failed(visited.failures[0].reason, visited.failures[0].detail)

    def heads(self, since: datetime) -> Iterator[tuple[datetime, bytes]]:
        """Yield when each mail came that asks to leave or to confirm, and what its head says.

        One that the server refuses to show is passed over.

        Args:
            since: mails from earlier days are passed over.

        Raises:
            SourceError: the folder cannot be read.
        """
        password = self._password()
        wanted = ("OR", "SUBJECT", "unsubscribe", "SUBJECT", "confirm")
        try:
            with opened(self.url) as box:
                self._enter(box, password)
                newest = self._newest(numbers(box, since, *wanted))
                for number, found in in_lots(box, newest, _HEAD):
                    told, head = found or self._head(box, number, password)
                    if came := imaplib.Internaldate2tuple(told):
                        yield datetime.fromtimestamp(time.mktime(came), UTC), head
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            failure = self._trouble(error, password)
            raise SourceError(f"{failure.reason} {failure.detail}") from error
        except BrokenOff as error:
            failure = error.failure
            raise SourceError(f"{failure.reason} {failure.detail}".strip()) from error

    def _newest(self, found: list[str]) -> list[str]:
        """Return the newest `MAX_REQUESTS`."""
        if left := max(0, len(found) - MAX_REQUESTS):
            told = "event=requests source=%s read=%d left=%d"
            log.warning(told, self.id, MAX_REQUESTS, left)
        return found[left:]

    def _head(self, box: MailServer, number: str, password: str) -> tuple[bytes, bytes]:
        """Return the same as `fetched`, nothing if the server refuses it."""
        try:
            return fetched(box, number, _HEAD)
        except Refused as error:
            refused = self._refused(number, error, password)
            told = "event=mail source=%s mail=%s error=%s"
            log.warning(told, self.id, number, refused.detail)
            return b"", b""

    def _password(self) -> str:
        """Return the password.

        Raises:
            SourceError: it is not in the environment.
        """
        password = os.environ.get(self.password_env)
        if password is None:
            told = f"the environment variable {self.password_env} is not set"
            raise SourceError(told)
        return password

    def _read(
        self,
        password: str,
        since: datetime,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Iterator[Document | Failure | Left]:
        try:
            with opened(self.url) as box:
                self._enter(box, password)
                yield from self._mails(box, password, since, known=known, now=now)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise BrokenOff(self._trouble(error, password)) from error

    def _enter(self, box: MailServer, password: str) -> None:
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
        box: MailServer,
        password: str,
        since: datetime,
        *,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Iterator[Document | Failure | Left]:
        """Yield the new mails, the newest first; a lost connection stops the rest."""
        new = 0
        for number, found in in_lots(box, numbers(box, since)[::-1], _NAME):
            if new == MAX_MAILS:
                detail = f"{MAX_MAILS} mails were read, others left for the next visit"
                yield Left(failed(self.id, "too-large", detail))
                return
            read: Document | Failure | Left | None
            try:
                name = found or fetched(box, number, _NAME)
                read = self._mail(box, number, name, known=known, now=now)
            except Refused as error:
                read = Left(self._refused(number, error, password))
            if read is not None:
                new += 1
                yield read

    def _mail(
        self,
        box: MailServer,
        number: str,
        name: tuple[bytes, bytes],
        *,
        known: Callable[[str], bool],
        now: datetime,
    ) -> Document | Failure | None:
        """Return a mail, None if it is known or gone; `name` is its size and Message-ID."""
        told, head = name
        if head.strip() and known(mail_address(self.id, head)):
            return None
        size = _SIZE.search(told)
        if size and int(size[1]) > MAX_MAIL:
            return failed(
                f"{self.id} mail {number}", "too-large", f"{int(size[1])} bytes"
            )
        _, raw = fetched(box, number, "(BODY.PEEK[])")
        if not raw or known(mail_address(self.id, raw)):
            return None
        return mail_document(
            raw,
            source=self.id,
            now=now,
            outlet=self.outlet,
            language=self.language,
        )

    def _refused(self, number: str, error: Refused, password: str) -> Failure:
        told = struck(str(error), password)
        return failed(f"{self.id} mail {number}", "unreadable", told)

    def _trouble(self, error: Exception, password: str) -> Failure:
        if isinstance(error, TimeoutError):
            return failed(self.id, "timeout", f"{TIMEOUT:g} s")
        told = error.strerror if isinstance(error, OSError) else None
        return failed(self.id, "unreachable", struck(told or str(error), password))
