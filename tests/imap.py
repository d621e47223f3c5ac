"""A real IMAP server on the loopback interface, for tests: as much of RFC 3501 as is needed.

    with imap_server({"INBOX": [mail, mail]}, password="rahasia") as server:
        Imap("surat", server.url(), "PASSWORD", ...)

Nothing can be changed on it: what is no command for reading is refused.
"""

from __future__ import annotations

import re
import shlex
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.tls import TlsServer


class ImapServer:
    """A running server.

    Attributes:
        commands: those that came, in order, without the password.
        sizes: what is said of a mail's size, by number from 1, where it is a lie.
        came: what is said of when mails came.
        dates: when single mails came, by number from 1; SEARCH heeds them.
        hangs_up: it does so, without a word, at a command by UID that begins so, or at LOGOUT.
        refused: answers to commands by UID, by how the command begins ("FETCH 2"); one for
            many mails, of which one is refused, breaks off there.
    """

    def __init__(
        self,
        folders: Mapping[str, Sequence[bytes]],
        password: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.folders = folders
        self.password = password
        self.commands: list[str] = []
        self.sizes: dict[int, int] = {}
        self.came = datetime(2024, 12, 1, tzinfo=UTC)
        self.dates: dict[int, datetime] = {}
        self.hangs_up: str | None = None
        self.refused: dict[str, str] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.imap = self
        self._server.tls = tls
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    def url(self, folder: str = "INBOX", *, scheme: str = "imap") -> str:
        """The address of a folder."""
        port = self._server.server_address[1]
        return f"{scheme}://ani@127.0.0.1:{port}/{folder}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def imap_server(
    folders: Mapping[str, Sequence[bytes]],
    *,
    password: str,
    tls: ssl.SSLContext | None = None,
) -> Iterator[ImapServer]:
    """Yield a running server with these folders."""
    server = ImapServer(folders, password, tls)
    try:
        yield server
    finally:
        server.close()


class _Server(socketserver.ThreadingMixIn, TlsServer):
    allow_reuse_address = True
    daemon_threads = False
    imap: ImapServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.mails: Sequence[bytes] = ()
        self.say("* OK ready")
        for line in self.rfile:
            words = shlex.split(line.decode("latin-1"))
            if len(words) < 2:
                self.say("* BYE")
                return
            tag, command, *rest = words
            name = command.upper()
            said = "LOGIN" if name == "LOGIN" else " ".join([name, *rest])
            self.server.imap.commands.append(said)
            asked = " ".join(rest) if name == "UID" else name
            if asked.startswith(self.server.imap.hangs_up or "\n"):
                return
            answer = self.answer(name, rest)
            self.say(f"{tag} {answer}")
            if name == "LOGOUT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, name: str, rest: list[str]) -> str:
        imap = self.server.imap
        if name == "CAPABILITY":
            self.say("* CAPABILITY IMAP4REV1")
        elif name == "LOGIN":
            if rest[1] != imap.password:
                return f"NO wrong password {rest[1]}"
        elif name == "EXAMINE":
            if rest[0] not in imap.folders:
                return "NO no such folder"
            self.mails = imap.folders[rest[0]]
            self.say(f"* {len(self.mails)} EXISTS")
            return "OK [READ-ONLY] done"
        elif name == "UID":
            return self.uid(rest)
        elif name == "LOGOUT":
            self.say("* BYE")
        else:
            return "BAD only reading is allowed"
        return "OK done"

    def uid(self, rest: list[str]) -> str:
        if rest[0].upper() == "SEARCH":
            return self.refusal(" ".join(rest)) or self.search(rest)
        if refusal := self.refusal(" ".join(rest)):
            return refusal
        for number in sorted(map(int, rest[1].split(","))):
            if refusal := self.refusal(f"FETCH {number} {' '.join(rest[2:])}"):
                return refusal
            self.fetch(number, rest)
        return "OK done"

    def refusal(self, asked: str) -> str | None:
        refused = self.server.imap.refused
        return next((refused[one] for one in refused if asked.startswith(one)), None)

    def search(self, rest: list[str]) -> str:
        numbers = [at + 1 for at in range(len(self.mails)) if self.came(at + 1, rest)]
        self.say(f"* SEARCH {' '.join(map(str, numbers))}".rstrip())
        return "OK done"

    def came(self, number: int, rest: list[str]) -> bool:
        since = datetime.strptime(rest[2], "%d-%b-%Y").replace(tzinfo=UTC)
        return self.server.imap.dates.get(number, since) >= since

    def fetch(self, number: int, rest: list[str]) -> None:
        mail = self.mails[number - 1]
        size = self.server.imap.sizes.get(number, len(mail))
        if "INTERNALDATE" in " ".join(rest):
            came = f"{self.server.imap.came:%d-%b-%Y %H:%M:%S %z}"
            part = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            what = f'INTERNALDATE "{came}" BODY[HEADER.FIELDS (SUBJECT AUTO-SUBMITTED)]'
        elif "HEADER.FIELDS" in " ".join(rest):
            found = re.search(rb"(?im)^message-id:.*$", mail)
            part, what = (
                (found[0].strip() if found else b"") + b"\r\n\r\n",
                (f"RFC822.SIZE {size} BODY[HEADER.FIELDS (MESSAGE-ID)]"),
            )
        else:
            part, what = mail, "BODY[]"
        self.say(f"* {number} FETCH (UID {number} {what} {{{len(part)}}}")
        self.wfile.write(part)
        self.say(")")
