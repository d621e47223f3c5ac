"""Mails whose answer was lost are looked up before they are held or sent again."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.deliver.trace import in_archive, taken_by_postfix
from briefing.errors import DeliveryError, SettingsError
from briefing.ports import ANSWERED
from tests.office import Office
from tests.smtp import Fault, MailServer, smtp_server

HEAD = "Nov 22 00:33:24 pos"
OURS = ("aa@kapur.example", "bb@kapur.example")


def line(program: str, text: str, head: str = HEAD) -> str:
    return f"{head} postfix/{program}[123]: {text}\n"


def taken(mail: str, name: str = "BB16428C642", head: str = HEAD) -> str:
    """Return what Postfix writes of a mail that it has taken."""
    return (
        line("cleanup", f"{name}: message-id=<{mail}>", head)
        + line("qmgr", f"{name}: from=<kabar@kapur.example>, size=15778, nrcpt=1", head)
        + line("qmgr", f"{name}: removed", head)
    )


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the command postqueue prints, on this machine without one."""
    listed = tmp_path / "queue"
    listed.write_text("")
    program = tmp_path / "postqueue"
    program.write_text(f"#!/bin/sh\ncat {listed}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return listed


def look(folder: Path, text: str) -> dict[str, str]:
    path = folder / "mail.log"
    path.write_text(text)
    return taken_by_postfix(OURS, path)


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    "head", [HEAD, "Nov  2 00:33:24 pos", "2026-11-22T00:33:24.123456+07:00 pos"]
)
def test_what_the_queue_manager_names_was_taken(tmp_path: Path, head: str) -> None:
    assert look(tmp_path, taken(OURS[0], head=head)) == {OURS[0]: "BB16428C642"}


@pytest.mark.usefixtures("queue")
def test_what_was_only_read_was_not_taken(tmp_path: Path) -> None:
    read = line("cleanup", f"BB16428C642: message-id=<{OURS[0]}>")
    gone = line("smtpd", "lost connection after DATA (100 bytes) from localhost")
    assert look(tmp_path, read + gone) == {}


@pytest.mark.usefixtures("queue")
def test_a_name_that_is_given_again_is_another_mails(tmp_path: Path) -> None:
    read = line("cleanup", f"BB16428C642: message-id=<{OURS[0]}>")
    assert look(tmp_path, read + taken("lain@lain.example")) == {}


def test_what_waits_to_be_taken_up_is_in_the_queue(tmp_path: Path, queue: Path) -> None:
    queue.write_text(
        json.dumps({"queue_name": "incoming", "queue_id": "BB16428C642"}) + "\n"
    )
    read = line("cleanup", f"BB16428C642: message-id=<{OURS[0]}>")
    assert look(tmp_path, read) == {OURS[0]: "BB16428C642"}


@pytest.mark.usefixtures("queue")
def test_the_log_before_this_one_is_read(tmp_path: Path) -> None:
    (tmp_path / "mail.log.1").write_text(taken(OURS[0]))
    assert look(tmp_path, taken(OURS[1], "C0")) == {
        OURS[0]: "BB16428C642",
        OURS[1]: "C0",
    }


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    "text",
    [
        f"NOQUEUE: reject: helo=<x postfix/cleanup[1]: C0: message-id=<{OURS[0]}>",
        f"C0: message-id=<x>\rpostfix/cleanup[1]: C0: message-id=<{OURS[0]}>",
        f"C0: message-id=<<{OURS[0]}>",
    ],
)
def test_foreign_text_in_the_log_proves_nothing(tmp_path: Path, text: str) -> None:
    after = line("qmgr", "C0: from=<x>, size=1")
    assert look(tmp_path, line("smtpd", text) + after) == {}
    assert look(tmp_path, line("cleanup", text) + after) == {}


def test_what_cannot_be_read_is_said(tmp_path: Path, queue: Path) -> None:
    with pytest.raises(DeliveryError, match="mail log"):
        taken_by_postfix(OURS, tmp_path / "nichts")
    queue.unlink()
    with pytest.raises(DeliveryError, match="postqueue"):
        look(tmp_path, "")
    with pytest.raises(DeliveryError, match="archive"):
        in_archive(OURS, tmp_path / "nichts", since=datetime.now(UTC))


