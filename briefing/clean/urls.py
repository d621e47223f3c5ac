"""One address for one article."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid"
    r"|igsh|mc_cid|mc_eid|_ga|_gl|ocid|cmpid|mkt_tok|_hsenc|_hsmi|at_medium|at_campaign"
)
_PORTS: Final = {"http": 80, "https": 443}
_VARIANT: Final = re.compile(r"(?:www|m|amp|mobile)\d?\.")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\\"<>^`{|}]")


def canonical_url(url: str) -> str:
    """Return `url` as every copy of the same link is written.

    Scheme and host become lower case; the fragment, default ports, credentials and
    parameters that only track readers go; all else stays. An address that is not http(s),
    or no address at all, comes back as it is.
    """
    parts = _split(url)
    if parts is None or not parts.hostname:
        return url
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port is not None and parts.port != _PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    query = "&".join(
        pair
        for pair in parts.query.split("&")
        if not _TRACKING.fullmatch(pair.split("=", 1)[0].lower())
    )
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def is_web(url: str) -> bool:
    """Return whether a reader may be sent to `url`: http(s), a host, no blanks or quotes."""
    parts = _split(url)
    return parts is not None and bool(parts.hostname) and not _UNSAFE.search(url)


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses belong to one site: hosts equal, or one below the other.

    ``www.``, ``m.`` and ``amp.`` are passed over. Addresses that are not http(s) belong
    to no site.
    """
    first, second = _host(one), _host(other)
    if not first or not second:
        return False
    longer, shorter = sorted((first, second), key=len, reverse=True)
    below = "." in shorter and longer.endswith("." + shorter)
    return longer == shorter or below


def site_name(url: str) -> str | None:
    """Return what the host of `url` calls itself (``kompas.com``), None if it has none."""
    return _host(url) or None


def _host(url: str) -> str:
    parts = _split(url)
    return _VARIANT.sub("", (parts and parts.hostname) or "", count=1)


def _split(url: str) -> SplitResult | None:
    """Return the parts of an http(s) address, None if it is anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port  # raises if it is no number
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and port != 0 else None
