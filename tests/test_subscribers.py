"""Subscribers: asked first, gone when they say so, by links that nobody else can make."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import mailing
from briefing.cli.serve import server
from briefing.cli.wiring import Wiring
from briefing.deliver.key import Key, open_key
from briefing.errors import DeliveryError, SettingsError
from briefing.settings.load import parse_settings
from briefing.text import mailbox
from tests.desk import Desk
from tests.mails import headers, part
from tests.office import Office
from tests.smtp import Fault, free_port, smtp_server

MAIL = """
[mail]
from = "Kabar <kabar@kapur.example>"
base = "https://kapur.example/surat"
server = "127.0.0.1"
port = {port}
security = "none"

[[list]]
slug = "harian"

[[list]]
slug = "mingguan"
title = "Kabar mingguan"
topics = ["serangan"]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.with_articles(tmp_path)
    desk.add(MAIL.format(port=1))
    return desk


def subscribers(desk: Desk, command: str, *options: str):
    """Run `briefing subscribers COMMAND`."""
    from click.testing import CliRunner

    from briefing.cli import main

    return CliRunner().invoke(
        main, ["subscribers", command, "--config", str(desk.settings), *options]
    )


def listed(desk: Desk) -> dict[str, str]:
    """Return the state of each subscriber by address."""
    rows = csv.DictReader(io.StringIO(subscribers(desk, "export").stdout))
    return {row["address"]: row["state"] for row in rows}


def test_who_is_added_is_asked_and_gets_nothing_before(desk: Desk) -> None:
    with smtp_server() as running:
        desk.settings.write_text(
            desk.settings.read_text().replace("port = 1\n", f"port = {running.port}\n")
        )
        result = subscribers(desk, "add", "ani@contoh.example")
        assert "1 will be asked" in result.stdout
        desk.run("build")
        desk.run("publish")
        assert desk.run("send").exit_code == 0
        [(to, question)] = running.taken
        assert to == "ani@contoh.example"
        assert headers(question)["Subject"] == "Mohon konfirmasi: Kabar uji"
        [token] = re.findall(r"/confirm/(\S+)", part(question, "plain"))
        assert subscribers(desk, "confirm", token).exit_code == 0
        assert listed(desk) == {"ani@contoh.example": "confirmed"}
        desk.run("send", "2024-12-01")
        assert len(running.taken) == 2
        [leave] = re.findall(r"/unsubscribe/(\S+)", part(running.taken[1][1], "plain"))
        assert subscribers(desk, "remove", leave).exit_code == 0
        assert listed(desk) == {"ani@contoh.example": "left"}
        assert subscribers(desk, "confirm", token).exit_code == 3
        assert listed(desk) == {"ani@contoh.example": "left"}


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("ani@contoh.example", True),
        ("Ani@CONTOH.example", True),
        ("é@contoh.example", True),
        ("ani", False),
        ("ani@", False),
        ("@contoh.example", False),
        ("ani@contoh", False),
        ("a b@contoh.example", False),
        ("ani@contoh.example\r\nBcc: x@y.example", False),
        ("ani@contoh.example, budi@contoh.example", False),
        ("Ani <ani@contoh.example>", False),
        ("<ani@contoh.example>", False),
        ('"a\\"b"@contoh.example', False),
        ("ani@[127.0.0.1]", False),
        ("-oQ/tmp@contoh.example ", True),  # no shell is near
        ("x" * 65 + "@contoh.example", False),
    ],
)
def test_only_addresses_are_taken(desk: Desk, address: str, *, fits: bool) -> None:
    result = subscribers(desk, "add", "--confirmed", "--", address)
    assert result.exit_code == (0 if fits else 2), result.output
    assert bool(listed(desk) if desk.store.exists() else {}) == fits


@given(st.text(max_size=60))
def test_what_is_taken_has_no_control_or_blank(text: str) -> None:
    for value in (text, f"{text}@contoh.example", f"ani@{text}.example"):
        try:
            address = mailbox(value)
        except ValueError:
            continue
        assert re.fullmatch(r"[^\s\x00-\x20\x7f<>,;:\"\\]+@[a-z0-9.-]+", address)
        assert mailbox(address) == address


