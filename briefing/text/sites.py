"""Which hosts belong together."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str | None:
    """Return what of `host` somebody registered: ``kompas.com`` of ``news.kompas.com``.

    None for a public suffix (``co.id``, ``blogspot.com``), a single label and a numeric
    address. Endings that nobody lists count as a suffix of one label.

    Args:
        host: in lower case, names of other scripts in punycode.

    Source: the Public Suffix List (publicsuffix.org), private domains included, as the
    library carries it; nothing is fetched.
    """
    if ":" in host or host.rpartition(".")[2].isdigit():
        return None
    found: str | None = _suffixes().privatesuffix(host)
    return found


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
