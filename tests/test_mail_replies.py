"""Leaving and confirming by mail: by one's own token, once, and whatever else is in the mailbox."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import DeliveryError, SettingsError
from briefing.mailing import ask
from briefing.replies import _request, read_replies
from tests.desk import OTHER, Desk
from tests.imap import imap_server
from tests.mails import headers
from tests.office import Office
from tests.smtp import smtp_server
from tests.test_subscribers import MAIL, listed, subscribers

INBOX = '[mail.inbox]\npath = "surat"'
IMAP = '[mail.inbox]\nurl = "{url}"\npassword_env = "SANDI"'
HOUR = timedelta(hours=1)


class Box:
    """A maildir that subscribers write to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "surat"
        for part in ("new", "cur", "tmp"):
            (self.folder / part).mkdir(parents=True)
        self.count = 0

    def put(self, subject: str, came: datetime, *more: str) -> None:
        self.count += 1
        path = self.folder / ("new", "cur")[self.count % 2] / f"{self.count}.pos"
        path.write_bytes(written(subject, *more))
        os.utime(path, (came.timestamp(), came.timestamp()))


def written(subject: str, *more: str) -> bytes:
    head = ["From: siapa@lain.example", f"Subject: {subject}", *more, "", "Halo"]
    return "\r\n".join(head).encode()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def with_mails(folder: Path, more: str = INBOX) -> tuple[Office, dict[str, str]]:
    """Return an office whose edition was sent, and each one's subject to leave by mail."""
    with smtp_server() as server:
        office = Office(folder, server.port, more=more)
        office.subscribe("ani", "budi")
        office.publish()
        office.send()
    links = {
        to.partition("@")[0]: headers(mail)["List-Unsubscribe"]
        for to, mail in server.taken
    }
    subjects = {
        name: re.search(r"subject=([^>]+)", link) for name, link in links.items()
    }
    office.now += HOUR
    return office, {name: found[1] for name, found in subjects.items() if found}


def states(office: Office) -> dict[str, str]:
    with office.store() as store:
        return {one.address.partition("@")[0]: one.state for one in store.subscribers()}


def read(office: Office) -> dict[str, int]:
    with office.store() as store:
        counts = read_replies(office.settings, store, now=office.now)
    return {str(purpose): count for purpose, count in counts.items()}


@pytest.mark.parametrize(
    "form", ["{}", "Re: {}", "  {} ", "=?utf-8?q?{}?=", "FWD: {} (please)"]
)
def test_who_writes_leaves_and_nobody_else(tmp_path: Path, box: Box, form: str) -> None:
    office, subjects = with_mails(tmp_path)
    asked = subjects["ani"].replace("%20", "_" if "=?" in form else " ")
    box.put(form.format(asked), office.now)
    assert read(office) == {"unsubscribe": 1}
    assert states(office) == {"ani": "left", "budi": "confirmed"}
    assert read(office) == {}


def test_a_program_that_does_not_decode_the_address_is_understood(
    tmp_path: Path, box: Box
) -> None:
    office, subjects = with_mails(tmp_path)
    box.put(subjects["budi"], office.now)
    assert read(office) == {"unsubscribe": 1}
    assert states(office)["budi"] == "left"


def test_what_is_no_request_changes_nothing(tmp_path: Path, box: Box) -> None:
    office, subjects = with_mails(tmp_path)
    right = subjects["ani"].replace("%20", " ")
    verb, token = right.split()
    number, mark = token.split(".")
    other = "b" if mark[0] == "a" else "a"
    for subject in (
        "unsubscribe",
        "unsubscribe ani@contoh.example",
        f"{verb} {int(number) + 1}.{mark}",
        f"{verb} {number}.{other}{mark[1:]}",
        f"{verb} {number}.{mark}x",
        f"confirm {token}",
        "Re: Kabar Lembah Kapur",
        "unsubscribe " + "9" * 5000,
        "=?utf-8?b?////?=",
    ):
        box.put(subject, office.now)
    box.put(right, office.now, "Auto-Submitted: auto-replied")
    (box.folder / "new" / ".tersembunyi").write_bytes(written(right))
    os.mkfifo(box.folder / "new" / "pipa")
    assert read(office) == {}
    assert {*states(office).values()} == {"confirmed"}


def test_who_comes_back_is_not_thrown_out_by_the_old_mail(
    tmp_path: Path, box: Box
) -> None:
    office, subjects = with_mails(tmp_path)
    box.put(subjects["ani"].replace("%20", " "), office.now)
    read(office)
    office.now += HOUR
    office.subscribe("ani")
    assert read(office) == {}
    assert states(office)["ani"] == "confirmed"
    box.put(subjects["ani"].replace("%20", " "), office.now + HOUR)
    office.now += HOUR
    assert read(office) == {"unsubscribe": 1}