def test_an_address_counts_once_a_list_whatever_its_case(desk: Desk) -> None:
    subscribers(desk, "add", "--confirmed", "ani@contoh.example", "ANI@contoh.example")
    subscribers(desk, "add", "--confirmed", "--list", "mingguan", "Ani@Contoh.Example")
    result = subscribers(desk, "list")
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "harian",
        "mingguan",
    ]


def test_nobody_who_has_left_is_confirmed_by_address(desk: Desk) -> None:
    subscribers(desk, "add", "--confirmed", "ani@contoh.example")
    subscribers(desk, "remove", "ani@contoh.example")
    subscribers(desk, "confirm", "ani@contoh.example")
    assert listed(desk) == {"ani@contoh.example": "left"}


def test_a_forgotten_address_is_nowhere_in_the_store(desk: Desk) -> None:
    subscribers(desk, "add", "ani@contoh.example")
    assert subscribers(desk, "remove", "--forget", "ani@contoh.example").exit_code == 0
    assert desk.json("status")[1]["address"] == ""
    assert listed(desk) == {}


def test_unknown_lists_topics_and_languages_are_refused(desk: Desk) -> None:
    for option, value in (
        ("--list", "tiada"),
        ("--topic", "tiada"),
        ("--language", "xx-tiada"),
    ):
        result = subscribers(desk, "add", option, value, "ani@contoh.example")
        assert result.exit_code == 2, option
        assert value in result.stderr


def test_export_and_import_bring_back_the_same(desk: Desk, tmp_path: Path) -> None:
    subscribers(
        desk, "add", "--confirmed", "--topic", "serangan", "--topic", "other",
        "--language", "en", "ani@contoh.example",
    )  # fmt: skip
    subscribers(desk, "add", "--confirmed", "budi@contoh.example")
    subscribers(desk, "remove", "budi@contoh.example")
    before = subscribers(desk, "export").stdout
    file = tmp_path / "pelanggan.csv"
    file.write_text(before)
    subscribers(desk, "remove", "--forget", "ani@contoh.example")
    assert subscribers(desk, "import", "--confirmed", str(file)).exit_code == 0
    after = subscribers(desk, "export").stdout.splitlines()
    assert [line.split(",")[0] for line in after] == [
        "address",
        "budi@contoh.example",
        "ani@contoh.example",
    ]
    assert after[-1].endswith(",en,serangan other")


