"""What the network reader hands back: a response, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.errors import SourceError


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer.

    Attributes:
        url: the address that answered, after redirects, without ``user:password@``.
        status: 200, or 304 if the request had validators and nothing has changed.
        body: decoded from gzip or deflate; empty with 304.
        media_type: in lower case, without parameters; empty if undeclared.
        charset: as declared, None if undeclared.
        etag: byte-exact ETag, None if there is none.
        last_modified: byte-exact Last-Modified, None if there is none.
    """

    url: str
    status: int
    body: bytes = b""
    media_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class FetchError(SourceError):
    """There is no usable answer; sources turn it into a `briefing.model.Failure`.

    Attributes:
        reason: a key of `briefing.model.REASONS`.
        detail: the status code, or the cause in a few words.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