def maildir(folder: Path, *mails: str) -> Path:
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    for number, mail in enumerate(mails):
        path = folder / ("new", "cur")[number % 2] / f"{number}.pos"
        path.write_bytes(f"From: x\r\nMessage-ID: <{mail}>\r\n\r\nx".encode())
    return folder


def test_an_archive_holds_what_was_taken(tmp_path: Path) -> None:
    box = maildir(tmp_path / "arsip", OURS[1], "lain@lain.example", OURS[0])
    now = datetime.now(UTC)
    assert in_archive(OURS, box, since=now) == {*OURS}
    os.utime(box / "new" / "0.pos", (1e9, 1e9))
    assert in_archive(OURS, box, since=now) == {OURS[0]}


ANI = "ani@contoh.example"


def lost_answer(folder: Path, server: MailServer, more: str) -> Office:
    """Return an office with two mails, of which the one to Ani is uncertain."""
    office = Office(folder, server.port, more=more)
    office.subscribe("ani", "budi")
    office.publish()
    office.send()
    assert office.states() == {"ani": "uncertain", "budi": "accepted"}
    return office


def test_what_the_server_took_is_not_sent_again(tmp_path: Path, queue: Path) -> None:
    assert queue.is_file()
    log = tmp_path / "mail.log"
    log.write_text("")
    more = f'log = "{log}"\nuncertain = "resend"'
    with smtp_server({ANI: Fault("drop-after-dot", times=1)}) as server:
        office = lost_answer(tmp_path, server, more)
        log.write_text(taken(office.mails()["ani"].message_id, "C0FFEE"))
        office.now += timedelta(days=1)
        assert office.send() == {"accepted": 1}
        assert office.mails()["ani"].reply == "found: Postfix took it as C0FFEE"
        assert len(server.taken) == 2


def test_what_the_server_does_not_know_is_sent_when_it_must_have_decided(
    tmp_path: Path, queue: Path
) -> None:
    assert queue.is_file()
    log = tmp_path / "mail.log"
    log.write_text("")
    more = f'log = "{log}"\nuncertain = "resend"'
    with smtp_server({ANI: Fault("drop-after-dot", times=1)}) as server:
        office = lost_answer(tmp_path, server, more)
        for _ in range(2):
            office.now += ANSWERED / 3
            office.send()
            reply = office.mails()["ani"].reply
            assert reply.endswith("not found in the server's log or queue")
            assert reply.count("; ") == 1
            assert len(server.taken) == 2
        office.now += ANSWERED
        assert office.send() == {"accepted": 1}


def test_nothing_is_sent_again_where_it_cannot_be_looked_up(
    tmp_path: Path, queue: Path
) -> None:
    assert queue.is_file()
    more = f'log = "{tmp_path / "nichts"}"\nuncertain = "resend"'
    with smtp_server({ANI: Fault("drop-after-dot", times=1)}) as server:
        office = lost_answer(tmp_path, server, more)
        office.now += timedelta(days=1)
        office.send()
        assert office.states()["ani"] == "uncertain"
        assert "mail log" in office.mails()["ani"].reply
        office.send(uncertain="resend")
        assert office.states()["ani"] == "accepted"


def test_a_copy_in_the_archive_shows_that_a_mail_was_taken(tmp_path: Path) -> None:
    more = 'copy = "arsip@kapur.example"\narchive = "arsip"'
    box = maildir(tmp_path / "arsip")
    with smtp_server({ANI: Fault("drop-after-dot", times=1)}) as server:
        office = lost_answer(tmp_path, server, more)
        copies = [mail for to, mail in server.taken if to == "arsip@kapur.example"]
        assert len(copies) == 2
        for number, mail in enumerate(copies):
            (box / "new" / str(number)).write_bytes(mail)
        assert office.send() == {"accepted": 1}
        assert office.mails()["ani"].reply == "found: its copy is in the archive"


def test_a_refused_copy_stops_no_mail(tmp_path: Path) -> None:
    more = 'copy = "arsip@kapur.example"'
    with smtp_server({"arsip@kapur.example": Fault("rcpt", "550 no")}) as server:
        office = Office(tmp_path, server.port, more=more)
        office.subscribe("ani")
        office.publish()
        assert office.send() == {"accepted": 1}
        assert server.recipients == [ANI]


def test_an_archive_needs_the_address_that_fills_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="copy"):
        Office(tmp_path, more='archive = "arsip"')
