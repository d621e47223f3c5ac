"""A single page of the Web as a source, and the reading of pages that feeds lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from briefing.gather.address import public
from briefing.gather.folder import looks_binary, sniffed
from briefing.gather.outcome import answered, failed, unanswered
from briefing.gather.response import FetchError, Response
from briefing.model import Document, Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

GIVE_UP: Final = 3
"""Pages of one host in a row without an answer, after which it is left alone: at 20 s each,
a feed of 500 entries would else wait for almost three hours."""

_MEDIA_TYPES: Final = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/markdown",
}
_UNDECLARED: Final = frozenset({"", "application/octet-stream"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is looked at again at every visit.

    Attributes:
        id: the source's id.
        url: its http or https address; may hold ``user:password@``, which is sent to that
            host and shown nowhere.
        outlet: name of the outlet, None to take the page's word.
        language: BCP 47 tag, None to find out.
        http: the network reader.
    """

    id: str
    url: str = field(repr=False)
    outlet: str | None = None
    language: str | None = None
    http: Http = field(kw_only=True, repr=False, compare=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return the page's document; none if it has not changed."""
        try:
            response = read_page(
                self.http, self.url, headers=validators(state, self.url)
            )
        except FetchError as error:
            return unanswered(state, now, failed(self.id, error.reason, error.detail))
        after = with_validators(state, self.url, response)
        if response.status == 304:
            return answered(after, now)
        document = Document(
            url=public(self.url),
            source=self.id,
            body=response.body,
            media_type=response.media_type,
            fetched=now,
            charset=response.charset,
            language=self.language,
            outlet=self.outlet,
        )
        return answered(after, now, [document])


class Pages:
    """Reads the pages of one visit; leaves hosts alone that do not answer."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._silent: Counter[str] = Counter()

    def read(self, url: str) -> Response:
        """Return the page at `url`.

        Raises:
            FetchError: it cannot be read, or its host is no longer asked.
        """
        host = urlsplit(url).netloc
        if self._silent[host] >= GIVE_UP:
            raise FetchError(
                "unreachable", f"not asked: {GIVE_UP} before had no answer"
            )
        try:
            response = read_page(self._http, url)
        except FetchError as error:
            silent = error.reason in ("timeout", "unreachable")
            self._silent[host] = self._silent[host] + 1 if silent else 0
            raise
        self._silent[host] = 0
        return response


def read_page(
    http: Http, url: str, *, headers: dict[str, str] | None = None
) -> Response:
    """Return the page at `url`, its media type one that `Document` knows.

    Raises:
        FetchError: it cannot be read, is empty, or is no text.
    """
    response = http.get(url, headers=headers)
    if response.status == 304:
        return response
    if not response.body.strip():
        raise FetchError("empty")
    if response.media_type in _UNDECLARED:
        if looks_binary(response.body):
            raise FetchError("binary")
        return replace(response, media_type=sniffed(response.body))
    if response.media_type not in _MEDIA_TYPES:
        raise FetchError("unsupported", response.media_type)
    return replace(response, media_type=_MEDIA_TYPES[response.media_type])


def validators(state: SourceState, url: str) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110 §13.1), empty if there are none.

    Validators of another address are not sent.
    """
    if state.address != public(url):
        return {}
    pairs = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in pairs.items() if value}


def with_validators(state: SourceState, url: str, response: Response) -> SourceState:
    """Return `state` with the validators of `response`; 304 need not repeat them."""
    same = response.status == 304
    return replace(
        state,
        address=public(url),
        etag=response.etag or (state.etag if same else None),
        last_modified=response.last_modified or (state.last_modified if same else None),
    )
