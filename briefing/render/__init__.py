"""Brief → pages: one dated Markdown page and one dated HTML page. Pure, no clock.

view.py      what a page shows, worked out from the brief
words.py     the interface's words; dates.py its dates and numbers
links.py     addresses a reader may open
markdown.py  foreign text made safe for Markdown
pages.py     the templates, the operator's before ours
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.model import Brief

if TYPE_CHECKING:
    from babel.support import NullTranslations

__all__ = ["render", "words"]


def render(brief: Brief, *, templates: Path | None = None) -> dict[str, str]:
    """Return the pages of `brief` by name: ``2024-12-01.html`` and ``2024-12-01.md``.

    The same brief and templates always give the same text.

    Args:
        brief: all that is printed.
        templates: the operator's folder. A file in it stands in for ours of the same
            name (``brief.html``, ``brief.md``, ``brief.css``); None: ours alone.

    Raises:
        DeliveryError: a template is missing or broken; the message names file and line.
    """
    from briefing.render.pages import write_pages

    return write_pages(brief, templates=templates)


def words(language: str) -> NullTranslations:
    """Return the interface's words in `language`, English ones if there are none.

    Keys of `briefing.model` have their words under a context:
    ``words("id").pgettext("reason", "timeout")``; contexts are ``reason``, ``left out``
    and ``stage``.

    Args:
        language: BCP 47 tag; only its first part counts.
    """
    from briefing.render.language import translations

    return translations(language)
