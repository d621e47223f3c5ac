"""The body of an answer, decoded piece by piece under a cap that really holds."""

from __future__ import annotations

import zlib
from typing import Final

from briefing.gather.response import FetchError

CODINGS: Final = "gzip, deflate"
"""What is announced to servers. Others decode a piece whole, however much it expands."""

MAX_MEMBERS: Final = 100
"""Gzip streams one after the other (RFC 1952 §2.2); more are an attack on our time."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS


class Body:
    """Gathers and decodes the pieces of one body.

    Args:
        coding: the Content-Encoding header, empty for none.
        limit: bytes allowed, of the body as sent and of the body decoded.

    Raises:
        FetchError: ``unsupported``: a coding that was not announced.
    """

    def __init__(self, coding: str, *, limit: int) -> None:
        self._coding = coding.strip().lower().removeprefix("x-").replace("identity", "")
        if self._coding not in ("", "gzip", "deflate"):
            raise FetchError("unsupported", f"content coding {coding}")
        self._limit = limit
        self._sent = 0
        self._decoded = bytearray()
        self._inflater: zlib._Decompress | None = None
        self._members = 0

    def add(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            FetchError: ``too-large``, or ``unexpected`` if it is not so coded.
        """
        self._sent += len(piece)
        if self._sent > self._limit:
            raise self._too_large()
        if not self._coding:
            self._decoded += piece
            return
        try:
            self._inflate(piece)
        except zlib.error as error:
            raise FetchError("unexpected", f"not {self._coding}: {error}") from error

    def end(self) -> bytes:
        """Return the whole body.

        Raises:
            FetchError: ``unexpected``: the coded body has no end.
        """
        if self._inflater is not None and not self._inflater.eof:
            raise FetchError("unexpected", f"the {self._coding} body ends early")
        return bytes(self._decoded)

    def _inflate(self, piece: bytes) -> None:
        while piece:
            if self._inflater is None or self._inflater.eof:
                if self._members and not self._begins_member(piece):
                    return
                self._inflater = self._new_inflater(piece[0])
            # One byte over the limit tells too much from just enough.
            room = self._limit + 1 - len(self._decoded)
            self._decoded += self._inflater.decompress(piece, room)
            if len(self._decoded) > self._limit:
                raise self._too_large()
            piece = self._inflater.unconsumed_tail or self._inflater.unused_data

    def _begins_member(self, piece: bytes) -> bool:
        """Tell whether another gzip stream follows; anything else behind one is padding."""
        return self._coding == "gzip" and piece[0] == 0x1F

    def _new_inflater(self, first: int) -> zlib._Decompress:
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise FetchError(
                "unexpected", f"over {MAX_MEMBERS} gzip streams in one body"
            )
        if self._coding == "gzip":
            return zlib.decompressobj(_GZIP)
        # "deflate" means zlib (RFC 9110 §8.4.1.2), but some servers send it bare.
        return zlib.decompressobj(zlib.MAX_WBITS if first & 0x0F == 8 else _RAW)

    def _too_large(self) -> FetchError:
        return FetchError("too-large", f"over {self._limit} bytes")
