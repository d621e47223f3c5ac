"""What a server's answer to a mail means, and when a mail is tried again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from briefing.deliver.postman import GIVEN_UP, LONGEST_WAIT
from briefing.ports import ANSWERED
from briefing.store.outbox import FURTHEST
from tests.office import Office
from tests.smtp import Fault, MailServer, Step, smtp_server

MINUTE = timedelta(minutes=1)
YEARS = timedelta(days=3650)
BUDI = "budi@contoh.example"


def sent(folder: Path, server: MailServer, *names: str) -> Office:
    """Return an office that has tried once to send an edition to these subscribers."""
    office = Office(folder, server.port, more="connections = 1")
    office.subscribe(*names)
    office.publish()
    office.send()
    return office


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("mail", "550 5.7.1 not from you", "failed"),
        ("rcpt", "550 5.1.1 no such user", "failed"),
        ("rcpt", "450 4.2.0 greylisted", "deferred"),
        ("dot", "554 5.7.1 spam", "failed"),
        ("dot", "450 4.3.0 try later", "deferred"),
        ("dot", "421 4.3.2 closing", "deferred"),
        ("dot", "250 2.0.0 taken so", "accepted"),
    ],
)
def test_an_answer_counts_though_the_connection_ends_behind_it(
    tmp_path: Path, step: Step, answer: str, state: str
) -> None:
    to = "" if step == "mail" else BUDI
    with smtp_server({to: Fault(step, answer, times=1, closes=True)}) as server:
        office = sent(tmp_path, server, "budi")
        mail = office.mails()["budi"]
        assert (mail.state, mail.reply) == (state, answer)
        office.now += MINUTE
        office.send()
    ended = "accepted" if state == "deferred" else state
    assert office.states() == {"budi": ended}
    assert len(server.taken) == (ended == "accepted")


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("mail", "200 fine", "accepted"),
        ("rcpt", "299 fine", "accepted"),
        ("dot", "251 2.0.0 taken", "accepted"),
        ("dot", "200 taken", "accepted"),
        ("dot", "354 go on", "uncertain"),
        ("dot", "199 wait", "uncertain"),
        ("dot", "600 what", "uncertain"),
        ("dot", "55", "uncertain"),
        ("dot", "halo", "uncertain"),
    ],
)
def test_the_first_digit_of_an_answer_decides(
    tmp_path: Path, step: Step, answer: str, state: str
) -> None:
    to = "" if step == "mail" else BUDI
    with smtp_server({to: Fault(step, answer, times=1)}) as server:
        office = sent(tmp_path, server, "budi", "citra")
        assert office.states() == {"budi": state, "citra": "accepted"}
        office.now += ANSWERED
        assert office.send() == {}
    assert len(server.taken) == 1 + (state == "accepted")


def test_a_server_that_tires_of_refusing_costs_the_next_mail_no_try(
    tmp_path: Path,
) -> None:
    faults = {
        "ani@contoh.example": Fault("rcpt", "550 5.1.1 no such user"),
        "": Fault("rset", "421 4.7.0 too many errors", times=1, closes=True),
    }
    with smtp_server(faults) as server:
        office = sent(tmp_path, server, "ani", "budi")
    assert office.states() == {"ani": "failed", "budi": "accepted"}


@pytest.mark.parametrize("ahead", [timedelta(hours=8), YEARS])
def test_a_mail_put_off_by_a_clock_that_was_ahead_is_sent_by_the_right_one(
    tmp_path: Path, ahead: timedelta
) -> None:
    with smtp_server({BUDI: Fault("rcpt", "450 4.2.0 later", times=1)}) as server:
        office = Office(tmp_path, server.port)
        office.subscribe("budi")
        office.publish()
        office.now += ahead
        assert office.send() == {"deferred": 1}
        office.now -= ahead
        assert office.send() == {"accepted": 1}


def test_a_mail_first_tried_by_a_clock_that_was_ahead_is_given_up_after_two_days(
    tmp_path: Path,
) -> None:
    with smtp_server({BUDI: Fault("rcpt", "450 4.2.0 later")}) as server:
        office = Office(tmp_path, server.port)
        office.subscribe("budi")
        office.publish()
        office.now += YEARS
        office.send()
        office.now -= YEARS
        begun = office.now
        while (mail := office.mails()["budi"]).state == "deferred":
            office.send()
            office.now = office.mails()["budi"].due or office.now
            assert office.now - begun < GIVEN_UP + LONGEST_WAIT
    assert mail.state == "failed"
    assert office.now - begun >= GIVEN_UP


def test_no_wait_is_as_long_as_what_is_taken_for_a_wrong_clock() -> None:
    assert LONGEST_WAIT < FURTHEST
