"""Letters, who gets them, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class MailText:
    """The words of a mail: its subject on one line, its plain and its HTML part."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as all who get the same words get it, before it has an address.

    Attributes:
        kind: an edition's mail, or the one that asks whether a subscription is wanted.
        words: subject and parts; where the subscriber's own link belongs, `link` stands.
        link: an address that stands nowhere else in the words.
        sender: what From says, ``Kabar <kabar@contoh.example>``.
        moment: what Date says.
        language: BCP 47 tag of the interface's words.
        list_id: what List-Id says, without brackets.
        base: https address below which the subscribers' links are, None if there is none.
        reply: mail address that takes what subscribers answer instead.
        archive: where the whole brief is on the Web, None if it is not.
        empty: there is no news in it.
    """

    kind: Literal["edition", "confirm"]
    words: MailText
    link: str
    sender: str
    moment: datetime
    language: str
    list_id: str
    base: str | None
    reply: str
    archive: str | None = None
    empty: bool = False


SubscriberState = Literal["asked", "confirmed", "left"]
"""Whether a subscriber gets editions: was asked to confirm, did, or has left."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address on a list.

    Attributes:
        number: tells subscribers apart; 0 before it is kept.
        list: slug of the list.
        address: as mail is sent to it; domain in lower case and ASCII.
        state: whether it gets editions.
        since: when it came into that state.
        language: of the interface's words, None: the list's.
        topics: slugs of the sections that are wanted, empty: the list's.
    """

    number: int
    list: str
    address: str
    state: SubscriberState
    since: datetime
    language: str | None = None
    topics: tuple[str, ...] = ()


MailState = Literal[
    "pending",  # waits for its first try
    "in_flight",  # the server may have it, its answer is not known yet
    "accepted",  # the server has taken it over
    "deferred",  # refused for now, tried again at `due`
    "failed",  # refused for good, or for too long
    "uncertain",  # the connection broke before the answer; the server may have it or not
    "unsubscribed",  # the subscriber left before it was sent, or was asked again
    "nothing",  # there was nothing for this subscriber
]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One mail to one subscriber, as it stands in the outbox.

    Attributes:
        number: tells mails apart, in the order in which they were queued.
        occasion: what it is sent for: an edition's key, or ``confirm`` and a time. An
            occasion has at most one mail for a subscriber.
        subscriber: number of the subscriber.
        address: where it goes.
        letter: key of its letter in that occasion.
        message_id: without brackets; the same in every try.
        sha256: hash of its bytes, which are the same in every try.
        state: how far it is.
        attempts: tries that reached the final dot or an answer.
        reply: the server's last words, or why there were none; one line, foreign text.
        queued: since when it waits.
        first: when it was first tried, None if it was not.
        due: not to be tried before; None: at any time.
        fence: number of the claim that may send it; an older claim may not.
    """

    number: int
    occasion: str
    subscriber: int
    address: str
    letter: str
    message_id: str
    sha256: str
    state: MailState = "pending"
    attempts: int = 0
    reply: str = ""
    queued: datetime | None = None
    first: datetime | None = None
    due: datetime | None = None
    fence: int = 0
