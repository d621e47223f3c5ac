"""Letter and address → the bytes of a mail, the same at every try; and their check.

RFC 5322 (form), 2045 to 2047 (MIME), 2919 (List-Id), 2369 and 8058 (List-Unsubscribe), 3834
(Auto-Submitted), 6532 (addresses that are not ASCII).
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Iterator
from email import policy
from email.header import Header, decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from briefing.errors import DeliveryError
from briefing.model import Letter
from briefing.text import digest

_TOKEN: Final = re.compile(r"[0-9A-Za-z_.-]{1,200}")
_LINE: Final = re.compile(r"[^\x00-\x20\x7f-\xa0]+( [^\x00-\x20\x7f-\xa0]+)*")
"""A header's value that is written as it is: no line ends, no controls."""

_SHORT: Final = 69
"""Characters of a subject that fit on the line of its name."""

_HEADERS: Final = {
    "edition": (
        "From",
        "Date",
        "List-Id",
        "List-Archive",
        "Auto-Submitted",
        "Content-Language",
        "Subject",
        "To",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Content-Type",
    ),
    "confirm": (
        "From",
        "Date",
        "Auto-Submitted",
        "Content-Language",
        "Subject",
        "To",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
    ),
}
"""The headers a mail may have, in their order. Each stands once; List-Archive and
List-Unsubscribe-Post only where the letter has what they need."""

_PARTS: Final = ("text/plain", "text/html")


def link_of(letter: Letter, token: str) -> str:
    """Return the address where the subscriber with `token` ends or confirms a subscription.

    Raises:
        DeliveryError: `token` has characters that a token has not.
    """
    if not _TOKEN.fullmatch(token):
        raise DeliveryError(f"no token: {token!a}")
    verb = "confirm" if letter.kind == "confirm" else "unsubscribe"
    if letter.base is not None:
        return f"{letter.base.rstrip('/')}/{verb}/{token}"
    return _mailto(letter, verb, token)


def bodies_of(letter: Letter, token: str) -> tuple[str, str]:
    """Return the plain text and the HTML of `letter` with the link of the subscriber in them.

    Raises:
        DeliveryError: `token` has characters that a token has not.
    """
    link, words = link_of(letter, token), letter.words
    # In HTML the link stands in an attribute.
    return (
        words.text.replace(letter.link, link),
        words.html.replace(letter.link, link.replace("&", "&amp;")),
    )


def compose(letter: Letter, *, to: str, message_id: str, token: str) -> bytes:
    """Return the mail of `letter` to one address; the same arguments give the same bytes.

    Lines end in CR LF and have at most 998 bytes. A long address in List-Unsubscribe is
    not broken, for programs that offer the button do not mend it.

    Raises:
        DeliveryError: an argument would break out of its header.
    """
    own = [("To", to), ("Message-ID", f"<{message_id}>"), *_list_headers(letter, token)]
    for name, value in own:
        if not _LINE.fullmatch(value):
            raise DeliveryError(f"{name} cannot be {value!a}")
    boundary = _boundary(letter)
    own += [
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in own).encode()
    parts = (
        f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        + _quoted(body)
        for kind, body in zip(_PARTS, bodies_of(letter, token), strict=True)
    )
    return b"".join(
        [_fixed(letter), head, b"\r\n", *parts, f"--{boundary}--\r\n".encode()]
    )


def check(mail: bytes, letter: Letter, *, to: str, message_id: str, token: str) -> None:
    """Parse `mail` again and raise unless it is what was meant, header by header.

    Raises:
        DeliveryError: a header is missing, added, repeated, out of order or has another
            value; or a part is not the letter's.
    """
    parsed = BytesParser(policy=policy.compat32).parsebytes(mail)
    found = list(parsed.raw_items())
    _same("headers", tuple(name for name, _ in found), tuple(_names(letter)))
    values = {name: str(value) for name, value in found}
    expected = {
        "To": to,
        "Message-ID": f"<{message_id}>",
        **dict(_list_headers(letter, token)),
        "List-Id": f"<{letter.list_id}>",
        "List-Archive": f"<{letter.archive}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
        "MIME-Version": "1.0",
    }
    for name in expected.keys() & values.keys():
        seen = values[name].encode(errors="surrogateescape").decode(errors="replace")
        _same(name, re.sub(r"\r\n(?=[ \t])", "", seen), expected[name])
    _same("Subject", _decoded(values["Subject"]), letter.words.subject)
    _same("From", _decoded(values["From"]), letter.sender)
    _check_parts(parsed, *bodies_of(letter, token))