def test_a_wrong_line_of_a_csv_file_costs_no_other(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "pelanggan.csv"
    file.write_text(
        "\ufeffaddress,name\nani@contoh.example,Ani\nbukan alamat,Budi\n"
        "citra@contoh.example\n",
        encoding="utf-8",
    )
    result = subscribers(desk, "import", "--confirmed", str(file))
    assert result.exit_code == 3
    assert "line 3" in result.stderr
    assert set(listed(desk)) == {"ani@contoh.example", "citra@contoh.example"}


def test_no_file_of_csv_is_refused(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "pelanggan.csv"
    file.write_bytes(b"\xff\xfe\x00")
    assert subscribers(desk, "import", str(file)).exit_code == 1


def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "kunci" / "briefing.key"
    key = open_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_key(path).mark("a") == key.mark("a")
    path.chmod(0o640)
    with pytest.raises(DeliveryError, match="chmod 600"):
        open_key(path)


def test_what_is_no_key_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "briefing.key"
    path.write_text("abc")
    path.chmod(0o600)
    with pytest.raises(DeliveryError, match="no key"):
        open_key(path)
    assert path.read_text() == "abc"


def test_a_key_is_not_printed(tmp_path: Path) -> None:
    key = open_key(tmp_path / "briefing.key")
    assert (tmp_path / "briefing.key").read_text().strip() not in repr(key)
    assert repr(key) == "Key()"


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_marks_tell_parts_apart(one: list[str], other: list[str]) -> None:
    key = Key(bytes(32))
    assert (key.mark(*one) == key.mark(*other)) == (one == other)
    assert key.fits(key.mark(*one), *one)
    assert Key(bytes([1] * 32)).mark(*one) != key.mark(*one)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.subscribe("ani", "budi")
    return office


def token_of(office: Office, purpose: str, number: int) -> str:
    assert office.settings.mail
    key = open_key(office.settings.mail.key)
    return f"{number}.{key.mark(purpose, number, '')}"


@pytest.mark.parametrize(
    "alter",
    [
        lambda token: token.replace("1.", "2.", 1),
        lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
        lambda token: token[:-1],
        lambda token: token + "a",
        lambda token: token.upper(),
        lambda token: "1." + "a" * 32,
        lambda token: "99999999999999999999." + token,
        lambda token: "-" + token,
        lambda token: "٣" + token[1:],
        lambda token: "",
        lambda token: ".",
    ],
)
def test_an_altered_token_does_nothing(office: Office, alter) -> None:
    token = token_of(office, "unsubscribe", 1)
    with office.store() as store:
        follow = (office.settings, store, alter(token))
        assert mailing.follow(*follow, purpose="unsubscribe", now=office.now) is None
        assert {one.state for one in store.subscribers()} == {"confirmed"}


def test_a_token_of_one_purpose_serves_no_other(office: Office) -> None:
    with office.store() as store:
        token = token_of(office, "unsubscribe", 1)
        assert (
            mailing.follow(
                office.settings, store, token, purpose="confirm", now=office.now
            )
            is None
        )


@contextmanager
def serving(office: Office) -> Iterator[http.client.HTTPConnection]:
    running = server(Wiring(office.settings, lambda: office.now), "127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    port = running.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()
        running.shutdown()
        thread.join()
        running.server_close()


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: str = ""
) -> tuple[int, str]:
    connection.request(method, path, body or None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def states(office: Office) -> list[str]:
    with office.store() as store:
        return [one.state for one in store.subscribers()]


def test_one_click_unsubscribes_and_a_look_does_not(office: Office) -> None:
    path = f"/surat/unsubscribe/{token_of(office, 'unsubscribe', 1)}"
    with serving(office) as connection:
        status, page = asked(connection, "GET", path)
        assert (status, states(office)) == (200, ["confirmed", "confirmed"])
        assert '<form method="post">' in page
        asked(connection, "HEAD", path)
        assert states(office) == ["confirmed", "confirmed"]
        for _ in range(2):
            status, page = asked(connection, "POST", path, "List-Unsubscribe=One-Click")
            assert (status, states(office)) == (200, ["left", "confirmed"])
            assert "berhenti berlangganan" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/unsubscribe/1.aaaa", 404),
        ("/unsubscribe/%0d%0aX: y", 404),
        ("/unsubscribe/" + "1" * 5000, 404),
        ("/confirm/1.aaaa", 404),
    ],
)
def test_any_other_address_changes_nothing(
    office: Office, path: str, status: int
) -> None:
    with serving(office) as connection:
        for method in ("GET", "POST"):
            found, page = asked(connection, method, path.replace(" ", ""))
            assert found == status
            assert "<script" not in page
    assert states(office) == ["confirmed", "confirmed"]


def test_a_large_form_is_refused(office: Office) -> None:
    path = f"/unsubscribe/{token_of(office, 'unsubscribe', 1)}"
    with serving(office) as connection:
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", "1000000000")
        connection.endheaders()
        assert connection.getresponse().status == 413
    assert states(office) == ["confirmed", "confirmed"]


@pytest.mark.parametrize(
    "line",
    [
        'from = "bukan alamat"',
        'from = "Kabar <kabar@kapur.example>, lain@kapur.example"',
        'from = "Kabar\\r\\nBcc: x@y.example <kabar@kapur.example>"',
        'from = "kabar@kapur.example"\nsubject = "{rahasia}"',
        'from = "kabar@kapur.example"\nbase = "javascript:alert(1)"',
        'from = "kabar@kapur.example"\nbase = "https://a.example/<x>"',
        'from = "kabar@kapur.example"\nuser = "kabar"',
        'from = "kabar@kapur.example"\nuser = "k"\npassword_env = "P"\nsecurity = "none"',
    ],
)
def test_wrong_settings_are_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="mail"):
        parse_settings(f'title = "K"\n[mail]\n{line}', name="uji", root=tmp_path)


def reach(desk: Desk, port: int) -> None:
    """Have the desk's mails go to a port of this machine."""
    text = desk.settings.read_text()
    desk.settings.write_text(text.replace("port = 1\n", f"port = {port}\n"))


