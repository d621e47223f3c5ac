"""A single page of the Web as a source, and the reading of pages that feeds lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from briefing.gather.address import host_of, public
from briefing.gather.content import looks_binary, sniffed
from briefing.gather.outcome import answered
from briefing.gather.pace import INTERVAL
from briefing.gather.response import FetchError, Response
from briefing.gather.visit import Visit, hushed
from briefing.model import Document, Gathered, SourceState

if TYPE_CHECKING:
    from briefing.gather.http import Http

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
        interval: the least time between two visits.
        private: addresses that are not public may be connected to.
        http: the network reader.
    """

    id: str
    url: str = field(repr=False)
    outlet: str | None = None
    language: str | None = None
    interval: timedelta = INTERVAL
    private: bool = False
    http: Http = field(kw_only=True, repr=False, compare=False)

    def fetch(
        self, *, state: SourceState, known: Callable[[str], bool], now: datetime
    ) -> Gathered:
        """Return the page's document; none if it has not changed or is not due."""
        visit = Visit.of(self, state, now=now)
        if left := visit.not_asked():
            return left
        try:
            response = usable(visit.ask(self.http))
        except FetchError as error:
            return visit.unanswered(error)
        after = visit.remembered(response)
        told = visit.news(after)
        if response.status == 304:
            return answered(after, now, (), told)
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
        return answered(after, now, [document], told)


class Pages:
    """Reads the pages of one visit; leaves hosts alone that want to be.

    Attributes:
        quiet: hosts that asked, in this visit, to be left alone for so long.
    """

    def __init__(self, http: Http, asked: Visit) -> None:
        self.quiet: dict[str, timedelta] = {}
        self._http = http
        self._asked = asked

    def read(
        self, urls: Sequence[str], *, within: float
    ) -> dict[str, Response | FetchError | None]:
        """Return the page at each of `urls`, or why it cannot be read.

        Args:
            urls: links, each once.
            within: seconds, after which no more is waited for: None for what is lacking.
        """
        closed = {host for host, _ in self._asked.state.quiet}
        open_ones = [url for url in urls if host_of(url) not in closed]
        found = self._http.get_many(
            open_ones, within=within, private=self._asked.private, link=True
        )
        pages: dict[str, Response | FetchError | None] = dict.fromkeys(
            urls, FetchError("waits", "the host asked to be left alone (429)")
        )
        for url, outcome in zip(open_ones, found, strict=True):
            pages[url] = self._page(outcome)
        return pages

    def _page(
        self, outcome: Response | FetchError | None
    ) -> Response | FetchError | None:
        if isinstance(outcome, FetchError):
            self.quiet |= hushed(outcome, self._asked.now)
        if not isinstance(outcome, Response):
            return outcome
        try:
            return usable(outcome)
        except FetchError as error:
            return error


def usable(response: Response) -> Response:
    """Return `response` as a page, its media type one that `Document` knows.

    Raises:
        FetchError: it is empty, or is no text.
    """
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
