"""What the names that authors give to elements say about the text in them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

_EDGE: Final = r"(?:^|[\s_-])"
_BESIDE: Final = re.compile(
    _EDGE
    + r"(?:nav(?:bar|igation)?|menu|submenu|side-?bar|share\w*|sharing|social\w*|related\w*"
    r"|recommend\w*|promo\w*|subscri\w*|sign-?up|advert\w*|ads?|adsbygoogle"
    r"|sponsor\w*|taboola\w*|outbrain\w*|breadcrumbs?|tags?|pagination|pager|paging|popular"
    r"|trending|most-?read|read-?more|more-?(?:from|stories|news|on)|by-?line|author|bio"
    r"|\w*captions?|credits?|copyright|widget|modal|popup|overlay|print-?only|skip-?link"
    r"|toolbar|meta|timestamp|gallery|slideshow|carousel|login|paywall"
    r"|terkait|baca-?juga|lihat-?juga|rekomendasi|terpopuler|populer|iklan|bagikan|tagar"
    r"|topik|penulis)(?:$|[\s_-])",
    re.I,
)
"""Names of what stands beside an article, or in it without being its text."""
_APART: Final = re.compile(
    _EDGE
    + r"(?:comments?|commentlist|disqus\w*|respond|komentar|foot(?:er)?|cookies?|gdpr|consent"
    r"|subscribe|newsletters?|langganan)"
    r"(?:$|[\s_-])",
    re.I,
)
"""Names of what is never the article, however much text it holds."""
_TEXT: Final = re.compile(
    r"article-?_*(?:body|content|text)|articlebody|fulltext"
    r"|(?:entry|post|story|page|main|blog|news|single|detail|read|artikel|berita|isi)"
    r"-?_*(?:content|body|text|konten|berita|artikel)s?"
    r"|content-?_*(?:body|text|detail)|body-?_*(?:text|content|copy)",
    re.I,
)
"""Names of what holds an article's text, or a part of it."""
_WHOLE: Final = re.compile(
    r"(?:^|\s)(?:story|post|article|entry|artikel)(?:$|\s)", re.I
)
"""Names of what is an article of its own."""
_LEAD: Final = re.compile(_EDGE + r"(?:lead|lede|intro|teras)(?:$|[\s_-])", re.I)
"""Names of the first paragraph. A standfirst says what the article says once more."""
_UNSEEN: Final = re.compile(
    _EDGE + r"(?:sr-only|visually-?hidden|screen-?reader(?:-text)?)(?:$|\s)", re.I
)
_NO_DISPLAY: Final = re.compile(r"display\s*:\s*none", re.I)
_KEPT: Final = 4096
_NAMES_LENGTH: Final = 1_000
_ROLES: Final = frozenset(
    {
        *("banner", "complementary", "contentinfo", "dialog", "menu", "navigation"),
        "search",
    }
)


def is_unseen(element: HtmlElement) -> bool:
    """Return whether a browser does not show the element."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    if style and _NO_DISPLAY.search(style):
        return True
    names = element.get("class")
    return names is not None and _is_unseen(names[:_NAMES_LENGTH])


def is_beside(element: HtmlElement) -> bool:
    """Return whether the element's name says that its text is not the article's."""
    return element.get("role") in _ROLES or _is_beside(_names(element))


def is_caption(element: HtmlElement) -> bool:
    """Return whether its name says that it is the caption of a picture."""
    names = element.get("class")
    return names is not None and "caption" in names.lower()


def is_apart(element: HtmlElement) -> bool:
    """Return whether its name says so for certain: comments, footers, cookie notices."""
    return _is_apart(_names(element))


def is_lead(element: HtmlElement) -> bool:
    """Return whether the element's name says that it holds the article's first paragraph."""
    return _LEAD.search(_names(element)) is not None


def holds_article(element: HtmlElement) -> bool:
    """Return whether the element's name says that it holds an article's text."""
    return (
        is_article(element)
        or "articleBody" in (element.get("itemprop"), element.get("property"))
        or _is_text(_names(element))
    )


def is_article(element: HtmlElement) -> bool:
    """Return whether the element is marked as an article of its own, not as a part."""
    return (
        element.tag == "article"
        or element.get("role") == "article"
        or _is_whole(_names(element))
    )


# The same names stand on many elements of a page, and on all pages of a site.
@lru_cache(_KEPT)
def _is_unseen(names: str) -> bool:
    return _UNSEEN.search(names) is not None


@lru_cache(_KEPT)
def _is_beside(names: str) -> bool:
    return _BESIDE.search(names) is not None or _is_apart(names)


@lru_cache(_KEPT)
def _is_apart(names: str) -> bool:
    return _APART.search(names) is not None


@lru_cache(_KEPT)
def _is_text(names: str) -> bool:
    return _TEXT.search(names) is not None


@lru_cache(_KEPT)
def _is_whole(names: str) -> bool:
    return _WHOLE.search(names) is not None


def _names(element: HtmlElement) -> str:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return names[:_NAMES_LENGTH]
