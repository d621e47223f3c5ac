"""The body of an answer, decoded piece by piece under a cap that really holds."""

from __future__ import annotations

from briefing.gather.codings import decoder
from briefing.gather.response import FetchError


class Body:
    """Gathers and decodes the pieces of one body.

    Args:
        coding: the Content-Encoding header, empty for none.
        limit: bytes allowed, of the body as sent and of the body decoded.

    Raises:
        FetchError: ``unsupported``: a coding that was not announced.
    """

    def __init__(self, coding: str, *, limit: int) -> None:
        self._coding = coding
        self._decoder = decoder(coding)
        self._limit = limit
        self._sent = 0
        self._decoded = bytearray()

    def add(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            FetchError: ``too-large``, or ``unexpected`` if it is not so coded.
        """
        self._sent += len(piece)
        if self._decoder is None:
            self._decoded += piece
        elif self._sent <= self._limit:
            for part in self._decoder.decoded(piece):
                self._decoded += part
                if len(self._decoded) > self._limit:
                    break
        if max(self._sent, len(self._decoded)) > self._limit:
            raise FetchError("too-large", f"over {self._limit} bytes")

    def so_far(self) -> bytes:
        """Return the beginning of the body, up to the limit."""
        return bytes(self._decoded[: self._limit])

    def end(self) -> bytes:
        """Return the whole body.

        Raises:
            FetchError: ``unexpected``: the coded body has no end.
        """
        if self._decoder is not None and self._sent and not self._decoder.ended:
            raise FetchError("unexpected", f"the {self._coding} body ends early")
        return bytes(self._decoded)