@pytest.mark.parametrize("days", [31, 390])
def test_a_request_counts_however_long_nobody_could_read_it(
    tmp_path: Path, box: Box, days: int
) -> None:
    office, subjects = with_mails(tmp_path)
    box.put(subjects["ani"], office.now)
    office.now += timedelta(days=days)
    assert read(office) == {"unsubscribe": 1}
    assert states(office) == {"ani": "left", "budi": "confirmed"}
    office.subscribe("ani")
    office.now += HOUR
    assert read(office) == {}
    assert states(office)["ani"] == "confirmed"


def test_one_confirms_by_mail_where_there_is_no_site(tmp_path: Path, box: Box) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port, more=INBOX)
        mail = office.settings.mail
        assert mail is not None
        open_ = mail.model_copy(update={"base": None})
        office.settings = office.settings.model_copy(update={"mail": open_})
        office.subscribe("ani")
        with office.store() as store:
            [one] = store.subscribers()
            store.change_state(one.number, "asked", office.now)
            ask(office.settings, store, store.subscribers(), now=office.now)
        office.send()
    [(_, question)] = server.taken
    # The link stands whole in the plain part, quoted as mails are.
    text = question.replace(b"=\r\n", b"").decode()
    found = re.search(
        r"mailto:kabar@kapur\.example\?subject=3D(confirm%20[\w.]+)", text
    )
    assert found is not None
    box.put(found[1].replace("%20", " "), office.now)
    assert read(office) == {"confirm": 1}
    assert states(office) == {"ani": "confirmed"}


def test_who_has_asked_to_leave_gets_no_mail_any_more(tmp_path: Path, box: Box) -> None:
    desk = Desk.with_articles(tmp_path)
    with smtp_server() as server:
        desk.add(
            "[mail]\nfrom = 'Kabar <kabar@kapur.example>'\nserver = '127.0.0.1'\n"
            f"port = {server.port}\nsecurity = 'none'\n{INBOX}"
        )
        for name in ("ani", "budi"):
            subscribers(desk, "add", "--confirmed", f"{name}@contoh.example")
        desk.run("run", "--once")
        [mail] = [one for to, one in server.taken if to.startswith("ani")]
        found = re.search(r"subject=([^>]+)>", headers(mail)["List-Unsubscribe"])
        assert found is not None
        box.put(found[1], datetime.now().astimezone())
        now = (datetime.now().astimezone() + HOUR).isoformat(timespec="minutes")
        desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
        desk.run("run", "--once", now=now)
        assert [to.partition("@")[0] for to in server.recipients] == [
            "ani",
            "budi",
            "budi",
        ]
    assert listed(desk)["ani@contoh.example"] == "left"
    result = subscribers(desk, "read", "--now", now)
    assert result.stdout == "0 confirmed, 0 left\n"


def test_a_mailbox_that_cannot_be_read_is_said_and_holds_up_nobody(
    tmp_path: Path,
) -> None:
    desk = Desk.with_articles(tmp_path)
    with smtp_server() as server:
        mail = MAIL.format(port=server.port).replace(
            "[[list]]", f"{INBOX}\n[[list]]", 1
        )
        desk.add(mail)
        subscribers(desk, "add", "--confirmed", "ani@contoh.example")
        desk.run("build")
        desk.run("publish")
        result = desk.run("send")
        assert result.exit_code == 3
        assert "mail.inbox" in result.stderr
        assert len(server.taken) == 1
    assert subscribers(desk, "read").exit_code == 1


def test_a_folder_on_a_mail_server_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDI", "rahasia")
    office, subjects = with_mails(tmp_path, "")
    mails = [written("Halo"), written(subjects["ani"].replace("%20", " "))]
    with imap_server({"INBOX": mails}, password="rahasia") as server:
        server.came = office.now
        more = IMAP.format(url=server.url())
        office.settings = Office(tmp_path, more=more).settings
        assert read(office) == {"unsubscribe": 1}
        assert states(office) == {"ani": "left", "budi": "confirmed"}
        office.now += HOUR
        office.subscribe("ani")
        assert read(office) == {}
        monkeypatch.setenv("SANDI", "salah")
        with pytest.raises(DeliveryError, match=r"mail\.inbox: password"):
            read(office)
        monkeypatch.delenv("SANDI")
        with pytest.raises(DeliveryError, match="SANDI"):
            read(office)
    monkeypatch.setenv("SANDI", "rahasia")
    with pytest.raises(DeliveryError, match="unreachable"):
        read(office)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("", "either path or url"),
        ('path = "a"\nurl = "imaps://a@b/c"', "either path or url"),
        ('url = "imaps://a@b/c"', "belong together"),
        ('url = "https://b/c"\npassword_env = "A"', "imaps://"),
    ],
)
def test_settings_that_cannot_be_are_named(
    tmp_path: Path, lines: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        Office(tmp_path, more=f"[mail.inbox]\n{lines}")


@given(st.text(max_size=300))
def test_any_subject_can_be_read(subject: str) -> None:
    request = _request(subject, datetime.now().astimezone())
    assert request is None or request.purpose in {"unsubscribe", "confirm"}
