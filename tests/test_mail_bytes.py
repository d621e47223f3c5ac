"""Letter → bytes: the headers that were meant and no others, the same at every try."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.deliver.mail import check, compose
from briefing.errors import DeliveryError
from briefing.model import Letter, MailText
from briefing.text import one_line
from tests.mails import headers, letter, parsed, part

TO, ID, TOKEN = "ani@contoh.example", "abc@kapur.example", "17.qwertyuiop234567"
WHO = {"to": TO, "message_id": ID, "token": TOKEN}

CASES = Path(__file__).parent / "cases" / "mail" / "headers.jsonl"
FOREIGN = Path(__file__).parents[2] / "shared/data/hostile/header_injection.jsonl"
PAYLOADS = [
    json.loads(line)["payload"]
    for file in (CASES, FOREIGN)
    if file.is_file()
    for line in file.read_text("utf-8").split("\n")
    if line
]


def test_the_headers_are_these() -> None:
    mail = compose(letter(), **WHO)
    assert headers(mail) == {
        "From": "Kabar Kapur <kabar@kapur.example>",
        "Subject": "Kabar, 1 Desember 2024",
        "Date": "Sat, 30 Nov 2024 23:30:00 +0000",
        "List-Id": "<harian.kapur.example>",
        "List-Archive": "<https://kapur.example/2024-12-01.html>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "id",
        "To": TO,
        "Message-ID": f"<{ID}>",
        "List-Unsubscribe": f"<https://kapur.example/langganan/unsubscribe/{TOKEN}>,"
        f" <mailto:kabar@kapur.example?subject=unsubscribe%20{TOKEN}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": headers(mail)["Content-Type"],
    }
    check(mail, letter(), **WHO)


def test_the_same_letter_and_address_give_the_same_bytes() -> None:
    assert compose(letter(), **WHO) == compose(letter(), **WHO)


def test_another_machine_makes_the_same_bytes() -> None:
    """Neither the order of sets, nor the clock's zone, nor the user's language shows in them."""
    program = (
        "import sys; from tests.mails import letter; from tests.test_mail_words import mail; "
        "from briefing.deliver.mail import compose; "
        f"mail = compose(letter(words=mail()), **{WHO!r}); "
        "sys.stdout.buffer.write(mail)"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": tongue},
            check=True,
            capture_output=True,
        ).stdout
        for seed, zone, tongue in [("1", "UTC", "C"), ("2", "Asia/Jakarta", "C.UTF-8")]
    ]
    assert made[0] == made[1]
    assert b"Content-Type: text/html" in made[0]


def test_a_long_address_in_list_unsubscribe_is_not_broken() -> None:
    base = "https://kapur.example/" + "langganan/" * 30
    mail = compose(letter(base=base), **WHO)
    [line] = re.findall(rb"(?m)^List-Unsubscribe: .*$", mail)
    assert f"<{base}unsubscribe/{TOKEN}>".encode() in line


def test_without_an_endpoint_one_leaves_by_mail() -> None:
    one = letter(base=None, archive=None)
    mail = compose(one, **WHO)
    check(mail, one, **WHO)
    link = f"mailto:kabar@kapur.example?subject=unsubscribe%20{TOKEN}"
    assert headers(mail)["List-Unsubscribe"] == f"<{link}>"
    assert "List-Unsubscribe-Post" not in headers(mail)
    assert link in part(mail, "plain")


def test_a_confirmation_is_of_no_list() -> None:
    one = letter(kind="confirm")
    mail = compose(one, **WHO)
    check(mail, one, **WHO)
    assert not [name for name in headers(mail) if name.startswith("List-")]
    assert f"/confirm/{TOKEN}" in part(mail, "html")


def test_parts_are_whole_and_their_lines_short() -> None:
    mail = compose(letter(), **WHO)
    assert parsed(mail).get_content_type() == "multipart/alternative"
    assert "“lebat” &amp; angin" in part(mail, "html")
    assert "\n.\n..\nFrom sini\n" in part(mail, "plain")
    assert f"/unsubscribe/{TOKEN}" in part(mail, "plain")
    body = mail.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert b"\n" not in mail.replace(b"\r\n", b"")


def test_an_address_that_is_not_ascii_stands_as_it_is() -> None:
    who = {**WHO, "to": "été@xn--exmple-cua.example"}
    mail = compose(letter(), **who)
    check(mail, letter(), **who)
    assert "To: été@xn--exmple-cua.example\r\n".encode() in mail


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_text_breaks_out_of_a_header(payload: str) -> None:
    expected = list(headers(compose(letter(), **WHO)))
    sane = one_line(payload, limit=150) or "Kabar"
    text = payload.encode("utf-8", "replace").decode().replace("\r", " ")
    one = letter(words=MailText(sane, text, f"<p>{text}</p>"))
    mail = compose(one, **WHO)
    assert list(headers(mail)) == expected
    assert len(list(parsed(mail).iter_parts())) == 2
    check(mail, one, **WHO)


@pytest.mark.parametrize(
    "payload", [one for one in PAYLOADS if re.search(r"[\r\n]", one)]
)
def test_what_breaks_a_line_is_refused_where_it_is_written_as_it_is(
    payload: str,
) -> None:
    for field in WHO:
        with pytest.raises(DeliveryError):
            compose(letter(), **{**WHO, field: payload})
    with pytest.raises(DeliveryError):
        compose(letter(subject=payload), **WHO)
    with pytest.raises(DeliveryError):
        compose(letter(list_id=payload), **WHO)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    subject = one_line(text, limit=150) or "Kabar"
    body = one_line(text, limit=1000) + "\n"
    one = letter(words=MailText(subject, body, body))
    check(compose(one, **WHO), one, **WHO)


@pytest.mark.parametrize(
    "forged",
    [
        lambda mail: mail.replace(b"\r\nTo:", b"\r\nBcc: x@lain.example\r\nTo:"),
        lambda mail: mail.replace(b"To: ani@", b"To: budi@"),
        lambda mail: mail.replace(b"Subject: Kabar", b"Subject: Kabur"),
        lambda mail: mail.replace(b"Auto-Submitted: auto-generated\r\n", b""),
        lambda mail: mail.replace(b"abc@", b"abd@"),
        lambda mail: mail.replace(b"Hujan turun", b"Hujan batu"),
        lambda mail: mail.replace(b"text/html", b"text/calendar"),
        lambda mail: mail.replace(b"Content-Language: id", b"Content-Language: en"),
    ],
)
def test_a_mail_that_is_not_what_was_meant_is_found(forged) -> None:
    mail = compose(letter(), **WHO)
    assert forged(mail) != mail
    with pytest.raises(DeliveryError):
        check(forged(mail), letter(), **WHO)


def test_a_text_that_holds_another_letters_boundary_stays_one_part() -> None:
    first: Letter = letter()
    boundary = headers(compose(first, **WHO))["Content-Type"].split('"')[1]
    words = replace(first.words, text=f"--{boundary}--\n\n--{boundary}\n")
    one = replace(first, words=words)
    check(compose(one, **WHO), one, **WHO)
