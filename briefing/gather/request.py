"""Requests, and the addresses in them as aiohttp understands them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yarl import URL

from briefing.gather.address import public, web_address, with_userinfo
from briefing.gather.response import FetchError


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        url: an http or https address.
        headers: to be sent besides our own, such as validators.
        private: addresses that are not public may be connected to, at any port and pace.
        link: the address comes from a feed or page, not from the settings or a person:
            robots.txt is heeded, and other ports than the Web's are not asked.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    private: bool = False
    link: bool = False


def to_url(url: str) -> URL:
    """Return `url` as aiohttp will take it, so that host and port are those it connects to.

    Raises:
        FetchError: it is not an http or https address.
    """
    try:
        if web_address(url) is None:
            raise FetchError("unsupported", url)
        found = URL(url)
    except ValueError as error:
        raise FetchError("unsupported", str(error)) from error
    if not found.raw_host:
        raise FetchError("unsupported", url)
    return found


def shown(url: URL) -> str:
    """Return `url` without ``user:password@``."""
    return str(url) if url.user is None else public(str(url))


def target_of(location: str, url: URL) -> URL:
    """Return where `url` redirects to; no other origin is sent its password."""
    target = web_address(location, base=public(str(url)))
    if target is None:
        raise FetchError("unsupported", f"redirect to {location}")
    return to_url(with_userinfo(target, str(url)))
