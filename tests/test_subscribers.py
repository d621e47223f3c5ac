"""Subscribers: asked first, gone when they say so, by links that nobody else can make."""

from __future__ import annotations

import csv
import http.client
import io
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
from tests.smtp import smtp_server

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
        assert subscribers(desk, "confirm", token).exit_code == 0
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
