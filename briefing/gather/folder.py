"""Sources on the disk: a folder of files, and a single file."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from briefing.gather.content import MAX_BYTES, looks_binary, sniffed
from briefing.gather.outcome import answered, failed, unanswered
from briefing.gather.parts import in_parts
from briefing.model import Document, Failure, Gathered, SourceState

MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}

_ESCAPED: Final = re.compile("[%\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Folder:
    """The text, Markdown and HTML files in a folder and the folders in it.

    Every visit reads all of them: the store leaves out what has not changed. Hidden files,
    files of other kinds and links that lead out of the folder are passed over.

    Attributes:
        id: the source's id.
        path: the folder.
        outlet: name of the outlet for all files in it, None if they differ.
        language: BCP 47 tag of all files in it, None if not known.
    """

    id: str
    path: Path
    outlet: str | None = None
    language: str | None = None

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return a document for each file, by path, and a failure for each unreadable one."""
        if not self.path.is_dir():
            absent = _absent(self.id, self.path, "a file, not a folder")
            return unanswered(state, now, absent)
        return in_parts(self._read(now), state=state, now=now)

    def _url(self, path: Path) -> str:
        return _file_url(self.id, path.relative_to(self.path).as_posix())

    def _read(self, now: datetime) -> Iterator[Document | Failure]:
        """Yield a failure for each folder that cannot be listed, then the files by path."""
        unlisted: list[OSError] = []
        files = list(self._files(unlisted.append))
        for error in unlisted:
            url = self._url(Path(error.filename))
            yield failed(url, "unreadable", error.strerror or "")
        for path in files:
            yield _read(path, self._url(path), self, now)

    def _files(self, unlisted: Callable[[OSError], None]) -> Iterator[Path]:
        """Yield the files to be read, by path."""
        found = sorted(_walk(self.path, unlisted), key=lambda path: path.parts)
        home = self.path.resolve()
        for path in found:
            if path.resolve().is_relative_to(home):
                yield path


@dataclass(frozen=True, slots=True)
class File:
    """A single file, whatever its suffix; attributes as for `Folder`."""

    id: str
    path: Path
    outlet: str | None = None
    language: str | None = None

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return the file's document, or a failure."""
        if not self.path.is_file():
            return unanswered(state, now, _absent(self.id, self.path, "not a file"))
        read = _read(self.path, _file_url(self.id, self.path.name), self, now)
        if isinstance(read, Document):
            return answered(state, now, [read])
        return unanswered(state, now, read)


def _walk(root: Path, unlisted: Callable[[OSError], None]) -> Iterator[Path]:
    for folder, inner, names in os.walk(root, onerror=unlisted):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and path.suffix.lower() in MEDIA_TYPES:
                yield path


def _absent(source: str, path: Path, otherwise: str) -> Failure:
    if path.exists():
        return failed(source, "unreadable", f"{path}: {otherwise}")
    return failed(source, "missing", str(path))


def _file_url(source: str, relative: str) -> str:
    """Return the address of a file; what cannot be printed in its name is escaped.

    So is ``%``: no two names give the same address.
    """
    return f"file:{source}/{_ESCAPED.sub(_escaped, relative)}"


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in os.fsencode(match[0]))


def _read(
    path: Path, url: str, source: Folder | File, now: datetime
) -> Document | Failure:
    """Return the document of a file, or why there is none."""
    try:
        what = path.stat()
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(what.st_mode):
            return failed(url, "unreadable", "not a regular file")
        if what.st_size > MAX_BYTES:
            return failed(url, "too-large", f"{what.st_size} bytes")
        body = path.read_bytes()
    except OSError as error:
        return failed(url, "unreadable", error.strerror or type(error).__name__)
    if not body.strip():
        return failed(url, "empty")
    if looks_binary(body):
        return failed(url, "binary")
    return Document(
        url=url,
        source=source.id,
        body=body,
        media_type=MEDIA_TYPES.get(path.suffix.lower()) or sniffed(body),
        fetched=now,
        language=source.language,
        outlet=source.outlet,
    )
