"""One address for one article, however it was linked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, urlunsplit

from briefing.clean.address_rules import address_rules
from briefing.clean.urls import split
from briefing.text.sites import registrable_domain

_PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile(r"[\w.~/-]*", re.ASCII)
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
_KEPT: Final = "%/:?#[]@!$&'()*+,;=~"
_AMP_FILE: Final = re.compile(r"(?:\.amp)+(?=(?:\.\w+)?\Z)", re.IGNORECASE)
_ROUTE: Final = ("!", "/")
_DRAWN: Final = re.compile(r"(?=.*\d)\w{20,}", re.ASCII)


def canonical_url(url: str) -> str:
    """Return `url` as every copy of the same link is written.

    It names the article and need not open: the scheme is https, and ``www.``, hosts and
    paths for phones and AMP, default ports, credentials, sessions, parameters that track
    readers or choose a rendering, index files, trailing slashes and fragments are gone;
    parameters are sorted by name. Fragments that are routes (``#!/a``, ``#/a``) stay. An
    address that is not http(s), or no address at all, comes back as it is. What is left
    out stands in ``addresses.toml``. Doing it twice changes nothing more.

    Source: RFC 3986, 6.2 (case, percent-encoding, dot segments); UTS 46 for names.
    """
    parts = split(url)
    if parts is None or not parts.hostname:
        return url
    parts = _outside_cache(parts)
    return urlunsplit(
        (
            "https",
            _authority(parts),
            _path(parts.path),
            _query(parts.query),
            _fragment(parts.fragment),
        )
    )


def without_tracking(url: str) -> str:
    """Return http(s) address `url` as it is, less what only tells who came from where.

    Credentials, fragments that are no routes and parameters that track readers go; it
    opens what `url` opens.
    """
    parts = split(url)
    if parts is None or not parts.hostname:
        return url
    host = parts.netloc.rpartition("@")[2].lower()
    pairs = (p for p in _pairs(parts.query) if not _tracks(_name(p), _value(p)))
    query = "&".join(pairs)
    return urlunsplit(
        (parts.scheme, host, parts.path or "/", query, _fragment(parts.fragment))
    ).rstrip()


def _outside_cache(parts: SplitResult) -> SplitResult:
    """Return the page's own address if `parts` is one in a cache of others' pages."""
    rules = address_rules()
    while match := rules.caches.fullmatch(f"{parts.hostname}{parts.path}"):
        own = split(f"https://{match['page']}?{parts.query}#{parts.fragment}")
        if own is None or not own.hostname:
            break
        parts = own
    return parts


def _authority(parts: SplitResult) -> str:
    host = _host(parts.hostname or "")
    port = parts.port
    return host if port is None or port == _PORTS[parts.scheme] else f"{host}:{port}"


@lru_cache(maxsize=4096)
def _host(host: str) -> str:
    """Return `host` in ASCII, without labels that stand for another rendering."""
    if ":" in host:
        return f"[{host}]"
    name = _ascii(host.rstrip("."))
    own = registrable_domain(name)
    if own is None or own == name:
        return name
    hosts = address_rules().hosts
    labels = name[: -len(own) - 1].split(".")
    return ".".join([*(one for one in labels if not hosts.fullmatch(one)), own])


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _path(path: str) -> str:
    """Return the path with one spelling, without sessions, AMP and index files."""
    rules = address_rules()
    spelled = path if _PLAIN.fullmatch(path) else _spelled(path)
    if ";" in spelled or "(" in spelled:
        spelled = rules.path_session.sub("", spelled)
    segments: list[str] = []
    for segment in spelled.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."} and segment.lower() != "amp":
            segments.append(segment)
    if segments:
        segments[-1] = _AMP_FILE.sub("", segments[-1])
    while segments and segments[-1].lower() in rules.index | {""}:
        segments.pop()
    return "/" + "/".join(segments)


def _query(query: str) -> str:
    if not query:
        return ""
    kept = [
        pair if _PLAIN.fullmatch(pair) else _spelled(pair.replace("+", "%20"))
        for pair in _pairs(query)
        if not _is_aside(_name(pair), _value(pair))
    ]
    return "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))


def _fragment(fragment: str) -> str:
    return _spelled(fragment) if fragment.startswith(_ROUTE) else ""


def _pairs(query: str) -> list[str]:
    """Return the parameters; feeds escape the ``&`` between them once too often."""
    return [pair for pair in query.replace("&amp;", "&").split("&") if pair]


def _name(pair: str) -> str:
    return pair.partition("=")[0].lower()


def _value(pair: str) -> str:
    return pair.partition("=")[2].lower()


def _tracks(name: str, value: str) -> bool:
    rules = address_rules()
    if rules.tracking.fullmatch(name):
        return True
    by_word = name in rules.words and not any(map(str.isdigit, value))
    return by_word or (name in rules.drawn and _DRAWN.fullmatch(value) is not None)


def _is_aside(name: str, value: str) -> bool:
    """Return whether a parameter does not say which article it is."""
    return value in address_rules().renderings.get(name, ()) or _tracks(name, value)


def _spelled(text: str) -> str:
    """Return `text` with only what must be percent-encoded encoded, in upper case."""
    encoded = quote(_BARE_PERCENT.sub("%25", text), safe=_KEPT, errors="surrogatepass")
    return _ENCODED.sub(_decoded, encoded)


def _decoded(match: re.Match[str]) -> str:
    code = int(match[0][1:], 16)
    return chr(code) if code in _UNRESERVED else match[0].upper()
