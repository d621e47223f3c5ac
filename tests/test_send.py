"""send · status: what is printed, and the exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.desk import OTHER, Desk
from tests.mails import headers, part
from tests.smtp import Fault, MailServer, smtp_server
from tests.test_subscribers import MAIL, subscribers

BUDI = "budi@contoh.example"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def published(desk: Desk, server: MailServer) -> None:
    desk.add(MAIL.format(port=server.port))
    subscribers(desk, "add", "--confirmed", "ani@contoh.example", BUDI)
    desk.run("build")
    desk.run("publish")


def test_the_unhappy_are_named_with_the_reason(desk: Desk) -> None:
    with smtp_server(
        {BUDI: Fault("rcpt", "550 5.1.1 no such user \x1b[31m")}
    ) as server:
        published(desk, server)
        sent = desk.run("send")
    assert sent.exit_code == 3
    assert sent.stdout == "1 accepted, 1 failed; 0 waiting\n"
    told = desk.run("status")
    assert told.exit_code == 3
    assert told.stdout.splitlines() == [
        "last 2024-12-01, next 2024-12-02 06:00 WIB",
        "2024-12-01: 1 accepted, 1 failed",
        f"  2024-12-01 {BUDI} failed: 550 5.1.1 no such user",
    ]
    assert len(desk.run("status", "--all").stdout.splitlines()) == 4


def test_a_refusal_for_good_is_not_told_for_ever(desk: Desk) -> None:
    with smtp_server({BUDI: Fault("rcpt", "550 5.1.1 no such user")}) as server:
        published(desk, server)
        desk.run("send")
    assert desk.run("status").exit_code == 3
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("build", now="2024-12-02T06:30+07:00")
    assert desk.run("status").exit_code == 3
    desk.run("publish")
    assert desk.run("status").exit_code == 0
    assert BUDI in desk.run("status", "2024-12-01").stdout
    for everyone in ("--all", "--json"):
        told = desk.run("status", everyone)
        assert BUDI in told.stdout
        assert told.exit_code == 0


def test_status_as_json_names_everyone(desk: Desk) -> None:
    with smtp_server({BUDI: Fault("rcpt", "450 4.2.0 later")}) as server:
        published(desk, server)
        desk.run("send", "--json")
    summary, *rows = desk.json("status")
    assert summary == {
        "edition": "2024-12-01",
        "frozen": True,
        "due": "2024-12-02T06:00:00+07:00",
        "schedules": [
            {
                "schedule": "",
                "edition": "2024-12-01",
                "due": "2024-12-02T06:00:00+07:00",
                "missed": [],
            }
        ],
        "concerns": [],
        "mails": {"2024-12-01": {"accepted": 1, "deferred": 1}},
    }
    states = {row["address"]: row["state"] for row in rows}
    assert states == {"ani@contoh.example": "accepted", BUDI: "deferred"}
    assert rows[1]["due"] == "2024-11-30T23:31:00+00:00"


def test_held_mails_are_named_until_somebody_decides(desk: Desk) -> None:
    with smtp_server({BUDI: Fault("drop-after-dot", times=1)}) as server:
        published(desk, server)
        for _ in range(2):
            result = desk.run("send")
            assert result.exit_code == 3
            assert BUDI in result.stderr
        assert desk.run("send", "--uncertain", "resend").exit_code == 0
        assert len(server.taken) == 3
    assert desk.run("status").exit_code == 0


def test_a_preview_is_written_and_nothing_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    desk.add(MAIL.format(port=1))
    desk.run("build")
    result = desk.run("send", "--preview")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"2024-12-01-{name}.{kind}"
        for name in ("harian", "mingguan")
        for kind in ("eml", "html")
    ]
    mail = (desk.folder / "2024-12-01-mingguan.eml").read_bytes()
    assert headers(mail)["List-Id"] == "<mingguan.kapur.example>"
    assert "Roket" in part(mail, "plain")
    assert "Festival" not in part(mail, "plain")
    desk.run("send", "--preview")
    assert (desk.folder / "2024-12-01-mingguan.eml").read_bytes() == mail
    [told] = desk.json("send", "--preview")
    assert told == {"edition": "2024-12-01", "pages": result.stdout.splitlines()}
    assert desk.run("send", "--preview", "--uncertain", "hold").exit_code == 2


@pytest.mark.parametrize("desktop", [True, False])
def test_a_preview_is_opened_where_there_is_a_desktop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, desktop: bool
) -> None:
    opened: list[str] = []
    monkeypatch.chdir(desk.folder)
    monkeypatch.setattr("click.launch", opened.append)
    monkeypatch.setattr("briefing.cli.send._has_desktop", lambda: desktop)
    desk.add(MAIL.format(port=1))
    desk.run("build")
    result = desk.run("send", "--preview")
    assert result.exit_code == 0, result.output
    first = (desk.folder / "2024-12-01-harian.html").as_uri()
    assert opened == ([first] if desktop else [])


def test_a_preview_is_the_mail_as_it_goes_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    with smtp_server() as server:
        published(desk, server)
        desk.run("send")
        desk.run("send", "--preview")
    _, sent = server.taken[0]
    shown = (desk.folder / "2024-12-01-harian.eml").read_bytes()
    own = {"To", "Message-ID", "List-Unsubscribe"}
    assert headers(shown).keys() == headers(sent).keys()
    for name in headers(sent).keys() - own:
        assert headers(shown)[name] == headers(sent)[name], name
    for kind in ("plain", "html"):
        mine, theirs = (
            re.sub(r"/unsubscribe/[\w.]+", "", part(mail, kind))
            for mail in (shown, sent)
        )
        assert mine == theirs
    page = (desk.folder / "2024-12-01-harian.html").read_text("utf-8")
    assert page == part(shown, "html")


def test_a_draft_is_not_sent(desk: Desk) -> None:
    desk.add(MAIL.format(port=1))
    subscribers(desk, "add", "--confirmed", BUDI)
    desk.run("build")
    result = desk.run("send", "2024-12-01")
    assert result.exit_code == 1
    assert "publish" in result.stderr


def test_without_mail_in_the_settings_it_is_said_how(desk: Desk) -> None:
    desk.run("build")
    result = desk.run("send")
    assert result.exit_code == 2
    assert "[mail]" in result.stderr


def test_the_daily_run_builds_and_sends_once(desk: Desk) -> None:
    with smtp_server() as server:
        desk.add(MAIL.format(port=server.port))
        subscribers(desk, "add", "--confirmed", BUDI)
        for _ in range(2):
            result = desk.run("run", "--once")
            assert result.exit_code == 0, result.output
        assert server.recipients == [BUDI]
        desk.run("run", "--once", now="2024-12-02T06:30+07:00")
    assert json.loads(json.dumps(desk.json("status")[0]["mails"]))["2024-12-02"] == {
        "nothing": 1
    }


def test_mails_that_wait_are_sent_though_no_edition_can_be_built(desk: Desk) -> None:
    with smtp_server() as server:
        desk.add(MAIL.format(port=server.port))
        subscribers(desk, "add", "--confirmed", BUDI)
        desk.run("build")
        desk.run("publish")
        (desk.folder / "briefs").rename(desk.folder / "elsewhere")
        (desk.folder / "briefs").write_text("")
        result = desk.run("run", "--once", now="2024-12-02T06:30+07:00")
        assert result.exit_code == 1
        assert server.recipients == [BUDI]
