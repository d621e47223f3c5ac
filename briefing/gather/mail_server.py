"""The connection to a mail server: what it sends takes neither for ever nor all the memory."""

from __future__ import annotations

import imaplib
import re
import ssl
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
