"""A connection to a mail server that says when a mail can still be taken back.

RFC 5321 makes the server answer for a mail once it has said 250 after the final dot. A
connection that ends before the dot has delivered nothing; one that ends after it may have.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, Final, Literal

from briefing.errors import DeliveryError
from briefing.text import one_line

if TYPE_CHECKING:
    from typing import Any

Security = Literal["starttls", "tls", "none"]

Outcome = Literal["accepted", "deferred", "failed", "uncertain", "withdrawn"]

_CLOSING: Final = 421


class UnreachableError(Exception):
    """The server cannot be talked to now; another time it may be."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are handed in.

    Attributes:
        host: name or address.
        port: its port.
        security: ``starttls`` and ``tls`` never fall back to an open connection.
        user: None: no login.
        password: None: no login.
        authorities: a file of certificates (PEM) to trust in place of the system's.
        timeout: seconds to wait for each answer.
        greeting: the name that EHLO gives.
        copy: an address that gets each mail, too; refused, the mail goes without it.
    """

    host: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password: str | None = None
    authorities: Path | None = None
    timeout: float = 60.0
    greeting: str = "localhost"
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one mail, and the server's words on it, one line."""

    outcome: Outcome
    words: str


class _Session(smtplib.SMTP):
    """Sends one mail at a time and asks before the final dot."""

    dotted = False
    copy: str | None = None

    def hand_in(
        self, sender: str, to: str, mail: bytes, *, may_go: Callable[[], bool]
    ) -> Answer:
        """Hand in `mail`; see `Connection.hand_in`.

        Raises:
            OSError, SMTPException: the connection broke; `dotted` tells when.
        """
        self.dotted = False
        options = () if to.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        self.command_encoding = "ascii" if to.isascii() else "utf-8"
        code, said = self.mail(sender, options)
        if _kind(code) == 2:
            code, said = self.rcpt(to)
        if _kind(code) != 2:
            return self._refused(code, said)
        if self.copy is not None:
            # Of the same transaction: who finds the copy knows that the mail was taken.
            self.rcpt(self.copy)
        code, said = self.docmd("DATA")
        if _kind(code) != 3:
            return self._refused(code, said)
        self.send(_stuffed(mail))
        if not may_go():
            self.close()  # what the server has is no mail without the dot
            return Answer("withdrawn", "")
        assert self.sock is not None
        if select([self.sock], [], [], 0)[0]:
            # It has spoken out of turn or hung up: without the dot nothing is delivered.
            raise smtplib.SMTPServerDisconnected("it closed before the mail was sent")
        self.dotted = True
        self.send(b".\r\n")
        return self._decided(*self.getreply())

    def _decided(self, code: int, said: bytes) -> Answer:
        """Return what the answer to the final dot means."""
        if _kind(code) == 2:
            return Answer("accepted", _words(code, said))
        if code == -1 or _kind(code) in (4, 5):
            return self._refused(code, said)
        self.close()  # it may wait for more, or for nothing
        return Answer("uncertain", _words(code, said))

    def _refused(self, code: int, said: bytes) -> Answer:
        if code == -1:
            raise smtplib.SMTPServerDisconnected("no answer")
        self._start_anew(code)
        outcome: Outcome = "failed" if _kind(code) == 5 else "deferred"
        return Answer(outcome, _words(code, said))

    def _start_anew(self, code: int) -> None:
        """Be ready for another mail, or closed; what was answered with `code` stands."""
        try:
            if code == _CLOSING or _kind(self.docmd("RSET")[0]) != 2:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


class Connection:
    """A connection that is opened when it is needed, and again after it broke."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session: _Session | None = None

    def hand_in(
        self, sender: str, to: str, mail: bytes, *, may_go: Callable[[], bool]
    ) -> Answer:
        """Hand in `mail` to one recipient.

        Args:
            sender: the envelope's sender, ASCII.
            to: the recipient.
            mail: whole, lines ended by CR LF.
            may_go: is asked once, before the final dot; if it says no, nothing is sent.

        Raises:
            UnreachableError: there is no connection, so that nothing was tried.
            DeliveryError: there cannot be one as the settings are.
        """
        session = self._open()
        if not (to.isascii() or session.has_extn("smtputf8")):
            words = "the server takes only addresses in ASCII (no SMTPUTF8)"
            return Answer("failed", words)
        try:
            answer = session.hand_in(sender, to, mail, may_go=may_go)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            outcome: Outcome = "uncertain" if session.dotted else "deferred"
            return Answer(outcome, f"the connection broke: {_told(error)}")
        except BaseException:
            self.drop()
            raise
        if session.sock is None:
            self._session = None
        return answer

    def close(self) -> None:
        """Say goodbye, if there is anyone."""
        if self._session is not None:
            try:
                self._session.quit()
            except (OSError, smtplib.SMTPException):
                self._session.close()
        self._session = None

    def drop(self) -> None:
        """Leave without a word."""
        if self._session is not None:
            self._session.close()
        self._session = None

    def _open(self) -> _Session:
        if self._session is None:
            self._session = _connected(self._server)
        return self._session


def _connected(server: Server) -> _Session:
    """Return a session that is encrypted and logged in, as the settings want it.

    Raises:
        UnreachableError: nobody answers, or not now.
        DeliveryError: certificate, encryption or password are not as the settings say.
    """
    where = f"mail server {server.host}:{server.port}"
    session: _Session | None = None
    try:
        given: dict[str, Any] = {
            "timeout": server.timeout,
            "local_hostname": server.greeting,
        }
        if server.security == "tls":
            session = _TlsSession(
                server.host, server.port, context=_context(server), **given
            )
        else:
            session = _Session(server.host, server.port, **given)
        # The final dot is a packet of its own; it must not wait for the server to acknowledge
        # the mail before it, which it puts off by 40 ms (RFC 896, RFC 1122, 4.2.3.2).
        if session.sock is not None:
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session.copy = server.copy
        session.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            session.starttls(context=_context(server))
            session.ehlo()
        if server.user is not None and server.password is not None:
            session.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        if session is not None:
            session.close()
        if wrong := _wrong(error):
            raise DeliveryError(f"{where}: {wrong}") from error
        raise UnreachableError(f"{where}: {_told(error)}") from error
    return session


def _context(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.authorities)


def _wrong(error: Exception) -> str | None:
    """Return what is wrong with the settings, None if it may pass by itself."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {one_line(error.verify_message)}"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection: {one_line(error.reason or str(error))}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"it lacks what the settings ask for: {one_line(str(error))}"
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return "it refuses the user's name or password"
    if isinstance(error, FileNotFoundError):
        return "no such file of certificates"
    return None


def _stuffed(mail: bytes) -> bytes:
    """Return `mail` with a dot before each line that begins with one (RFC 5321, 4.5.2)."""
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _kind(code: int) -> int:
    """Return the first digit of an answer, by which alone a client acts (RFC 5321, 4.2.1)."""
    return code // 100


def _words(code: int, said: bytes) -> str:
    return one_line(f"{code} {said.decode('utf-8', 'replace')}")


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _words(
            error.smtp_code, said if isinstance(said, bytes) else said.encode()
        )
    return one_line(str(error)) or type(error).__name__
