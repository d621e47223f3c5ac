"""Newsletters on the disk: an mbox file, and a maildir."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from briefing.gather.mail import MAX_MAIL, mail_address, mail_document
from briefing.gather.outcome import failed, unanswered
from briefing.gather.parts import in_parts
from briefing.model import Document, Failure, Gathered, SourceState

_SEPARATOR: Final = re.compile(rb"From .{0,200}\b\d{1,2}:\d\d.{0,40}\b\d{4}\b")
"""A line before each mail, with a date in it; a text may begin a line with "From " too."""

_QUOTED: Final = re.compile(rb">+From ")
"""Such a line of a text, as it is written in the file (mboxrd)."""


@dataclass(frozen=True, slots=True)
class Mbox:
    """The mails in an mbox file (RFC 4155).

    Attributes:
        id: the source's id.
        path: the file.
        outlet: name of the outlet, None for each mail's sender.
        language: BCP 47 tag, None if not known.
    """

    id: str
    path: Path
    outlet: str | None = None
    language: str | None = None

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new mail."""
        if not self.path.is_file():
            return unanswered(state, now, _absent(self.id, self.path))
        return _visited(self, _in_mbox(self.path), state=state, known=known, now=now)


@dataclass(frozen=True, slots=True)
class Maildir:
    """The mails in a maildir, read or not; attributes as for `Mbox`.

    It is only looked at: no mail is marked or moved.
    """

    id: str
    path: Path
    outlet: str | None = None
    language: str | None = None

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each new mail."""
        if not is_maildir(self.path):
            return unanswered(state, now, _absent(self.id, self.path))
        return _visited(self, _in_maildir(self.path), state=state, known=known, now=now)


def is_maildir(path: Path) -> bool:
    """Tell whether `path` is a maildir."""
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _visited(
    source: Mbox | Maildir,
    mails: Iterator[bytes | Failure],
    *,
    state: SourceState,
    known: Callable[[str], bool],
    now: datetime,
) -> Gathered:
    read = (
        raw if isinstance(raw, Failure) else _read(raw, source, known, now)
        for raw in mails
    )
    return in_parts(filter(None, read), state=state, now=now)


def _read(
    raw: bytes, source: Mbox | Maildir, known: Callable[[str], bool], now: datetime
) -> Document | Failure | None:
    if known(mail_address(source.id, raw)):
        return None
    return mail_document(
        raw, source=source.id, now=now, outlet=source.outlet, language=source.language
    )


def _in_mbox(path: Path) -> Iterator[bytes]:
    """Yield the mails of an mbox file, each cut after what is too much of one."""
    mail, size, blank = list[bytes](), 0, True
    with path.open("rb") as file:
        for number, line in enumerate(_lines(file)):
            if blank and _SEPARATOR.match(line):
                if number:
                    yield b"".join(mail)
                mail, size = [], 0
            elif not number:
                raise OSError(None, f"{path}: not an mbox file")
            elif size <= MAX_MAIL:
                own = line[1:] if _QUOTED.match(line) else line
                mail.append(own)
                size += len(own)
            blank = not line.strip()
    if mail:
        yield b"".join(mail)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; of one that is too much for a mail, what is left over is dropped."""
    begins = True
    while piece := file.readline(MAX_MAIL + 1):
        if begins:
            yield piece
        begins = piece.endswith(b"\n")


def _in_maildir(path: Path) -> Iterator[bytes | Failure]:
    found = [one for part in ("new", "cur") for one in (path / part).iterdir()]
    for mail in sorted(found, key=lambda one: one.name):
        # Opening a pipe or a device could wait for ever; a dot hides what is no mail.
        if mail.name.startswith(".") or not mail.is_file():
            continue
        try:
            with mail.open("rb") as opened:
                yield opened.read(MAX_MAIL + 1)
        except OSError as error:
            yield failed(mail.name, "unreadable", error.strerror or "")


def _absent(source: str, path: Path) -> Failure:
    if path.exists():
        return failed(source, "unreadable", f"{path}: not a mailbox of this kind")
    return failed(source, "missing", str(path))