def _check_parts(parsed: Message[Any, Any], *bodies: str) -> None:
    parts = parsed.get_payload()
    assert isinstance(parts, list)
    found = [part for part in parts if isinstance(part, Message)]
    _same("parts", tuple(part.get_content_type() for part in found), _PARTS)
    for part, body in zip(found, bodies, strict=True):
        _same(
            "a part's headers",
            tuple(part.keys()),
            ("Content-Type", "Content-Transfer-Encoding"),
        )
        text = bytes(part.get_payload(decode=True)).decode().replace("\r\n", "\n")
        _same(f"the part {part.get_content_type()}", text, body)


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise DeliveryError(f"{what}: {found!a:.300} instead of {expected!a:.300}")


def _names(letter: Letter) -> Iterator[str]:
    absent = {
        *(["List-Archive"] if letter.archive is None else []),
        *(["List-Unsubscribe-Post"] if letter.base is None else []),
    }
    return (name for name in _HEADERS[letter.kind] if name not in absent)


def _list_headers(letter: Letter, token: str) -> list[tuple[str, str]]:
    """Return how one leaves the list: by one click (RFC 8058), and by mail."""
    if letter.kind == "confirm":
        return []
    by_mail = f"<{_mailto(letter, 'unsubscribe', token)}>"
    if letter.base is None:
        return [("List-Unsubscribe", by_mail)]
    return [
        ("List-Unsubscribe", f"<{link_of(letter, token)}>, {by_mail}"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def _mailto(letter: Letter, verb: str, token: str) -> str:
    return f"mailto:{quote(letter.reply, safe='@')}?subject={verb}%20{token}"


@lru_cache(maxsize=64)
def _fixed(letter: Letter) -> bytes:
    """Return the headers that are the same for everyone."""
    mail = EmailMessage(policy=policy.SMTP)
    try:
        mail["From"] = letter.sender
        mail["Date"] = letter.moment
        if letter.kind == "edition":
            mail["List-Id"] = f"<{letter.list_id}>"
            if letter.archive is not None:
                mail["List-Archive"] = f"<{letter.archive}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = letter.language
    except (ValueError, IndexError) as error:
        raise DeliveryError(
            f"a header of the mail cannot be written: {error}"
        ) from error
    head = mail.as_bytes().partition(b"\r\n\r\n")[0]
    return head + f"\r\nSubject: {_subject(letter.words.subject)}\r\n".encode()


def _subject(text: str) -> str:
    """Return a subject in ASCII, in lines of at most 76 bytes (RFC 2047).

    Not by `EmailMessage`, which takes a title that looks like an encoded word for one.
    """
    if not _LINE.fullmatch(text):
        raise DeliveryError(f"Subject cannot be {text!a}")
    if text.isascii() and "=?" not in text and len(text) <= _SHORT:
        return text
    return Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")


@lru_cache(maxsize=64)
def _boundary(letter: Letter) -> str:
    """Return a boundary that no part has: a part cannot hold its own hash."""
    return "=_" + digest((letter.words.text + letter.words.html).encode())[:40]


def _quoted(body: str) -> bytes:
    """Return a part in quoted-printable (RFC 2045, 6.7), whose lines have 76 bytes.

    The line end behind it belongs to the boundary (RFC 2046, 5.1.1).
    """
    return b2a_qp(body.encode(), istext=True).replace(b"\n", b"\r\n") + b"\r\n"


def _decoded(value: str) -> str:
    unfolded = value.replace("\r\n", "")
    return str(make_header(decode_header(unfolded)))
