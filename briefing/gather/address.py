"""Addresses: what may be asked for, and what may be shown of them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from briefing.text.sites import registrable_domain

MAX_LENGTH: Final = 4_000
"""Characters; servers refuse longer ones (8,190 bytes with the request line is common)."""

_AS_IT_IS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][!-~]*)?")
"""Addresses to which nothing is done, as almost all links of feeds are. Taking one to pieces to
find that out takes ten times as long, and a visit does it for each entry."""

_USERINFO: Final = re.compile(r"(?<=://)[^/\s?#]*@")


def masked(text: str) -> str:
    """Return `text` with the ``user:password@`` of every address in it left out."""
    return _USERINFO.sub("", text)


def public(url: str) -> str:
    """Return `url` without ``user:password@``; anything that is no address as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return masked(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def is_web(url: str) -> bool:
    """Tell whether `url` is an address of http or https."""
    return url.startswith(("http://", "https://"))


def web_address(url: str, *, base: str = "") -> str | None:
    """Return `url` made absolute, without ``user:password@``; None if it is not http(s).

    Args:
        url: foreign text; blanks around it are dropped, blanks in it are escaped.
        base: the address it is relative to.
    """
    if not base and len(url) <= MAX_LENGTH and _AS_IT_IS.fullmatch(url):
        return url
    trimmed = url.strip()
    if not trimmed or len(trimmed) > MAX_LENGTH:
        return None
    try:
        # A page could have each of its thousand links joined to a megabyte.
        near = base if len(base) <= MAX_LENGTH else ""
        whole = public(urljoin(near, trimmed))
        parts = urlsplit(whole)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        _ = parts.port  # raises if it is no number
    except ValueError:
        return None
    # A lone surrogate or a control character cannot be asked for, stored or shown.
    return whole.replace(" ", "%20") if whole.isprintable() else None


def host_name(url: str) -> str:
    """Return the host in an address as it is connected to, empty if there is none.

    In small letters, names of other scripts in punycode, without a dot at the end, an IPv6
    address without brackets.
    """
    from yarl import URL  # what aiohttp connects by

    try:
        return (URL(url).raw_host or "").rstrip(".").lower()
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """Return host and port of an address, empty if it has no host."""
    from yarl import URL

    name = host_name(url)
    if not name:
        return ""
    return f"[{name}]:{URL(url).port}" if ":" in name else f"{name}:{URL(url).port}"


def one_site(url: str, other: str) -> bool:
    """Tell whether both addresses are of one host or one registrable domain."""
    here, there = host_name(url), host_name(other)
    domain = registrable_domain(here)
    return here == there or (domain is not None and domain == registrable_domain(there))


def same_site(url: str, other: str) -> bool:
    """Tell whether both addresses are of one site, and `other` no less safe."""
    if url.startswith("https:") and not other.startswith("https:"):
        return False
    return one_site(url, other)


def userinfo(url: str) -> str:
    """Return the ``user:password`` of an address, empty if it has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return ""


def with_userinfo(url: str, source: str) -> str:
    """Return `url` with the ``user:password@`` of `source`, if both are of one origin.

    That is: one scheme, host and port; no other gets to see it.
    """
    known, parts = userinfo(source), urlsplit(url)
    same = parts.scheme == urlsplit(source).scheme and host_of(url) == host_of(source)
    if not known or not same:
        return url
    return parts._replace(netloc=f"{known}@{parts.netloc}").geturl()


def site_address(link: str, url: str) -> str:
    """Return what links of an RSS feed are relative to.

    Args:
        link: the feed's own link, to the site whose pages it lists.
        url: where the feed came from; `link` counts if it is on another host, that only
            hands out the feed.
    """
    site = web_address(link)
    if site is None:
        return url
    try:
        same = urlsplit(site).hostname == urlsplit(url).hostname
    except ValueError:
        return url
    return url if same else site
