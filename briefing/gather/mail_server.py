"""The connection to a mail server: what it sends takes neither for ever nor all the memory."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from briefing.gather.mail import MAX_MAIL

TIMEOUT: Final = 20.0
"""Seconds for each line of an answer; within a mail, for which the server may say nothing."""

DEADLINE: Final = 120.0
"""Seconds of a visit that are spent on waiting for the server; the rest is read the next time."""

LINES: Final = 2_000_000
"""Bytes of an answer besides a mail: a search names 250,000 mails in as many."""


LOT: Final = 25
"""Heads that are asked for at once: one by one, over a slow line, thousands of known mails would
take all of a visit's time. So many of 1 MB, the most that Exim takes, still fit an answer."""

_UID: Final = re.compile(rb"\bUID (\d+)")


class Refused(imaplib.IMAP4.error):
    """A command that the server will not do; the connection lives on."""


class MailServer(imaplib.IMAP4):
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
        """Return the answer to a command by UID; what came of earlier ones is forgotten.

        Raises:
            Refused: the server says NO or BAD.
        """
        self.untagged_responses.clear()
        self.room = MAX_MAIL + LINES
        try:
            status, answer = self.uid(*command)
        except self.abort:
            raise
        except self.error as error:
            raise Refused(str(error)) from error
        if status != "OK":
            raise Refused(f"{command[0]} command error: {status} {answer}")
        return answer

    def read(self, size: int) -> bytes:
        """Return as many bytes of an answer, fewer if the server hangs up."""
        if size > MAX_MAIL:
            raise self._ended(self.abort(f"{size} bytes in one answer"))
        while len(self._held) < size and self._more(TIMEOUT):
            pass
        return self._taken(size)

    def readline(self) -> bytes:
        """Return a line of an answer, its end with it; what there is if the server hangs up."""
        seen, ends = 0, monotonic() + TIMEOUT
        while (end := self._held.find(b"\n", seen)) < 0:
            seen = len(self._held)
            if not self._more(ends - monotonic()):
                return self._taken(seen)
        return self._taken(end + 1)

    def __exit__(self, *error: object) -> None:
        """Leave; whatever the server says to that, what was read or went wrong counts."""
        if self.state == "LOGOUT":
            return
        try:
            self.logout()
        except (self.error, OSError):
            with suppress(OSError):
                self.shutdown()

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


class _Open(MailServer):
    """Without TLS."""


class _Secure(MailServer, imaplib.IMAP4_SSL):
    """With TLS."""


def opened(url: str) -> MailServer:
    """Return a connection to the server in an address of ``imaps:``, or ``imap:`` without TLS."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "imaps":
        return _Open(host, parts.port or 143, timeout=TIMEOUT)
    context = ssl.create_default_context()
    return _Secure(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)


def numbers(box: MailServer, since: datetime, *wanted: str) -> list[str]:
    """Return the UIDs of the mails that came that day or later, in the folder's order.

    Args:
        box: the folder.
        since: the day.
        wanted: what else they are to be, as SEARCH takes it.
    """
    day = imaplib.Time2Internaldate(since)[1:12].strip()
    found = box.ask("SEARCH", "SINCE", day, *wanted)
    return found[0].decode("ascii").split() if found and found[0] else []


def in_lots(
    box: MailServer, numbers: Sequence[str], what: str
) -> Iterator[tuple[str, tuple[bytes, bytes] | None]]:
    """Yield each number with the same as `fetched`.

    None of what the server does not say of many mails at once: it is to be asked of that one.
    """
    for start in range(0, len(numbers), LOT):
        lot = numbers[start : start + LOT]
        try:
            found = _of_many(box.ask("FETCH", ",".join(lot), what))
        except Refused:
            found = {}
        yield from ((number, found.get(number)) for number in lot)


def _of_many(answer: Sequence[object]) -> dict[str, tuple[bytes, bytes]]:
    """Return what `answer` says of each mail, and its one part, by UID.

    Without those whose part is no literal: what is said of them cannot be told apart.
    """
    said: list[tuple[bytes, bytes]] = []
    for one in answer or ():
        if isinstance(one, tuple):
            said.append((one[0], one[1]))
        elif isinstance(one, bytes) and said and one.startswith((b" ", b")")):
            told, part = said[-1]
            said[-1] = told + one, part
    return {uid[1].decode(): one for one in said if (uid := _UID.search(one[0]))}


def fetched(box: MailServer, number: str, what: str) -> tuple[bytes, bytes]:
    """Return what the server says of a mail, and the part of it that was asked for."""
    answer = box.ask("FETCH", number, what)
    told, part = b"", b""
    for one in answer or ():
        if isinstance(one, tuple):
            told, part = told + one[0], one[1]
        elif isinstance(one, bytes):
            told += one
    return told, part


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
