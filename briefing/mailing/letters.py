"""The letters of an edition, each written once.

Subscribers of one list who want the same topics in the same language share a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from briefing.deliver import check, compose
from briefing.mailing.server import mail_settings
from briefing.model import Brief, Letter, Subscriber
from briefing.render import confirmation, mail_of, narrowed
from briefing.settings import ListSettings, MailSettings, Settings
from briefing.text import digest

SHOWN_TOKEN: Final = "contoh"  # in previews, where a link leads nowhere


class Writer:
    """Writes each letter of an edition once."""

    def __init__(self, settings: Settings, brief: Brief) -> None:
        self._settings, self._brief = settings, brief
        self._lists = {one.slug: one for one in settings.list}
        self._keys: dict[tuple[str, str, tuple[str, ...]], str] = {}
        self.letters: dict[str, Letter] = {}

    def letter(self, one: Subscriber) -> tuple[str, Letter]:
        """Return the letter for a subscriber, and its key."""
        which = self._lists[one.list]
        language = one.language or which.language or self._brief.language
        topics = one.topics or which.topics
        wanted = (one.list, language, tuple(sorted(set(topics))))
        if wanted not in self._keys:
            letter = self._written(which, language, wanted[2])
            try_out(letter, mail_settings(self._settings))
            self._keys[wanted] = key_of(letter)
            self.letters[key_of(letter)] = letter
        key = self._keys[wanted]
        return key, self.letters[key]

    def _written(
        self, which: ListSettings, language: str, topics: Sequence[str]
    ) -> Letter:
        mail = mail_settings(self._settings)
        brief = replace(narrowed(self._brief, topics), language=language)
        # No text can hold its own hash, so this stands only where the link belongs.
        link = f"https://{digest(repr(brief).encode())[:32]}.invalid/"
        full = mail.page.replace("{date}", str(brief.date)) if mail.page else None
        words = mail_of(
            brief,
            subject=mail.subject,
            list_title=which.title or brief.title,
            link=link,
            full=full,
            templates=self._settings.output.templates,
        )
        return Letter(
            kind="edition",
            words=words,
            link=link,
            sender=mail.sender,
            moment=brief.window.until.replace(microsecond=0),
            language=language,
            list_id=f"{which.slug}.{mail.domain}",
            base=mail.base,
            reply=mail.reply or mail.address,
            archive=full,
            empty=not any(section.stories for section in brief.sections),
        )


def confirmation_of(settings: Settings, mail: MailSettings, one: Subscriber) -> Letter:
    """Return the letter that asks `one` whether the subscription is wanted.

    Raises:
        DeliveryError: a template is wrong.
    """
    lists = {each.slug: each for each in settings.list}
    which = lists[one.list]
    language = one.language or which.language or settings.language
    title = which.title or settings.title
    link = f"https://{digest(f'{title}{language}'.encode())[:32]}.invalid/"
    words = confirmation(
        language=language,
        list_title=title,
        link=link,
        templates=settings.output.templates,
    )
    return Letter(
        kind="confirm",
        words=words,
        link=link,
        sender=mail.sender,
        moment=one.since.replace(microsecond=0),
        language=language,
        list_id=f"{one.list}.{mail.domain}",
        base=mail.base,
        reply=mail.reply or mail.address,
    )


def try_out(letter: Letter, mail: MailSettings) -> None:
    """Raise DeliveryError unless a mail of `letter` has the headers that it should have."""
    who = {"to": mail.address, "message_id": f"x@{mail.domain}", "token": SHOWN_TOKEN}
    check(compose(letter, **who), letter, **who)


def key_of(letter: Letter) -> str:
    """Return the key of a letter in the outbox, 16 hexadecimal digits, from all that it says."""
    return digest(repr(letter).encode())[:16]
