"""Pages in a folder: each whole, and none before all can be.

Every file and folder is reached through the descriptor of the folder above it, and never
through a symbolic link, so that nothing is written outside, whatever others do meanwhile.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from briefing.deliver.names import check_names
from briefing.errors import DeliveryError
from briefing.text import one_line

_LONGEST_PLACE: Final = 1000
_READABLE: Final = 0o644
_ENTERABLE: Final = 0o755
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY

_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk cannot be written",
    errno.ENOTDIR: "a part of the path is a file or a symbolic link, not a folder",
    errno.EEXIST: "a part of the path is a file, not a folder",
    errno.ELOOP: "a part of the path is a symbolic link",
    errno.EISDIR: "a folder has the name of a page",
}


class Folder:
    """A folder of pages that others may read; made if it is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, pages: Mapping[str, str]) -> Sequence[Path]:
        """Write `pages` (relative name → text); return their paths, in the same order.

        All are first written beside the old ones, then take their places one by one: if
        one cannot be written, all old pages stay. Equal pages are not touched.

        Raises:
            DeliveryError: a page cannot be written, or has a name that leads elsewhere.
        """
        check_names(pages)
        bodies = {name: _encoded(name, page) for name, page in pages.items()}
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with _locked(self._path) as root, ExitStack() as undo:
                tree = _Tree(root, undo)
                waiting = [
                    page
                    for name, body in bodies.items()
                    if (page := _prepare(tree, name, body, undo))
                ]
                for page in waiting:
                    page.take_place()
                for folder in sorted({page.folder for page in waiting}):
                    os.fsync(folder)
        except (OSError, ValueError) as error:
            raise DeliveryError(self._words(error)) from error
        return tuple(self._path / name for name in bodies)

    def check(self) -> None:
        """Make the folder, and try whether pages could be written there.

        Raises:
            DeliveryError: they could not.
        """
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with _locked(self._path) as root:
                trial = _Waiting(root, "check")
                try:
                    trial.write(b"?")
                finally:
                    trial.remove()
        except (OSError, ValueError) as error:
            raise DeliveryError(self._words(error)) from error

    def _words(self, error: OSError | ValueError) -> str:
        why = "that is no path"
        if isinstance(error, OSError):
            why = error.strerror or type(error).__name__
            if plain := _REASONS.get(error.errno or 0):
                why = f"{plain} ({why})"
        where = one_line(str(self._path), limit=_LONGEST_PLACE)
        return f"pages cannot be written to {where}: {why}"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A page written beside its place. `folder` is the descriptor of its folder."""

    folder: int
    name: str

    @property
    def part(self) -> str:
        return f".{self.name}.part"

    def write(self, body: bytes) -> None:
        self.remove()  # of a sender that was killed
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(self.part, how, _READABLE, dir_fd=self.folder), "wb") as file:
            os.fchmod(file.fileno(), _READABLE)  # whatever the umask
            file.write(body)
            file.flush()
            os.fsync(file.fileno())

    def take_place(self) -> None:
        os.replace(self.part, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def remove(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self.part, dir_fd=self.folder)


class _Tree:
    """The folders below one, each entered once and left by `undo`."""

    def __init__(self, root: int, undo: ExitStack) -> None:
        self._open: dict[tuple[str, ...], int] = {(): root}
        self._undo = undo

    def folder(self, *parts: str) -> int:
        """Return the descriptor of a folder, made if need be; no link is followed."""
        if parts not in self._open:
            entered = _enter(self.folder(*parts[:-1]), parts[-1])
            self._open[parts] = entered
            self._undo.callback(os.close, entered)
        return self._open[parts]


def _enter(folder: int, part: str) -> int:
    with suppress(FileExistsError):
        os.mkdir(part, _ENTERABLE, dir_fd=folder)
        # mkdir obeys the umask; the new folder is ours, so that no link can be followed.
        os.chmod(part, _ENTERABLE, dir_fd=folder)
    return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)


def _prepare(tree: _Tree, name: str, body: bytes, undo: ExitStack) -> _Waiting | None:
    """Write a page beside its place, to be removed by `undo`; None if it is there already."""
    *folders, last = name.split("/")
    folder = tree.folder(*folders)
    if _same(folder, last, body):
        return None
    page = _Waiting(folder, last)
    undo.callback(page.remove)
    page.write(body)
    return page


def _same(folder: int, name: str, body: bytes) -> bool:
    """Tell whether the file already holds `body`."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    if not stat.S_ISREG(status.st_mode) or status.st_size != len(body):
        return False
    how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with open(os.open(name, how, dir_fd=folder), "rb") as file:
        return file.read(len(body) + 1) == body


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Give the descriptor of a folder that no other sender writes to meanwhile."""
    root = os.open(path, _FOLDER)
    try:
        with suppress(
            OSError
        ):  # some network disks have no locks; the pages stay whole
            fcntl.flock(root, fcntl.LOCK_EX)
        yield root
    finally:
        os.close(root)


def _encoded(name: str, page: str) -> bytes:
    try:
        return page.encode()
    except UnicodeEncodeError as error:
        raise DeliveryError(
            f"page {name} cannot be written: its text is not valid Unicode"
        ) from error
