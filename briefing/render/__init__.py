"""Brief → pages: one dated Markdown page and one dated HTML page; and mails. Pure, no clock.

shown.py     what a page shows; layout.py works it out from the brief, reports.py from its reports
language.py  the interface's words; dates.py its dates and numbers
links.py     addresses a reader may open
markdown.py  foreign text made safe for Markdown
pages.py     the templates, the operator's before ours
catalogue.py what a site lists; site.py its pages, press.py fills them
syndicate.py what programs read of it; citation.py how an edition is cited
figures.py   what its pictures show; chart.py where their marks stand
search.py    what a site's search reads
mail.py      a mail's subject and parts; columns.py breaks the lines of the plain one
text.py      foreign text without what no page may carry
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.model import Brief, MailText

if TYPE_CHECKING:
    from babel.support import NullTranslations

    from briefing.render.mail import Notice

__all__ = ["confirmation", "mail_of", "narrowed", "notice", "render", "words"]


def render(brief: Brief, *, templates: Path | None = None) -> dict[str, str]:
    """Return the pages of `brief` by name, which is its key: ``2024-12-01.html`` and ``.md``.

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


def mail_of(
    brief: Brief,
    *,
    subject: str,
    list_title: str,
    link: str,
    full: str | None = None,
    templates: Path | None = None,
) -> MailText:
    """Return the mail of `brief`: plain text of 78 columns, HTML of at most 90,000 bytes.

    Where there is too much, stories of each section are left out and counted. The same
    arguments always give the same text.

    Args:
        brief: all that is printed; its language is the interface's.
        subject: pattern with ``{title}``, ``{date}``, ``{headline}``, ``{stories}``.
        list_title: what the reader has subscribed to.
        link: address that ends the subscription.
        full: address of the whole brief on the Web, None if it has none.
        templates: the operator's folder (``mail.html``, ``mail.txt``, ``mail.css``).

    Raises:
        DeliveryError: a template is missing, broken or too large.
    """
    from briefing.render.mail import write_mail

    return write_mail(
        brief,
        subject=subject,
        list_title=list_title,
        link=link,
        full=full,
        templates=templates,
    )


def confirmation(
    *, language: str, list_title: str, link: str, templates: Path | None = None
) -> MailText:
    """Return the mail that asks whether a subscription to `list_title` is wanted.

    Raises:
        DeliveryError: a template is missing or broken.
    """
    from briefing.render.mail import write_confirmation

    return write_confirmation(
        language=language, list_title=list_title, link=link, templates=templates
    )


def narrowed(brief: Brief, topics: Sequence[str]) -> Brief:
    """Return `brief` with the sections of `topics` alone; all of it if there are none."""
    from briefing.render.mail import narrowed as only

    return only(brief, topics)


def notice(
    kind: Notice, *, language: str, list_title: str, templates: Path | None = None
) -> str:
    """Return the page that a subscriber's link leads to.

    Args:
        kind: ``confirm`` and ``unsubscribe`` ask, by a button that sends the form; the others
            say what is so.
        language: of the interface's words.
        list_title: what the subscription is to.
        templates: the operator's folder (``subscription.html``).

    Raises:
        DeliveryError: the template is missing or broken.
    """
    from briefing.render.mail import write_notice

    return write_notice(
        kind, language=language, list_title=list_title, templates=templates
    )


def words(language: str) -> NullTranslations:
    """Return the interface's words in `language`, English ones if there are none.

    Keys of `briefing.model` have their words under a context:
    ``words("id").pgettext("reason", "timeout")``; contexts are ``reason``, ``left out``,
    ``counted`` and ``stage``.

    Args:
        language: BCP 47 tag; only its first part counts.
    """
    from briefing.render.language import translations

    return translations(language)
