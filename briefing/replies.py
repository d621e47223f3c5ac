"""Mails of subscribers who leave or confirm by mail: read, and done what they ask for.

A request counts by the token in its subject, which stands in the mails to one subscriber and
nowhere else; who sent it does not matter, as with a link.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from briefing.errors import DeliveryError, SourceError
from briefing.mailing import Purpose, follow, holder, mail_settings
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.model import SubscriberState
    from briefing.settings import InboxSettings, Settings
    from briefing.store import Store

log = logging.getLogger(__name__)

_REQUEST: Final = re.compile(
    r"\b(unsubscribe|confirm)(?:\s|%20|\+)+(\d{1,18}\.[a-z2-7]{32})(?![0-9a-z])",
    re.IGNORECASE,
)

_DAYS: Final = timedelta(days=400)
"""How far back requests are read, however long the machine was off or the mailbox could not be
read. They stay there, and count once; 20,000 other mails among them cost 2.4 s of cpu."""

_SKEW: Final = timedelta(minutes=10)
"""How much the mailbox's clock may be late."""

_AFTER: Final[dict[Purpose, SubscriberState]] = {
    "unsubscribe": "left",
    "confirm": "confirmed",
}
"""What each request makes of a subscriber."""


class _Request(NamedTuple):
    purpose: Purpose
    token: str
    came: datetime


def read_replies(
    settings: Settings, store: Store, *, now: datetime
) -> Counter[Purpose]:
    """Do what the mails in `mail.inbox` ask for; return how many subscriptions it changed.

    Raises:
        DeliveryError: the mailbox or the key cannot be read.
        StoreError: the store cannot be read or written.
    """
    counts: Counter[Purpose] = Counter()
    inbox = mail_settings(settings).inbox
    if inbox is None:
        return counts
    try:
        came = sorted(_mails(inbox, now - _DAYS))
    except SourceError as error:
        raise DeliveryError(f"mail.inbox: {one_line(str(error))}") from error
    for one in filter(None, (_request(subject, moment) for moment, subject in came)):
        if _done(settings, store, one, now=now):
            counts[one.purpose] += 1
    if counts:
        log.info("event=replies %s", " ".join(f"{key}={counts[key]}" for key in counts))
    return counts


def _mails(inbox: InboxSettings, since: datetime) -> Iterator[tuple[datetime, str]]:
    from briefing.gather.requests import in_folder, in_maildir

    if inbox.path is not None:
        return in_maildir(inbox.path, since=since)
    return in_folder(inbox.url or "", inbox.password_env or "", since=since)


def _request(subject: str, came: datetime) -> _Request | None:
    """Return what a mail's subject asks for, None if nothing."""
    found = _REQUEST.search(subject)
    if found is None:
        return None
    purpose: Any = found[1].lower()
    return _Request(purpose, found[2].lower(), came)


def _done(settings: Settings, store: Store, one: _Request, *, now: datetime) -> bool:
    """Do what a request says, unless it is an old one; return whether it changed anything."""
    before = holder(settings, store, one.token, purpose=one.purpose)
    if before is None or before.state == _AFTER[one.purpose]:
        return False
    # Who left and came back later is not thrown out again by the mail that lies there still.
    if one.purpose == "unsubscribe" and one.came + _SKEW < before.since:
        return False
    after = follow(settings, store, one.token, purpose=one.purpose, now=now)
    return after is not None and after.state != before.state
