"""The key that subscribers' links and the ids of mails are made with, in a file of its own."""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from base64 import b32encode
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from briefing.errors import DeliveryError

_BYTES: Final = 32
_OTHERS: Final = 0o077
_LARGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Key:
    """A secret: whoever has it can make links that end other people's subscriptions."""

    _secret: bytes = field(repr=False)

    def mark(self, *parts: object) -> str:
        """Return 32 letters and digits that nobody without the key can tell from `parts`.

        HMAC (RFC 2104) with SHA-256, its first 160 bits, in Base 32.
        """
        # The length before each part keeps ("ab", "c") apart from ("a", "bc").
        told = "".join(f"{len(str(part))}:{part}" for part in parts)
        whole = hmac.digest(self._secret, told.encode(), "sha256")
        return b32encode(whole[:20]).decode().lower()

    def fits(self, mark: str, *parts: object) -> bool:
        """Return whether `mark` was made of `parts`, in a time that tells nothing."""
        return hmac.compare_digest(mark.encode(), self.mark(*parts).encode())


def open_key(path: Path) -> Key:
    """Return the key in the file at `path`; make it at the first use, for its owner alone.

    Raises:
        DeliveryError: it cannot be read or made, is no key, or others may read it.
    """
    try:
        with suppress(FileNotFoundError):
            return _read(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
        return _read(path)
    except OSError as error:
        raise DeliveryError(f"key {path}: {error.strerror}") from error


def secret_text(path: Path) -> str:
    """Return what the file of a key holds.

    Raises:
        DeliveryError: others may read it.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        text = file.read(_LARGEST)
    if mode & _OTHERS:
        raise DeliveryError(f"key {path}: others may read it; chmod 600 {path}")
    return text.decode("ascii", "replace")


def _read(path: Path) -> Key:
    text = secret_text(path)
    with suppress(ValueError):
        secret = bytes.fromhex(text.strip())
        if len(secret) == _BYTES:
            return Key(secret)
    raise DeliveryError(f"key {path}: is no key; restore it from a backup")


def _make(path: Path) -> None:
    """Put a new key at `path`, whole; one that another program has put there stays."""
    opened, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with open(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)