def confirm_tokens(taken: list[tuple[str, bytes]]) -> list[str]:
    """Return the token in each question."""
    pages = [part(mail, "plain") for _, mail in taken]
    return [found for page in pages for found in re.findall(r"/confirm/(\S+)", page)]


def test_whoever_is_added_again_is_asked_once_with_a_link_that_works(
    desk: Desk,
) -> None:
    with smtp_server() as running:
        reach(desk, running.port)
        twice = ("dup@contoh.example", "DUP@contoh.example")
        result = subscribers(desk, "add", *twice)
        told = "0 there already; 1 will be asked to confirm\n"
        assert result.stdout == f"1 added, 0 asked again, {told}"
        result = subscribers(desk, "add", "Dup@contoh.example")
        assert result.stdout == f"0 added, 1 asked again, {told}"
        assert desk.run("send").stdout == "1 accepted; 0 waiting\n"
        [token] = confirm_tokens(running.taken)
    assert subscribers(desk, "confirm", token).exit_code == 0
    assert [*listed(desk).values()] == ["confirmed"]
    result = subscribers(desk, "add", "dup@contoh.example")
    assert result.stdout == "0 added, 0 asked again, 1 there already\n"


def test_a_question_that_waits_for_another_try_gives_way_to_a_newer_one(
    desk: Desk, tmp_path: Path
) -> None:
    ani = "ani@contoh.example"
    file = tmp_path / "pelanggan.csv"
    file.write_text(f"address\n{ani}\n")
    with smtp_server({ani: Fault("rcpt", "450 4.2.0 later", times=1)}) as running:
        reach(desk, running.port)
        subscribers(desk, "add", "--now", "2024-12-01T06:00+07:00", ani)
        assert "1 deferred" in desk.run("send").stdout
        subscribers(desk, "import", "--now", "2024-12-01T06:31+07:00", str(file))
        rows = {row["state"]: row["reply"] for row in desk.json("status")[1:]}
        assert rows == {"unsubscribed": "asked again", "pending": ""}
        later = "2024-12-01T07:30+07:00"
        assert desk.run("send", now=later).stdout == "1 accepted; 0 waiting\n"
        [token] = confirm_tokens(running.taken)
    assert subscribers(desk, "confirm", token).exit_code == 0
    assert listed(desk) == {ani: "confirmed"}


