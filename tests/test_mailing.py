"""Editions by mail: to each subscriber once, whatever the server does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from briefing import mailing
from briefing.errors import DeliveryError, SettingsError
from briefing.model import Subscriber
from briefing.ports import Settlement
from briefing.store import Store
from tests.mails import headers, part
from tests.office import Office
from tests.smtp import Fault, free_port, smtp_server
from tests.tls import server_context

MINUTE = timedelta(minutes=1)
OTHERS = ["ani", "citra"]
ALL = ["ani", "budi", "citra"]
BUDI = "budi@contoh.example"


def at(*names: str) -> list[str]:
    return [f"{name}@contoh.example" for name in names]


def test_each_subscriber_gets_one_mail(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe(*ALL)
        office.publish()
        assert office.send() == {"accepted": 3}
        assert office.send() == {}
        office.publish()
        assert office.send() == {}
        assert server.recipients == at(*ALL)
    assert set(office.states().values()) == {"accepted"}
    assert office.mails()["ani"].reply == "250 2.0.0 taken"
    for to, mail in server.taken:
        assert headers(mail)["To"] == to
        assert headers(mail)["Subject"] == "Kabar Lembah Kapur, Minggu, 1 Desember 2024"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault("rcpt", "450 4.2.0 greylisted"), "deferred"),
        (Fault("rcpt", "452 4.2.2 mailbox full"), "deferred"),
        (Fault("rcpt", "421 4.3.2 closing"), "deferred"),
        (Fault("rcpt", "550 5.1.1 no such user"), "failed"),
        (Fault("dot", "451 4.3.0 try later"), "deferred"),
        (Fault("dot", "552 5.2.2 over quota"), "failed"),
        (Fault("dot", "554 5.7.1 spam"), "failed"),
        (Fault("drop-before-dot"), "deferred"),
        (Fault("drop-after-dot"), "uncertain"),
        (Fault("late"), "uncertain"),
    ],
    ids=lambda one: f"{one.step} {one.answer[:3]}" if isinstance(one, Fault) else one,
)
def test_what_befalls_one_mail_befalls_no_other(
    tmp_path: Path, fault: Fault, state: str
) -> None:
    with smtp_server({BUDI: fault}) as server:
        office = Office(
            tmp_path, server.port, timeout=1 if fault.step == "late" else 30
        )
        office.subscribe(*ALL)
        office.publish()
        office.send()
        assert office.states() == {
            "ani": "accepted",
            "budi": state,
            "citra": "accepted",
        }
        assert [to for to in server.recipients if to != BUDI] == at(*OTHERS)
        assert office.mails()["budi"].reply.startswith(fault.answer)


def test_greylisting_is_answered_by_another_try(tmp_path: Path) -> None:
    faults = {"": Fault("rcpt", "451 4.7.1 greylisted", times=3)}
    with smtp_server(faults) as server:
        office = Office(tmp_path, server.port)
        office.subscribe(*ALL)
        office.publish()
        assert office.send() == {"deferred": 3}
        assert office.send() == {}
        office.now += MINUTE
        assert office.send() == {"accepted": 3}
        assert server.recipients == at(*ALL)


def test_it_is_tried_ever_later_and_given_up_after_two_days(tmp_path: Path) -> None:
    with smtp_server({"": Fault("rcpt", "450 4.2.0 later")}) as server:
        office = Office(tmp_path, server.port)
        office.subscribe("budi")
        office.publish()
        waits = []
        while (mail := office.mails()["budi"]).state in {"pending", "deferred"}:
            if mail.due is not None:
                waits.append((mail.due - office.now) // MINUTE)
                office.now = mail.due
            office.send()
    assert waits[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
    assert set(waits[9:]) == {360}
    assert sum(waits) >= 48 * 60
    assert mail.state == "failed"
    assert mail.reply == "given up: 450 4.2.0 later"


def test_after_a_refusal_the_same_bytes_are_sent(tmp_path: Path) -> None:
    with smtp_server({BUDI: Fault("drop-after-dot", times=1)}) as server:
        office = Office(tmp_path, server.port)
        office.subscribe("budi")
        office.publish()
        office.send()
        assert office.send() == {}
        assert office.states() == {"budi": "uncertain"}
        office.send(uncertain="resend")
        assert office.states() == {"budi": "accepted"}
        [(_, first), (_, second)] = server.taken
        assert first == second


def test_an_uncertain_mail_can_be_taken_for_delivered(tmp_path: Path) -> None:
    with smtp_server({BUDI: Fault("drop-after-dot")}) as server:
        office = Office(tmp_path, server.port)
        office.subscribe("budi")
        office.publish()
        office.send()
        office.send(uncertain="accept")
        assert office.states() == {"budi": "accepted"}
        assert len(server.taken) == 1


def test_whoever_leaves_meanwhile_gets_nothing(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe(*ALL)
        office.publish()
        with office.store() as store:
            [budi] = store.subscribed("BUDI@contoh.example")
            store.change_state(budi.number, "left", office.now)
        office.send()
        assert office.states()["budi"] == "unsubscribed"
        assert server.recipients == at(*OTHERS)


def test_whoever_leaves_before_the_final_dot_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe("budi")
        office.publish()
        with office.store() as store:
            claim = store.claim
            [budi] = store.subscribed(BUDI)

            def leave(**options):
                claimed = claim(**options)
                store.change_state(budi.number, "left", office.now)
                return claimed

            monkeypatch.setattr(store, "claim", leave)
            mailing.send(office.settings, store, clock=lambda: office.now)
        assert office.states() == {"budi": "unsubscribed"}
        assert server.taken == []
        assert server.tries == [BUDI]


def test_an_unreachable_server_costs_no_mail_its_turn(tmp_path: Path) -> None:
    office = Office(tmp_path, free_port())
    office.subscribe(*ALL)
    office.publish()
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1"):
        office.send()
    assert set(office.states().values()) == {"pending"}
    with smtp_server() as server:
        again = Office(tmp_path, server.port)
        assert again.send() == {"accepted": 3}


def test_a_server_that_closes_each_connection_loses_nothing(tmp_path: Path) -> None:
    with smtp_server({"": Fault("mail", "421 4.7.0 too many", times=2)}) as server:
        office = Office(tmp_path, server.port, more="connections = 1")
        office.subscribe(*ALL)
        office.publish()
        assert office.send() == {"deferred": 2, "accepted": 1}
        office.now += MINUTE
        office.send()
        assert server.recipients == at(*ALL)


def secured(tmp_path: Path, server_port: int, *, more: str = "") -> Office:
    office = Office(tmp_path, server_port, security="starttls", more=more)
    office.subscribe(*ALL)
    office.publish()
    return office


def test_mails_go_over_starttls_with_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDI", "rahasia")
    context = server_context(tmp_path)
    more = 'authorities = "ca.pem"\nuser = "kabar"\npassword_env = "SANDI"'
    with smtp_server(tls=context, password="rahasia") as server:
        assert secured(tmp_path, server.port, more=more).send() == {"accepted": 3}


@pytest.mark.parametrize(
    ("trusted", "password", "words"),
    [
        (False, "rahasia", "certificate is not trusted"),
        (True, "salah", "refuses the user's name or password"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said_and_nothing_tried(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    trusted: bool,
    password: str,
    words: str,
) -> None:
    monkeypatch.setenv("SANDI", password)
    context = server_context(tmp_path)
    more = 'user = "kabar"\npassword_env = "SANDI"'
    more += '\nauthorities = "ca.pem"' if trusted else ""
    with smtp_server(tls=context, password="rahasia") as server:
        office = secured(tmp_path, server.port, more=more)
        with pytest.raises(DeliveryError, match=words) as caught:
            office.send()
        assert password not in str(caught.value)
        assert server.tries == []
    assert set(office.states().values()) == {"pending"}


def test_without_encryption_nothing_is_sent_unless_settings_say_so(
    tmp_path: Path,
) -> None:
    with smtp_server() as server:
        office = secured(tmp_path, server.port)
        with pytest.raises(DeliveryError, match="lacks"):
            office.send()
        assert server.tries == []


def test_a_missing_password_is_named(tmp_path: Path) -> None:
    office = Office(
        tmp_path, security="starttls", more='user = "k"\npassword_env = "TAK_ADA"'
    )
    office.subscribe("ani")
    office.publish()
    with pytest.raises(SettingsError, match="TAK_ADA"):
        office.send()


@pytest.mark.parametrize(("utf8", "state"), [(True, "accepted"), (False, "failed")])
def test_an_address_that_is_not_ascii_needs_a_server_that_takes_it(
    tmp_path: Path, *, utf8: bool, state: str
) -> None:
    with smtp_server(utf8=utf8) as server:
        office = Office(tmp_path, server.port)
        office.subscribe("ani", "été@contoh.example")
        office.publish()
        office.send()
        assert office.states() == {"ani": "accepted", "été": state}


def test_readers_get_their_topics_in_their_language(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe("ani")
        office.subscribe("budi", language="en", topics=("jalan",))
        office.subscribe("citra", topics=("pasar",))
        office.publish()
        office.send()
        mails = dict(server.taken)
    assert office.states()["citra"] == "nothing"
    assert "Perpustakaan" in part(mails["ani@contoh.example"], "plain")
    budi = part(mails[BUDI], "plain")
    assert "Perpustakaan" not in budi
    assert "Jembatan" in budi
    assert "Sunday, December 1, 2024" in budi
    assert headers(mails[BUDI])["Content-Language"] == "en"


def test_an_empty_mail_goes_out_only_if_the_settings_say_so(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port, more="empty = true")
        office.subscribe("citra", topics=("pasar",))
        office.publish()
        assert office.send() == {"accepted": 1}


def test_with_another_key_nothing_is_sent(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe("ani")
        office.publish()
        (tmp_path / "briefing.key").unlink()
        with pytest.raises(DeliveryError, match="not what was queued"):
            office.send()
        assert server.tries == ["ani@contoh.example"][:0]
    assert office.states() == {"ani": "pending"}


def test_two_senders_at_once_send_each_mail_once(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe(*(f"pembaca{number}" for number in range(40)))
        office.publish()
        run_together([office.send] * 4)
        assert len(server.taken) == len(set(server.recipients)) == 40


def run_together(works: list[Callable[[], object]]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(works)) as pool:
        for one in [pool.submit(work) for work in works]:
            one.result()


def test_a_claim_that_ran_out_cannot_send(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.subscribe("budi")
    office.publish()
    with office.store() as store:
        [old] = store.claim(limit=10, now=office.now)
        assert store.claim(limit=10, now=office.now) == ()
        later = office.now + timedelta(minutes=16)
        [new] = store.claim(limit=10, now=later)
        assert store.commit([], [old], now=later) == set()
        assert store.commit([], [new], now=later) == {new.number}
        assert store.commit([], [new], now=later) == set()


def test_an_address_that_breaks_a_header_costs_no_other_its_mail(
    tmp_path: Path,
) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        # Not by the commands, which refuse it: by hand, or by a fault of ours.
        office.subscribe(*ALL, "dewi@contoh.example\r\nBcc: semua@lain.example")
        office.publish()
        assert office.send() == {"accepted": 3}
    assert office.states() == {**dict.fromkeys(ALL, "accepted"), "dewi": "failed"}
    assert server.recipients == at(*ALL)


def test_a_draft_has_no_mails(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.subscribe("budi")
    assert office.mails() == {}


def test_letters_are_kept_while_they_may_be_sent_and_some_time_longer(
    tmp_path: Path,
) -> None:
    faults = {BUDI: Fault("rcpt", "450 4.2.0 later", times=40)}
    with smtp_server(faults) as server:
        office = Office(tmp_path, server.port, more="keep = 1")
        office.subscribe(*ALL)
        office.publish()
        office.send()
        kept = office.mails()

        def letters() -> int:
            with office.store() as store:
                found = {(one.occasion, one.letter) for one in kept.values()}
                return sum(store.letter(*one) is not None for one in found)

        assert letters() == 1
        office.now += timedelta(hours=25)
        office.send()
        assert office.states()["budi"] == "deferred"
        assert letters() == 1
        while office.states()["budi"] == "deferred":
            office.now = office.mails()["budi"].due or office.now
            office.send()
        assert letters() == 0
    after = office.mails()
    assert {name: one.sha256 for name, one in after.items()} == {
        name: one.sha256 for name, one in kept.items()
    }
    office.publish()
    office.send()
    assert office.mails() == after  # nobody gets the edition again
    assert sorted(server.recipients) == at(*OTHERS)


def test_of_a_subscribers_questions_only_the_newest_may_go(tmp_path: Path) -> None:
    office = Office(tmp_path)
    later = office.now + timedelta(hours=1)
    with office.store() as store:
        for taken in (False, True):
            asked_at(office, store, office.now)
            [old] = store.claim(limit=10, now=office.now)
            if taken:
                assert store.commit([], [old], now=office.now) == {old.number}
            office.now += MINUTE
            asked_at(office, store, office.now)
            if taken:
                settled = Settlement(old, "deferred", "450 4.2.0 later", later)
                store.commit([settled], [], now=office.now)
            else:
                assert store.commit([], [old], now=office.now) == set()
            [new] = store.claim(limit=10, now=later)
            assert new.number > old.number
            store.commit([Settlement(new, "accepted", "250 ok")], [], now=later)
            assert store.claim(limit=10, now=later) == ()
            office.now += MINUTE
        assert not store.recipients(states=["pending", "deferred"])


def asked_at(office: Office, store: Store, now: datetime) -> None:
    """Queue a question to the one subscriber, asked at a time."""
    store.add_subscribers([Subscriber(0, "brief", BUDI, "asked", now)])
    mailing.ask(office.settings, store, store.subscribers(), now=now)


def test_questions_asked_twice_at_one_time_are_one(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with office.store() as store:
        for _ in range(2):
            asked_at(office, store, office.now)
        assert len(store.claim(limit=10, now=office.now)) == 1
