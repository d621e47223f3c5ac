"""Addresses a reader may open, and names for places on a page."""

from __future__ import annotations

import re
from urllib.parse import quote

from briefing.text import digest

_WEB = re.compile(r"https?://[\w.-]++(:\d*+)?(?=[/?#]|$)", re.IGNORECASE)
_KEPT = "%/:?#@!$&+,;=~"
_REFERENCE = re.compile(r"(&[#\w]+);")


def web_address(link: str | None) -> str | None:
    """Return `link` in plain ASCII if it is an http(s) address, else None.

    Whatever could end or change a link in HTML or Markdown (blanks, quotes, brackets,
    backslashes, asterisks, controls) is percent-encoded (RFC 3986, 2.1), and so is
    everything that is not ASCII. Addresses with a name or password are refused: they
    disguise the host or give a secret away.
    """
    stripped = (link or "").strip()
    if not _WEB.match(stripped):
        return None
    encoded = quote(stripped, safe=_KEPT, errors="replace")
    return _REFERENCE.sub(r"\1%3B", encoded)


def file_name(url: str) -> str | None:
    """Return the last part of a ``file:`` address as plain text, None for any other."""
    if not url.startswith("file:"):
        return None
    return url[5:].rsplit("/", 1)[-1] or None


def anchor(kind: str, key: str) -> str:
    """Return a name for a place on the page: ``story-4f0c…``, ``topic-serangan``."""
    return f"{kind}-{re.sub(r'[^0-9A-Za-z-]', '-', key)}"


def name_anchor(key: str) -> str:
    """Return a name for the place of the name with this key in the index, in any script."""
    return anchor("name", digest(key.encode())[:12])
