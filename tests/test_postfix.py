"""Against a real Postfix: each mail once, whatever it says and wherever the program is killed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from briefing.errors import DeliveryError
from briefing.ports import ANSWERED
from tests.faults import run
from tests.office import Office, publish_and_send
from tests.postfix import Postfix, postfix
from tests.test_mail_signature import SETTINGS, key_file, verifies
from tests.tls import certificate

pytestmark = pytest.mark.slow

PEOPLE = [f"pembaca{number}" for number in range(8)]
EACH_ONCE = {f"{name}@contoh.example": 1 for name in PEOPLE}

ACCESS = """\
/^penuh/ 452 4.2.2 kotak penuh
/^tutup/ 421 4.3.2 sibuk
/^larang/ 554 5.7.1 tidak diterima
/^kelabu/ 450 4.2.0 greylisted
"""
"""What is said to recipients, as greylisting and full boxes say it."""


def ready(folder: Path, server: Postfix, *people: str, more: str = "") -> Office:
    """Return an office whose edition is published."""
    office = Office(folder, server.port, more=more)
    office.subscribe(*people)
    office.publish()
    return office


def test_each_gets_one_mail_and_the_unhappy_are_named(tmp_path: Path) -> None:
    with postfix(access=ACCESS) as server:
        unhappy = ["tiada", "penuh", "tutup", "larang", "kelabu", "été"]
        office = ready(tmp_path, server, *PEOPLE, *unhappy)
        office.send()
        server.wait_until_empty()
        assert server.delivered == EACH_ONCE
        mails = office.mails()
        (server.folder / "access.regexp").write_text("")
        server.run("postfix", "reload")
        office.now = max(one.due for one in mails.values() if one.due)
        office.send()
        server.wait_until_empty()
        assert server.delivered == EACH_ONCE | {
            f"{name}@contoh.example": 1 for name in ("penuh", "tutup", "kelabu")
        }
    told = {name: (mails[name].state, mails[name].reply) for name in unhappy}
    assert {name: state for name, (state, _) in told.items()} == {
        "tiada": "failed",
        "penuh": "deferred",
        "tutup": "deferred",
        "larang": "failed",
        "kelabu": "deferred",
        "été": "failed",
    }
    codes = {name: reply.split()[0] for name, (_, reply) in told.items()}
    del codes["été"]
    assert codes == {
        "tiada": "550",
        "penuh": "452",
        "tutup": "421",
        "larang": "554",
        "kelabu": "450",
    }
    assert "SMTPUTF8" in told["été"][1]


def test_a_mail_that_is_too_large_is_refused_for_good(tmp_path: Path) -> None:
    with postfix(more="message_size_limit = 5000") as server:
        office = ready(tmp_path, server, "ani")
        office.send()
        assert office.mails()["ani"].state == "failed"
        assert office.mails()["ani"].reply.startswith("552")


def test_a_server_that_is_gone_for_a_while_loses_nothing(tmp_path: Path) -> None:
    with postfix() as server:
        office = ready(tmp_path, server, *PEOPLE)
        server.run("postfix", "stop")
        with pytest.raises(DeliveryError, match="mail server"):
            office.send()
        assert {*office.states().values()} == {"pending"}
        server.run("postfix", "start")
        office.send()
        server.wait_until_empty()
        assert server.delivered == EACH_ONCE


def test_nothing_goes_over_an_open_connection_or_to_a_stranger(tmp_path: Path) -> None:
    with postfix() as server:
        office = ready(tmp_path, server, "ani")
        office.settings = Office(tmp_path, server.port, "starttls").settings
        with pytest.raises(DeliveryError, match="it lacks what the settings ask for"):
            office.send()
    chain = certificate(tmp_path)
    more = f"smtpd_tls_chain_files = {chain}\nsmtpd_tls_security_level = may"
    with postfix(more=more) as server:
        office.settings = Office(tmp_path, server.port, "starttls").settings
        with pytest.raises(DeliveryError, match="certificate is not trusted"):
            office.send()
        trusted = Office(tmp_path, server.port, "starttls", 'authorities = "ca.pem"')
        assert trusted.send() == {"accepted": 1}
        server.wait_until_empty()
        assert server.delivered == {"ani@contoh.example": 1}


def test_signed_mails_arrive_as_they_were_sent(tmp_path: Path) -> None:
    key_file(tmp_path)
    with postfix() as server:
        office = ready(tmp_path, server, "ani", more=SETTINGS)
        office.send()
        server.wait_until_empty()
        [path] = (server.folder / "boxes" / "semua" / "new").glob("*")
        mail = path.read_bytes()
    start = mail.index(b"DKIM-Signature:")  # behind what Postfix puts before it
    assert verifies(mail[start:].replace(b"\n", b"\r\n"))


def _publish(folder: Path, server: Postfix) -> Callable[[], None]:
    return partial(publish_and_send, folder, server.port)


@pytest.mark.parametrize(
    ("point", "after"), [("left", 2), ("dotted", 0), ("dotted", 5)]
)
def test_after_a_kill_it_finds_out_what_was_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, after: int
) -> None:
    with postfix() as server:
        monkeypatch.setenv("MAIL_CONFIG", str(server.folder / "conf"))
        Office(tmp_path).subscribe(*PEOPLE)
        assert run(_publish(tmp_path, server), point=point, after=after)
        assert not run(
            _publish(tmp_path, server)
        )  # sends the rest and holds the uncertain
        server.wait_until_empty()
        arrived = {to.partition("@")[0] for to in server.delivered}
        held = {
            name
            for name, state in Office(tmp_path).states().items()
            if state == "uncertain"
        }
        more = f'log = "{server.log}"\nuncertain = "resend"'
        office = Office(tmp_path, server.port, more=more)
        office.send()
        states = office.states()
        assert {name for name in held if states[name] == "accepted"} == held & arrived
        assert {name for name in held if states[name] == "uncertain"} == held - arrived
        office.now += ANSWERED
        office.send()
        server.wait_until_empty()
        assert {*office.states().values()} == {"accepted"}
        assert server.delivered == EACH_ONCE


def test_what_is_still_in_the_queue_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postfix(more="defer_transports = virtual") as server:
        monkeypatch.setenv("MAIL_CONFIG", str(server.folder / "conf"))
        Office(tmp_path).subscribe(*PEOPLE)
        assert run(_publish(tmp_path, server), point="dotted", after=3)
        office = Office(tmp_path, server.port, more=f'log = "{server.log}"')
        office.send()
        waiting = {
            one["address"]
            for line in server.run("postqueue", "-j").splitlines()
            for one in json.loads(line)["recipients"]
        }
        states = office.states()
    assert waiting == {
        f"{name}@contoh.example" for name in PEOPLE if states[name] == "accepted"
    }
    assert len(waiting) >= len(PEOPLE) - 3  # connections that were before the dot
