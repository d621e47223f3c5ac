"""A mail as a document: the newsletter in it, without attachments."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from functools import partial
from typing import Final, TypeVar

from briefing.gather.charset import decode
from briefing.gather.content import MAX_BYTES
from briefing.gather.markup import language_tag, plain, title_text
from briefing.gather.outcome import failed
from briefing.model import Document, Failure
from briefing.text import EARLIEST, digest

Found = TypeVar("Found")

_PARSER: Final = BytesParser(policy=default)
_BOUNDARY: Final = re.compile(rb"(?i)boundary\s*(?:\*[\d*]*\s*)?=")

_KINDS: Final = ("html", "plain")

MAX_MAIL: Final = 25_000_000
"""Bytes of the largest mail that is read, attachments and all; the text may have
`MAX_BYTES` of them. Mail servers pass on 20 to 35 MB."""

MOST_WORK: Final = 20_000_000
"""Ends of lines in a mail, times boundaries stated in it: the parser compares each line with the
boundary of every part that it is in. So many take 3 s; 25 MB in four kinds of parts have 3
million."""

_SIGNATURE: Final = re.compile(r"^-- \r?$", re.MULTILINE)
"""Begins the sender's signature (RFC 3676 §4.3)."""

_REPLIED: Final = re.compile(r"^>.*\n?", re.MULTILINE)
"""A line of the mail that this one replies to."""


def mail_address(source: str, raw: bytes) -> str:
    """Return the address of a mail: made of its Message-ID, else of the whole of it.

    Args:
        source: the source's id.
        raw: the mail, or its head alone if that has a Message-ID.
    """
    name = _header(_head(raw), "Message-ID").encode("utf-8", "replace")
    return f"mail:{source}/{digest(name or raw)[:16]}"


def request_of(head: bytes) -> str:
    """Return the subject of a mail that a person sent, else nothing (RFC 3834).

    Args:
        head: the mail's head, or more of it.
    """
    mail = _head(head)
    by_itself = _header(mail, "Auto-Submitted").lower() not in {"", "no"}
    return "" if by_itself else _header(mail, "Subject")


def mail_document(
    raw: bytes,
    *,
    source: str,
    now: datetime,
    outlet: str | None = None,
    language: str | None = None,
) -> Document | Failure:
    """Return the document that a mail is, or why it is none.

    HTML is preferred to plain text, and the mail to one that it forwards unless that says
    more; signatures, what is replied to and attachments are passed over.

    Args:
        raw: the mail as it came (RFC 5322).
        source: the source's id.
        now: when it was fetched; a later date of the mail does not count.
        outlet: name of the outlet, None for the sender's.
        language: BCP 47 tag, None for what the mail states.
    """
    url = mail_address(source, raw)
    subject = _header(_head(raw), "Subject")
    if len(raw) > MAX_MAIL:
        return failed(url, "too-large", f"over {MAX_MAIL} bytes: {subject}")
    if _work(raw) > MOST_WORK:
        return failed(url, "too-slow", f"parts within parts: {subject}")
    # Parts nested a thousand deep are more than the parser's recursion bears.
    mail: EmailMessage | None = _found(lambda: _PARSER.parsebytes(raw), None)
    if mail is None:
        return failed(url, "unreadable", f"malformed: {subject}")
    kind, text = max(map(_body, _mails(mail)), key=lambda body: len(plain(body[1])))
    if not plain(text):
        return failed(url, "empty", subject)
    body = text.encode("utf-8", "replace")
    if len(body) > MAX_BYTES:
        return failed(url, "too-large", f"{len(body)} bytes of text: {subject}")
    return Document(
        url=url,
        source=source,
        body=body,
        media_type=f"text/{kind}",
        fetched=now,
        charset="utf-8",
        title=title_text(subject),
        published=_date(mail, now),
        language=language or _language(mail),
        outlet=outlet or _sender(mail),
    )


def _head(raw: bytes) -> EmailMessage:
    """Return a mail's head; its parts are not looked for."""
    return _PARSER.parsebytes(raw, headersonly=True)


def _work(raw: bytes) -> int:
    lines = max(raw.count(b"\n"), raw.count(b"\r"))
    return lines * len(_BOUNDARY.findall(raw))


def _found(read: Callable[[], Found], otherwise: Found) -> Found:
    """Return what `read` finds in a mail, `otherwise` if the mail makes no sense there."""
    try:
        return read()
    except Exception:  # noqa: BLE001  # the standard library raises anything on malformed mails
        return otherwise


def _header(mail: EmailMessage, name: str) -> str:
    return " ".join(_found(lambda: str(mail.get(name) or ""), "").split())


def _mails(mail: EmailMessage) -> list[EmailMessage]:
    """Return the mail, and those it forwards."""
    inner: list[object] = _found(
        lambda: [part.get_payload(0) for part in mail.walk() if _is_mail(part)], []
    )
    return [mail, *(one for one in inner if isinstance(one, EmailMessage))]


def _is_mail(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822" and part.is_multipart()


def _body(mail: EmailMessage) -> tuple[str, str]:
    """Return kind and text of the part that is the newsletter; empty if there is none."""
    for kind in _KINDS:
        part = _found(partial(mail.get_body, (kind,)), None)
        text = _text(part) if part is not None else ""
        if kind == "plain":
            text = _REPLIED.sub("", _SIGNATURE.split(text, maxsplit=1)[0])
        if plain(text):
            return kind, text
    return "plain", ""


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset()
    return decode(payload, charset) if isinstance(payload, bytes) else ""


def _date(mail: EmailMessage, now: datetime) -> datetime | None:
    stated = _found(lambda: mail["Date"].datetime if mail["Date"] else None, None)
    if stated is None:
        return None
    moment: datetime = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if EARLIEST <= moment <= now else None


def _sender(mail: EmailMessage) -> str | None:
    senders = _found(lambda: mail["From"].addresses if mail["From"] else None, None)
    if senders is None:
        return None
    names = (one.display_name or one.domain for one in senders)
    return title_text(next(names, ""))


def _language(mail: EmailMessage) -> str | None:
    return language_tag(_header(mail, "Content-Language").partition(",")[0])
