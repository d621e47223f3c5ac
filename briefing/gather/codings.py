"""Content codings, decoded in small steps however much the pieces expand."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from briefing.gather.response import FetchError

CODINGS: Final = "gzip, br, zstd, deflate"
"""What is announced to servers."""

MAX_MEMBERS: Final = 100
"""Streams one after the other (RFC 1952 §2.2, RFC 8878 §3); more are an attack on our time."""

STEP: Final = 65_536
"""Bytes that are decoded at a time, so that whoever counts them can stop."""

_WINDOW: Final = 23
"""Logarithm of the largest window of zstd, in bytes (RFC 9659: 8 MiB)."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS


class Decoder(Protocol):
    """Decodes one body, piece by piece."""

    @property
    def ended(self) -> bool:
        """Whether the coded body is whole."""
        ...

    def decoded(self, piece: bytes) -> Iterator[bytes]:
        """Yield what is in the next piece, about `STEP` bytes at a time.

        Raises:
            FetchError: ``unexpected``: it is not so coded.
        """
        ...


def decoder(coding: str) -> Decoder | None:
    """Return a decoder for a Content-Encoding header, None if it is empty or ``identity``.

    Raises:
        FetchError: ``unsupported``: a coding that was not announced.
    """
    name = coding.strip().lower().removeprefix("x-")
    if name in ("", "identity"):
        return None
    if name not in _DECODERS:
        raise FetchError("unsupported", f"content coding {coding}")
    return _DECODERS[name]()


def gzipped() -> Decoder:
    """Return a decoder for a file that is packed by gzip."""
    return _Inflate("gzip")


class _Inflate:
    """Gzip and deflate."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inflater: zlib._Decompress | None = None
        self._members = 0

    @property
    def ended(self) -> bool:
        return self._inflater is None or self._inflater.eof

    def decoded(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._inflater is None or self._inflater.eof:
                if self._members and not self._begins_member(piece):
                    return
                self._members = _counted(self._members)
                self._inflater = self._new_inflater(piece[0])
            yield from self._steps(self._inflater, piece)
            piece = self._inflater.unused_data

    def _steps(self, inflater: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
        """Yield what is in the piece up to the end of the stream."""
        full = False
        try:
            # All of the piece may be taken in before all that is in it has come out.
            while piece or full:
                part = inflater.decompress(piece, STEP)
                yield part
                piece = inflater.unconsumed_tail
                full = len(part) == STEP and not inflater.eof
        except zlib.error as error:
            raise FetchError("unexpected", f"not {self._coding}: {error}") from error

    def _begins_member(self, piece: bytes) -> bool:
        """Tell whether another gzip stream follows; anything else behind one is padding."""
        return self._coding == "gzip" and piece[0] == 0x1F

    def _new_inflater(self, first: int) -> zlib._Decompress:
        if self._coding == "gzip":
            return zlib.decompressobj(_GZIP)
        # "deflate" means zlib (RFC 9110 §8.4.1.2), but some servers send it bare.
        return zlib.decompressobj(zlib.MAX_WBITS if first & 0x0F == 8 else _RAW)


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        import brotli

        self._error: type[Exception] = brotli.error
        self._inner: Any = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._inner.is_finished())

    def decoded(self, piece: bytes) -> Iterator[bytes]:
        if self.ended:
            return  # padding
        try:
            part = self._inner.process(piece, output_buffer_limit=STEP)
            # Output may wait even where more input would be taken.
            while part or not self._inner.can_accept_more_data():
                yield part
                part = self._inner.process(b"", output_buffer_limit=STEP)
        except self._error as error:
            raise FetchError("unexpected", f"not br: {error}") from error


class _Zstandard:
    """Zstandard (RFC 8878) with the window of RFC 9659."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        self._error: type[Exception] = zstd.ZstdError
        self._new: Callable[[], Any] = lambda: zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _WINDOW}
        )
        self._inner: Any = None
        self._members = 0

    @property
    def ended(self) -> bool:
        return self._inner is None or bool(self._inner.eof)

    def decoded(self, piece: bytes) -> Iterator[bytes]:
        more = bool(piece)
        while more:
            if self._inner is None or self._inner.eof:
                self._members = _counted(self._members)
                self._inner = self._new()
            try:
                yield self._inner.decompress(piece, STEP)
            except self._error as error:
                raise FetchError("unexpected", f"not zstd: {error}") from error
            piece = self._inner.unused_data if self._inner.eof else b""
            more = bool(piece) if self._inner.eof else not self._inner.needs_input


_DECODERS: Final[dict[str, Callable[[], Decoder]]] = {
    "gzip": gzipped,
    "deflate": lambda: _Inflate("deflate"),
    "br": _Brotli,
    "zstd": _Zstandard,
}


def _counted(members: int) -> int:
    if members >= MAX_MEMBERS:
        raise FetchError("unexpected", f"over {MAX_MEMBERS} streams in one body")
    return members + 1
