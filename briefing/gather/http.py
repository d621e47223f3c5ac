"""The only network reader, as the sources see it: `Http.get` and `Http.get_many`.

Both block, and may be called from any thread.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from threading import Lock
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote

import briefing
from briefing.gather.content import MAX_BYTES
from briefing.gather.response import FetchError, Response

if TYPE_CHECKING:
    from briefing.gather.background import Background
    from briefing.ports import Slot
    from briefing.workers import Workers

DEADLINE: Final = 20.0
"""Seconds for a whole answer: names, connections, redirects, headers and body."""

PER_HOST: Final = 2
"""Requests at a time to one host."""


class Http:
    """A careful reader of http and https addresses, to be used in a ``with`` statement.

    GET only; no cookies, no Referer, no proxies or passwords from the environment.

    Args:
        contact: an address or mail address that tells publishers who reads them; what a
            header cannot hold is left out or percent-encoded.
        deadline: seconds for a whole answer, redirects and all; waiting for a turn at a
            busy host does not count.
        max_bytes: of a body, decoded.
        per_host: requests at a time to one host.
        spacing: seconds between the beginnings of two requests to one host; not kept for
            requests that are `private`.
        private: every request may connect to addresses that are not public.
        slot: keeps requests to a host apart where others ask it too; None: nobody else does.

    What it learns of hosts (robots.txt, that they want to be left alone) it knows as long as
    it is open: one round.

    Attributes:
        parsers: processes for what it brought and is not safe to parse here, as long as it
            is open.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        deadline: float = DEADLINE,
        max_bytes: int = MAX_BYTES,
        per_host: int = PER_HOST,
        spacing: float = 0.0,
        private: bool = False,
        slot: Slot | None = None,
    ) -> None:
        self.agent = f"briefing/{briefing.__version__}"
        shown = _encoded(contact or "")
        if shown:
            self.agent += f" (+{shown})"
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._per_host = per_host
        self._spacing = spacing
        self._private = private
        self._slot = slot
        self.parsers: Workers | None = None
        self._background: Background | None = None
        self._closed = False
        self._starting = Lock()

    def __enter__(self) -> Self:
        from briefing.gather.parsing import parsers

        self.parsers = parsers()
        return self

    def __exit__(self, *_: object) -> None:
        with self._starting:
            self._closed = True
        if self._background is not None:
            self._background.close()
        if self.parsers is not None:
            self.parsers.close()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        private: bool = False,
        link: bool = False,
    ) -> Response:
        """Return the whole answer of `url`, redirects followed.

        Args:
            url: an http or https address.
            headers: to be sent besides our own, such as validators.
            private: it may lead to addresses that are not public.
            link: it comes from a feed or page, and is asked for as robots.txt allows.

        Raises:
            FetchError: there is none that can be used: reason and detail say why.
            RuntimeError: before the ``with`` statement.
        """
        from briefing.gather.request import Request

        request = Request(url, headers or {}, private=private, link=link)
        try:
            return self._running().get(request)
        except CancelledError as error:
            raise FetchError("unreachable", "stopped") from error

    def get_many(
        self,
        urls: Sequence[str],
        *,
        within: float,
        private: bool = False,
        link: bool = False,
    ) -> list[Response | FetchError | None]:
        """Return what comes of each of `urls`, in their order, all asked at the same time.

        Args:
            urls: http or https addresses.
            within: seconds, after which no more is waited for: None for what is lacking.
            private: as for `get`.
            link: as for `get`.

        Raises:
            RuntimeError: before the ``with`` statement.
        """
        from briefing.gather.request import Request

        requests = [Request(url, private=private, link=link) for url in urls]
        try:
            return self._running().get_many(requests, within=within)
        except CancelledError:
            return [FetchError("unreachable", "stopped") for _ in urls]

    def _running(self) -> Background:
        """Return what asks, started when there is something to ask.

        Raises:
            RuntimeError: before the ``with`` statement.
            CancelledError: after it.
        """
        if self.parsers is None:
            raise RuntimeError("Http is used before its with statement")
        with self._starting:
            if self._closed:
                raise CancelledError
            if self._background is None:
                self._background = self._started()
            return self._background

    def _started(self) -> Background:
        # Here, because loading the libraries takes a fifth of a second.
        from briefing.gather.background import Background
        from briefing.gather.connection import Connection

        return Background(
            Connection(
                agent=self.agent,
                deadline=self._deadline,
                max_bytes=self._max_bytes,
                per_host=self._per_host,
                spacing=self._spacing,
                private=self._private,
                slot=self._slot,
            )
        )


def _encoded(contact: str) -> str:
    """Return `contact` as printable ASCII."""
    seen = "".join(filter(str.isprintable, contact)).strip()
    return quote(seen, safe=string.punctuation + " ")
