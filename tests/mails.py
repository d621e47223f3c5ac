"""Letters and settings of mail for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from briefing.model import Letter, MailText

LINK = "https://0123456789abcdef.invalid/"

MAIL = """
[mail]
from = "Kabar Kapur <kabar@kapur.example>"
page = "https://kapur.example/{date}.html"
base = "https://kapur.example/langganan"
"""


def letter(subject: str = "Kabar, 1 Desember 2024", **changes: Any) -> Letter:
    """Return a letter with a link in both parts; `changes` replace its fields."""
    plain = Letter(
        kind="edition",
        words=MailText(
            subject,
            f"Hujan turun di Sela.\n.\n..\nFrom sini\n{LINK}\n",
            f'<p>Hujan “lebat” &amp; angin</p>\n<a href="{LINK}">Berhenti</a>\n',
        ),
        link=LINK,
        sender="Kabar Kapur <kabar@kapur.example>",
        moment=datetime(2024, 11, 30, 23, 30, tzinfo=UTC),
        language="id",
        list_id="harian.kapur.example",
        base="https://kapur.example/langganan",
        reply="kabar@kapur.example",
        archive="https://kapur.example/2024-12-01.html",
    )
    return replace(plain, **changes)


def parsed(mail: bytes) -> EmailMessage:
    """Return a mail as a mail program reads it."""
    found = message_from_bytes(mail, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(mail: bytes, kind: str) -> str:
    """Return the ``plain`` or ``html`` part of a mail."""
    body = parsed(mail).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def headers(mail: bytes) -> Mapping[str, str]:
    """Return the headers of a mail; each stands there once."""
    found = parsed(mail)
    assert len(found.keys()) == len(set(found.keys()))
    return {name: str(value) for name, value in found.items()}
