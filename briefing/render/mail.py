"""Brief → the words of a mail: subject, plain text and HTML. Pure, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from briefing.errors import DeliveryError
from briefing.model import Brief, MailText, Past
from briefing.render.language import translations
from briefing.render.pages import Templates, context_of, interface
from briefing.render.shown import Page
from briefing.text import one_line

if TYPE_CHECKING:
    from css_inline import CSSInliner

Notice = Literal["confirm", "confirmed", "unsubscribe", "left", "unknown"]
"""What a subscriber's link leads to: a question, its end, or nothing."""

LARGEST: Final = 90_000
"""Bytes of HTML at most: Gmail cuts a mail off at about 102 KB."""

_LONGEST_SUBJECT: Final = 150
_LONGEST_PREHEADER: Final = 160

_ROOM: Final = (
    *((limit, True) for limit in (None, 50, 30, 20, 15, 10, 8, 6, 5, 4, 3, 2, 1, 0)),
    (0, False),
)
"""Stories of a section, and whether top lines are shown: tried in turn until all fits."""

_FIELD: Final = re.compile(r"\{(title|date|headline|stories)\}")


def subject_of(
    brief: Brief, page: Page, context: Mapping[str, Any], pattern: str
) -> str:
    """Return `pattern` filled in, one line: ``{title}``, ``{date}``, ``{headline}``, ``{stories}``."""
    lead = next((one.stories[0].lead for one in page.sections if one.stories), None)
    headline = page.top_lines[0].shown.sentence.text if page.top_lines else ""
    if lead is not None:
        headline = lead.title or headline
    values = {
        "title": brief.title,
        "date": context["dates"].day(brief.key),
        "headline": headline,
        "stories": str(page.stories),
    }
    filled = _FIELD.sub(lambda found: values[found[1]], pattern)
    return one_line(filled, limit=_LONGEST_SUBJECT) or brief.key


def write_mail(
    brief: Brief,
    *,
    subject: str,
    list_title: str,
    link: str,
    full: str | None,
    templates: Path | None,
) -> MailText:
    """Return the mail of an edition; see `briefing.render.mail_of`.

    Raises:
        DeliveryError: a template is missing or broken, or alone is larger than `LARGEST`.
    """
    context = context_of(brief)
    page: Page = context["page"]
    context |= {
        "subject": subject_of(brief, page, context, subject),
        "preheader": _preheader(page),
        "list_title": list_title,
        "link": link,
        "full": full,
    }
    ours = Templates(templates)
    with ours.blamed():
        for limit, top in _ROOM:
            context |= {"limit": limit, "top": top}
            html = _inlined(ours.html("mail.html", brief.language, context))
            if len(html.encode()) <= LARGEST:
                text = ours.text("mail.txt", brief.language, context)
                return MailText(context["subject"], text, html)
    raise DeliveryError(f"the mail of {brief.key} is larger than {LARGEST} bytes")


def write_confirmation(
    *, language: str, list_title: str, link: str, templates: Path | None
) -> MailText:
    """Return the mail that asks whether a subscription is wanted.

    Raises:
        DeliveryError: a template is missing or broken.
    """
    asked = translations(language).gettext("Please confirm: %(title)s")
    subject = one_line(asked % {"title": list_title}, limit=_LONGEST_SUBJECT)
    context = {
        **interface(language),
        "subject": subject,
        "list_title": list_title,
        "link": link,
    }
    ours = Templates(templates)
    with ours.blamed():
        return MailText(
            subject,
            ours.text("confirm.txt", language, context),
            _inlined(ours.html("confirm.html", language, context)),
        )


def write_notice(
    kind: Notice, *, language: str, list_title: str, templates: Path | None
) -> str:
    """Return the page that a subscriber's link leads to; see `briefing.render.notice`.

    Raises:
        DeliveryError: the template is missing or broken.
    """
    context = {**interface(language), "kind": kind, "list_title": list_title}
    ours = Templates(templates)
    with ours.blamed():
        return ours.html("subscription.html", language, context)


def narrowed(brief: Brief, topics: Sequence[str]) -> Brief:
    """Return `brief` with the sections of `topics` alone; all of it if there are none."""
    if not topics:
        return brief
    sections = tuple(one for one in brief.sections if one.slug in topics)
    shown = {
        report.article_id
        for section in sections
        for story in section.stories
        for report in story.reports
    }
    lines = tuple(one for one in brief.top_lines if one.article_id in shown)
    standings = tuple(one for one in brief.standings if one.section in topics)
    changes = brief.changes and replace(
        brief.changes,
        unchanged=_of(brief.changes.unchanged, topics),
        closed=_of(brief.changes.closed, topics),
        unnamed=0,  # how many of these topics is not known
    )
    return replace(
        brief,
        sections=sections,
        top_lines=lines,
        standings=standings,
        changes=changes,
    )


def _of(past: Sequence[Past], topics: Sequence[str]) -> tuple[Past, ...]:
    return tuple(one for one in past if one.section in topics)


def _preheader(page: Page) -> str:
    """Return what a mailbox shows beside the subject: the first of the top lines."""
    told = " ".join(line.shown.sentence.text for line in page.top_lines[:2])
    return one_line(told, limit=_LONGEST_PREHEADER)


def _inlined(page: str) -> str:
    """Return a mail with its styles where mail programs read them, without blank lines."""
    # A line of a mail has at most 998 bytes; quoted-printable sees to that, so blanks at
    # the ends of lines are all that is spared.
    lines = (line.strip() for line in _inliner().inline(page).split("\n"))
    return "\n".join(line for line in lines if line) + "\n"


@cache
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    # Nothing is fetched: a link to a style sheet in somebody's template stays one.
    return CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
