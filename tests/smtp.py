"""A real mail server on the loopback interface, which fails in chosen ways.

with smtp_server({"budi@contoh.example": Fault("rcpt", "450 4.2.0 later", times=1)}) as server:
    ...
    server.taken  # the mails it is answerable for
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Step = Literal[
    "mail", "rcpt", "dot", "rset", "drop-before-dot", "drop-after-dot", "late"
]


@dataclass
class Fault:
    """What goes wrong with a recipient's mail, and how often.

    Attributes:
        step: where; ``dot`` is the answer to the final one, ``late`` takes the mail and answers
            when the client is gone.
        answer: what is said there; if it begins with 2 all goes on as it would without.
        times: how often, then all is well.
        closes: whether the connection is closed behind the answer.
    """

    step: Step
    answer: str = ""
    times: int = 1_000_000
    closes: bool = False

    def strikes(self, step: Step) -> bool:
        """Return whether it is to happen now, and count."""
        if self.step != step or self.times == 0:
            return False
        self.times -= 1
        return True


@dataclass
class MailServer:
    """A running server.

    Attributes:
        taken: recipient and mail of each that it has taken, in order.
        tries: recipients that were named, in order.
        faults: by recipient; the recipient "" stands for all.
    """

    faults: Mapping[str, Fault] = field(default_factory=dict)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def recipients(self) -> list[str]:
        """Who got a mail, in alphabetical order."""
        return sorted(to for to, _ in self.taken)

    def fault(self, step: Step, to: str) -> Fault | None:
        """Return the fault that strikes at a step."""
        for one in (self.faults.get(to), self.faults.get("")):
            if one is not None and one.strikes(step):
                return one
        return None


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802  # aiosmtpd's name
        smtp, _, envelope, address, _ = given
        answer = _answer(smtp, self._server.fault("mail", ""))
        if answer.startswith("2"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802  # aiosmtpd's name
        smtp, _, envelope, address, _ = given
        self._server.tries.append(address)
        answer = _answer(smtp, self._server.fault("rcpt", address))
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: _Smtp, session: Session, envelope: Envelope
    ) -> str:
        to, *copies = envelope.rcpt_tos
        answer = _answer(server, self._server.fault("dot", to), "250 2.0.0 taken")
        if not answer.startswith("2"):
            return answer
        assert isinstance(envelope.content, bytes)
        self._server.taken += [(one, envelope.content) for one in (to, *copies)]
        if self._server.fault("drop-after-dot", to):
            server.transport.abort()
        if self._server.fault("late", to):
            await asyncio.Event().wait()  # until the client leaves, which ends the task
        return answer

    async def handle_RSET(  # noqa: N802  # aiosmtpd's name
        self, server: _Smtp, session: Session, envelope: Envelope
    ) -> str:
        return _answer(server, self._server.fault("rset", ""))


def _answer(server: _Smtp, fault: Fault | None, well: str = "250 OK") -> str:
    """Return what is said, `well` without a fault; it may be the connection's last word."""
    if fault is None:
        return well
    server.closes = fault.closes
    return fault.answer


class _Smtp(SMTP):  # type: ignore[misc]  # aiosmtpd has no types
    closes = False

    async def push(self, status: Any) -> None:
        await super().push(status)
        if self.closes:
            self.transport.close()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd's name
        to, *_ = self.envelope.rcpt_tos or [""]
        if self.event_handler._server.fault("drop-before-dot", to):
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):  # type: ignore[misc]  # as above
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


@contextmanager
def smtp_server(
    faults: Mapping[str, Fault] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    password: str | None = None,
    utf8: bool = True,
) -> Iterator[MailServer]:
    """Yield a running server; with `tls` it offers STARTTLS."""
    server = MailServer(faults or {})
    server.port = free_port()

    def login(*given: Any) -> AuthResult:
        right = given[-1].password == (password or "").encode()
        return AuthResult(success=right, handled=False)

    controller = _Controller(
        _Handler(server),
        hostname="127.0.0.1",
        port=server.port,
        enable_SMTPUTF8=utf8,
        decode_data=False,
        tls_context=tls,
        authenticator=login if password else None,
        auth_require_tls=tls is not None,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
