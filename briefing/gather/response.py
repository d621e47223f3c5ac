"""What the network reader hands back: a response, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from briefing.errors import SourceError


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer.

    Attributes:
        url: the address that answered, after redirects, without ``user:password@``.
        status: 200, or 304 if the request had validators and nothing has changed.
        body: decoded from its content coding; empty with 304.
        media_type: in lower case, without parameters; empty if undeclared.
        charset: as declared, None if undeclared.
        etag: byte-exact ETag, None if there is none.
        last_modified: byte-exact Last-Modified, None if there is none.
        moved: redirects led here, and all of them are for good (301, 308).
        headers: what it says of when to ask again (`briefing.gather.freshness.HEADERS`).
    """

    url: str
    status: int
    body: bytes = b""
    media_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_validators(self) -> bool:
        """Whether the next answer may be "unchanged" instead of the whole."""
        return self.etag is not None or self.last_modified is not None


class FetchError(SourceError):
    """There is no usable answer; sources turn it into a `briefing.model.Failure`.

    Attributes:
        reason: a key of `briefing.model.REASONS`.
        detail: the status code, or the cause in a few words.
        status: the status code, 0 if there is none.
        host: host and port that sent it, empty if none did.
        detour: redirects led here that are not for good, so that it says nothing for good of
            the address that was asked for.
        headers: as in `Response`.
    """

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        status: int = 0,
        host: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.host = host
        self.headers = headers or {}
        self.detour = False
