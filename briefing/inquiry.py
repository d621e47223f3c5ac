"""What became of mails whose answer was lost, asked before they are held or sent again."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.deliver import in_archive, taken_by_postfix
from briefing.errors import DeliveryError
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.model import Recipient
    from briefing.settings import MailSettings
    from briefing.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What was found.

    Attributes:
        taken: numbers of the mails that the server has taken; they are accepted now.
        whole: nothing that the settings name was unreadable, so that what was not found may be
            taken for not sent.
    """

    taken: Collection[int]
    whole: bool


def inquire(mail: MailSettings, store: Store) -> Inquiry:
    """Look uncertain mails up where the settings say, and write down what was found.

    Raises:
        StoreError: the store cannot be read or written.
    """
    held = store.recipients(states=["uncertain"])
    if not held or (mail.log is None and mail.archive is None):
        return Inquiry((), whole=True)
    signs, errors = _signs(mail, held)
    found = {
        one.number: signs[one.message_id] for one in held if one.message_id in signs
    }
    note = ", ".join(errors) or f"not found in {_places(mail)}"
    for error in errors:
        log.warning("event=inquire error=%s", error)
    store.settle_uncertain(found, note=one_line(note))
    log.info("event=inquire uncertain=%d found=%d", len(held), len(found))
    return Inquiry(found.keys(), whole=not errors)


def _places(mail: MailSettings) -> str:
    places = [
        *(["the server's log or queue"] if mail.log is not None else []),
        *(["the archive"] if mail.archive is not None else []),
    ]
    return " or ".join(places)


def _signs(
    mail: MailSettings, held: Sequence[Recipient]
) -> tuple[Mapping[str, str], list[str]]:
    """Return by Message-ID what shows that a mail was taken, and what could not be read."""
    wanted = {one.message_id for one in held}
    tried = [one.first for one in held if one.first is not None]
    signs: dict[str, str] = {}
    errors: list[str] = []
    try:
        if mail.log is not None:
            for one, name in taken_by_postfix(wanted, mail.log).items():
                signs[one] = f"found: Postfix took it as {name}"
    except DeliveryError as error:
        errors.append(str(error))
    try:
        if mail.archive is not None and tried:
            for one in in_archive(wanted, mail.archive, since=min(tried)):
                signs.setdefault(one, "found: its copy is in the archive")
    except DeliveryError as error:
        errors.append(str(error))
    return signs, errors
