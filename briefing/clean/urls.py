"""Addresses: what they are made of, and which belong together."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from briefing.text.sites import registrable_domain

_SCHEMES: Final = frozenset({"http", "https"})
_VARIANT: Final = re.compile(r"(?:www|m|amp|mobile)\d?\.")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\\"<>^`{|}]")


def is_web(url: str) -> bool:
    """Return whether a reader may be sent to `url`: http(s), a host, no blanks or quotes."""
    parts = split(url)
    return parts is not None and bool(parts.hostname) and not _UNSAFE.search(url)


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses belong to one site: equal hosts or registrable domains.

    Addresses that are not http(s) belong to no site.
    """
    first, second = (_domain(url) for url in (one, other))
    return first is not None and first == second


def site_name(url: str) -> str | None:
    """Return what the host of `url` calls itself (``kompas.com``), None if it has none."""
    return _host(url) or None


def _domain(url: str) -> str | None:
    host = _host(url)
    return registrable_domain(host) or host or None


def _host(url: str) -> str:
    parts = split(url)
    return _VARIANT.sub("", (parts and parts.hostname) or "", count=1)


def split(url: str) -> SplitResult | None:
    """Return the parts of an http(s) address, None if it is anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port  # raises if it is no number
    except ValueError:
        return None
    return parts if parts.scheme in _SCHEMES and port != 0 else None
