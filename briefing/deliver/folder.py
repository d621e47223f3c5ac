"""Pages in a folder: each whole, and none before all can be.

Every file and folder is reached through the descriptor of the folder above it, and never
through a symbolic link, so that nothing is written outside, whatever others do meanwhile.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from briefing.deliver.listing import Listing
from briefing.deliver.names import check_names
from briefing.deliver.tree import Tree
from briefing.errors import DeliveryError
from briefing.text import one_line

_LONGEST_PLACE: Final = 1000
_READABLE: Final = 0o644
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY
_MANY: Final = 50
"""Files from which on the disk is first told to write all it has: then each is waited for less."""
_NOTE: Final = ".briefing"
"""What a program remembers of the pages of a folder; no page can have that name."""
_LIST: Final = ".briefing-pages"
"""The names that it remembers, as a `Listing`."""

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
        with self.renewal() as renewal:
            for name, body in bodies.items():
                renewal.put(name, body)
            renewal.finish()
        return tuple(self._path / name for name in pages)

    @contextmanager
    def renewal(self) -> Iterator[Renewal]:
        """Give a renewal of the pages, which no other sender disturbs meanwhile.

        What was put there and has not taken its place at the end is removed.

        Raises:
            DeliveryError: a page cannot be written, or has a name that leads elsewhere.
        """
        with ExitStack() as held:
            try:
                self._path.mkdir(parents=True, exist_ok=True)
                root = held.enter_context(_locked(self._path))
            except (OSError, ValueError) as error:
                raise DeliveryError(self._words(error)) from error
            renewal = Renewal(held.enter_context(closing(Tree(root))))
            try:
                yield renewal
            except OSError as error:
                raise DeliveryError(self._words(error)) from error
            finally:
                renewal.clear()

    def check(self) -> None:
        """Make the folder, and try whether pages could be written there.

        Raises:
            DeliveryError: they could not.
        """
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with _locked(self._path) as root:
                trial = _Waiting(Tree(root), (), "check")
                try:
                    trial.write(b"?")
                    trial.settle()
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


class Renewal:
    """Pages on their way into a folder: written beside the old ones, then all put in place.

    Attributes:
        names: of the pages that were put there, the first first.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._waiting: list[_Waiting] = []
        self.names: dict[str, None] = {}

    def put(self, name: str, page: bytes | str) -> None:
        """Write a page beside its place, unless it stands there already.

        Raises:
            DeliveryError: its name leads elsewhere, or its text is not valid Unicode.
            OSError: it cannot be written.
        """
        check_names([name])
        body = _encoded(name, page) if isinstance(page, str) else page
        self.names[name] = None
        *folders, last = name.split("/")
        waiting = _Waiting(self._tree, tuple(folders), last)
        if _same(self._tree.folder(*folders), last, body):
            with suppress(OSError):  # where nothing need be written, nothing may be
                waiting.remove()  # of a sender that was killed
        else:
            self._waiting.append(waiting)
            waiting.write(body)

    def finish(self, gone: Iterable[str] = ()) -> tuple[str, ...]:
        """Let the pages take their places, then remove others; return the names of those written.

        Args:
            gone: names of pages that are to be removed, with the folders that they leave empty.

        Raises:
            DeliveryError: a page lies below another one.
            OSError: one cannot take its place.
        """
        check_names(self.names)
        if len(self._waiting) >= _MANY:
            os.sync()
        for page in self._waiting:
            page.settle()
        for page in self._waiting:
            page.take_place()
        for name in gone:
            self._remove(*name.split("/"))
        for folders in sorted({page.folders for page in self._waiting}):
            os.fsync(self._tree.folder(*folders))
        written = ["/".join((*page.folders, page.name)) for page in self._waiting]
        self._waiting.clear()
        return tuple(written)

    def is_free(self, name: str, page: str) -> bool:
        """Tell whether nothing stands in a page's place but that page."""
        *folders, last = name.split("/")
        try:
            folder = self._tree.folder(*folders, make=False)
            os.stat(last, dir_fd=folder, follow_symlinks=False)
            return _same(folder, last, _encoded(name, page))
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def unchanged(self, name: str) -> str | None:
        """Return the text of a page; None if there is none, or it is newer than what is noted."""
        *folders, last = name.split("/")
        with suppress(OSError, UnicodeDecodeError):
            noted = os.stat(_NOTE, dir_fd=self._tree.folder(), follow_symlinks=False)
            folder = self._tree.folder(*folders, make=False)
            return _read(folder, last, until=noted.st_mtime_ns)
        return None

    def note(self, text: str) -> None:
        """Remember something of the pages, in place of what was remembered before.

        Raises:
            OSError: it cannot be written.
        """
        self._remember(_NOTE, text.encode())

    def noted(self) -> str | None:
        """Return what is remembered of the pages, None if nothing is."""
        with suppress(OSError, UnicodeDecodeError):
            return _read(self._tree.folder(), _NOTE)
        return None

    def enlist(self, names: Listing) -> None:
        """Remember names of pages in place of those that are listed.

        Raises:
            OSError: they cannot be written.
        """
        self._remember(_LIST, names.text)

    def listed(self) -> Listing:
        """Return the names that are listed, none if that cannot be read."""
        with suppress(OSError, UnicodeDecodeError):
            text = (_read(self._tree.folder(), _LIST) or "").encode()
            return Listing(text[: text.rfind(b"\n") + 1])
        return Listing()

    def _remember(self, name: str, text: bytes) -> None:
        note = _Waiting(self._tree, (), name)
        try:
            note.write(text)
            note.settle()
            note.take_place()
        finally:
            note.remove()

    def clear(self) -> None:
        """Remove what has not taken its place."""
        for page in self._waiting:
            with suppress(OSError):
                page.remove()
        self._waiting.clear()
        self.names.clear()

    def _remove(self, *parts: str) -> None:
        *folders, last = parts
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(last, dir_fd=self._tree.folder(*folders, make=False))
            self._tree.remove(*folders)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A page written beside its place, in the folder `folders` of a tree."""

    tree: Tree
    folders: tuple[str, ...]
    name: str

    @property
    def part(self) -> str:
        return f".{self.name}.part"

    @property
    def folder(self) -> int:
        return self.tree.folder(*self.folders)

    def write(self, body: bytes) -> None:
        self.remove()  # of a sender that was killed
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(self.part, how, _READABLE, dir_fd=self.folder), "wb") as file:
            os.fchmod(file.fileno(), _READABLE)  # whatever the umask
            file.write(body)

    def settle(self) -> None:
        """Wait until the disk has it."""
        how = os.O_RDONLY | os.O_NOFOLLOW
        file = os.open(self.part, how, dir_fd=self.folder)
        try:
            os.fsync(file)
        finally:
            os.close(file)

    def take_place(self) -> None:
        folder = self.folder
        os.replace(self.part, self.name, src_dir_fd=folder, dst_dir_fd=folder)

    def remove(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self.part, dir_fd=self.folder)


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
    with _opened(folder, name) as file:
        return file.read(len(body) + 1) == body


def _read(folder: int, name: str, *, until: int | None = None) -> str | None:
    """Return the text of a file, None if it was changed after `until` (ns) or is no file."""
    with _opened(folder, name) as file:
        status = os.fstat(file.fileno())
        late = until is not None and status.st_mtime_ns > until
        return (
            file.read().decode() if stat.S_ISREG(status.st_mode) and not late else None
        )


def _opened(folder: int, name: str) -> BinaryIO:
    how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    return open(os.open(name, how, dir_fd=folder), "rb")


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