def test_what_is_added_is_told_in_json_too(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "pelanggan.csv"
    file.write_text("address\nani@contoh.example\nbudi@contoh.example\n")
    subscribers(desk, "add", "ani@contoh.example")
    result = subscribers(desk, "import", "--json", str(file))
    told = {"added": 1, "asked_again": 1, "there": 0, "to_confirm": 2}
    assert json.loads(result.stdout) == told
    result = subscribers(desk, "add", "--json", "--confirmed", "ani@contoh.example")
    told = {"added": 1, "asked_again": 0, "there": 0, "to_confirm": 0}
    assert json.loads(result.stdout) == told


def test_to_confirm_one_who_has_left_is_said_to_change_nothing(desk: Desk) -> None:
    subscribers(desk, "add", "ani@contoh.example", "budi@contoh.example")
    subscribers(desk, "remove", "ani@contoh.example")
    both = ("ani@contoh.example", "budi@contoh.example")
    result = subscribers(desk, "confirm", *both)
    assert result.exit_code == 3
    assert "ani@contoh.example has left" in result.stderr
    assert result.stdout == "harian budi@contoh.example\n"
    assert subscribers(desk, "confirm", both[1]).exit_code == 0
    assert subscribers(desk, "remove", both[0]).exit_code == 0
    assert listed(desk) == dict(zip(both, ("left", "confirmed"), strict=True))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("email,list\nani@contoh.example,harian\nb,c\n", "no column address"),
        ("address;list\nani@contoh.example;harian\n", "no column address"),
        ("ani@contoh.example\nbudi@contoh.example\n", "no column address"),
        ("\naddress\nani@contoh.example\n", "no column address"),
    ],
)
def test_a_csv_file_without_addresses_is_refused_in_one_line(
    desk: Desk, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "pelanggan.csv"
    file.write_text(text)
    result = subscribers(desk, "import", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert told in line
    assert str(file) in line


@pytest.mark.parametrize("command", ["list", "export"])
def test_a_list_that_is_nowhere_is_refused(desk: Desk, command: str) -> None:
    subscribers(desk, "add", "--confirmed", "--list", "mingguan", "ani@contoh.example")
    result = subscribers(desk, command, "--list", "tiada")
    assert result.exit_code == 2
    assert "no list 'tiada'; there are harian, mingguan" in result.stderr
    assert subscribers(desk, command, "--list", "harian").exit_code == 0
    # Those of a list that the settings have no more can still be seen and taken along.
    text = desk.settings.read_text()
    desk.settings.write_text(text.replace('"mingguan"', '"bulanan"'))
    result = subscribers(desk, command, "--list", "mingguan")
    assert result.exit_code == 0
    assert "ani@contoh.example" in result.stdout


def test_to_read_no_inbox_is_refused(desk: Desk) -> None:
    subscribers(desk, "add", "--confirmed", "ani@contoh.example")
    result = subscribers(desk, "read")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "mail.inbox" in result.stderr


@pytest.mark.parametrize(
    ("base", "fits"),
    [
        ("https://kapur.example/surat", True),
        ("http://kapur.example/surat", False),
        ("http://localhost:8026/", True),
        ("http://127.0.0.1:8026", True),
        ("http://127.8.0.3/", True),
        ("http://[::1]:8026/", True),
        ("http://[::1", False),
        ("http://127.0.0.1.kapur.example/", False),
        ("http://localhost.kapur.example/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_links_need_https_but_on_this_machine(
    desk: Desk, base: str, *, fits: bool
) -> None:
    text = desk.settings.read_text().replace("https://kapur.example/surat", base)
    desk.settings.write_text(text)
    result = subscribers(desk, "add", "--confirmed", "ani@contoh.example")
    assert result.exit_code == (0 if fits else 2), result.output
    line = text[: text.index("base =")].count("\n") + 1
    assert fits or f"briefing.toml:{line}: mail.base: " in result.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "tiada.invalid", "x" * 70 + ".example"])
def test_where_serve_cannot_listen_is_named(desk: Desk, host: str) -> None:
    with smtp_server() as running:
        used = str(running.port if host == "127.0.0.1" else free_port())
        result = desk.run("serve", "--host", host, "--port", used)
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert host in line
    assert used in line


def test_nobody_is_kept_who_cannot_be_asked(desk: Desk) -> None:
    whole = desk.settings.read_text()
    desk.settings.write_text(whole[: whole.index("[mail]")])
    assert subscribers(desk, "add", "ani@contoh.example").exit_code == 2
    assert listed(desk) == {}
    desk.settings.write_text(whole)
    result = subscribers(desk, "add", "ani@contoh.example")
    assert result.stdout.startswith("1 added, 0 asked again")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'slug = "mingguan"',
            'slug = "pekanan"',
            "is on the list mingguan, which is gone",
        ),
        (
            'slug = "penarikan"',
            'slug = "perang"',
            "wants penarikan, which is no topic now",
        ),
    ],
)
def test_doctor_names_who_gets_no_mail_any_more(
    desk: Desk, old: str, new: str, told: str
) -> None:
    subscribers(desk, "add", "--confirmed", "--list", "mingguan", "budi@contoh.example")
    subscribers(
        desk, "add", "--confirmed", "--topic", "penarikan", "ani@contoh.example"
    )
    assert [one for one in desk.json("doctor") if one["check"] == "subscribers"] == [
        {"check": "subscribers", "ok": True, "outcome": "2 confirmed"}
    ]
    desk.settings.write_text(desk.settings.read_text().replace(old, new))
    [found] = [one for one in desk.json("doctor") if one["check"] == "subscribers"]
    assert not found["ok"]
    assert told in found["outcome"]


def test_lists_that_are_none_are_refused(desk: Desk) -> None:
    text = desk.settings.read_text().split("[[list]]")[0]
    desk.settings.write_text("list = []\n" + text)
    refused = desk.run("doctor")
    assert refused.exit_code == 2
    assert "list: needs a table at least" in refused.stderr
