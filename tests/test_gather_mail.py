from __future__ import annotations

import mailbox
import tarfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.gather import imap as imap_module
from briefing.gather.imap import Imap, struck
from briefing.gather.mail import mail_address, mail_document
from briefing.gather.mailbox import Maildir, Mbox
from briefing.gather.pace import INTERVAL
from briefing.model import Document, Failure, Gathered, SourceState
from tests.imap import ImapServer, imap_server
from tests.rude import Line, rude_server
from tests.tls import server_context

NOW = datetime(2024, 12, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "shared/data/hostile/cpython_email_msgs.tar.xz"


def mail(
    name: str = "satu",
    *,
    subject: str = "Kabar pagi: harga beras turun",
    html: str | None = "<p>Harga beras <b>turun</b>.</p>",
    text: str | None = "Harga beras turun.",
    date: str | None = "Sat, 30 Nov 2024 06:00:00 +0700",
) -> bytes:
    message = EmailMessage()
    message["Message-ID"] = f"<{name}@warta.example>"
    message["From"] = "Kabar Contoh <surat@warta.example>"
    message["Subject"] = subject
    message["List-Unsubscribe"] = "<https://warta.example/berhenti?ani>"
    if date:
        message["Date"] = date
    message.set_content(text or "")
    if html is not None:
        message.add_alternative(html, subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf")
    return message.as_bytes()


def read(raw: bytes, **options: str) -> Document:
    found = mail_document(raw, source="surat", now=NOW, **options)
    assert isinstance(found, Document)
    return found


def test_a_mail_is_a_document() -> None:
    document = read(mail())
    assert document.url.startswith("mail:surat/")
    assert document.title == "Kabar pagi: harga beras turun"
    assert (document.media_type, document.charset) == ("text/html", "utf-8")
    assert document.body.strip() == b"<p>Harga beras <b>turun</b>.</p>"
    assert document.published == datetime(2024, 11, 29, 23, tzinfo=UTC)
    assert (document.outlet, document.source) == ("Kabar Contoh", "surat")


def test_settings_win_over_the_mails_word() -> None:
    document = read(mail(), outlet="Kami", language="id")
    assert (document.outlet, document.language) == ("Kami", "id")


def test_plain_text_where_there_is_no_html() -> None:
    for html in (None, "<p> </p>"):
        document = read(mail(html=html))
        assert document.media_type == "text/plain"
        assert document.body.strip() == b"Harga beras turun."


def test_a_mail_without_text_is_named() -> None:
    found = mail_document(mail(html=None, text=None), source="surat", now=NOW)
    assert isinstance(found, Failure)
    assert (found.reason, found.detail) == ("empty", "Kabar pagi: harga beras turun")


@pytest.mark.parametrize(
    "date",
    [None, "segera", "Mon, 02 Dec 2124 06:00:00 +0700", "Thu, 1 Jan 1970 00:00 GMT"],
)
def test_dates_that_cannot_be_right(date: str | None) -> None:
    assert read(mail(date=date)).published is None


def test_charsets_and_encoded_headers() -> None:
    raw = (
        b"Subject: =?iso-8859-1?q?Kaf=E9?= buka\r\nFrom: surat@warta.example\r\n"
        b"Content-Type: text/plain; charset=nonsuch\r\n\r\nKaf\xc3\xa9 buka.\r\n"
    )
    document = read(raw)
    assert (document.title, document.outlet) == ("Kafé buka", "warta.example")
    assert document.body.decode() == "Kafé buka.\r\n"
    assert document.url == mail_address("surat", raw)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                b"From: a@b.example\r\n",
                b"Date: Sat\r\n",
                b"Subject: =?x?b?a?=\r\n",
                b"Content-Type: multipart/mixed; boundary=x\r\n",
                b"\r\n",
                b"--x\r\n",
                b"Content-Type: text/html; charset=\xff\r\n",
                b"--x--\r\n",
                b"isi\r\n",
                b"Message-ID: [<\r\n",
                b"From: [,;<>\r\n",
                b"\0",
            ]
        )
        | st.binary(max_size=8),
        max_size=12,
    )
)
def test_any_mail(pieces: list[bytes]) -> None:
    found = mail_document(b"".join(pieces), source="surat", now=NOW)
    assert isinstance(found, Document | Failure)


@pytest.mark.quality
@pytest.mark.skipif(not SAMPLES.exists(), reason="no ../shared/data/hostile")
def test_every_sample_mail_is_read() -> None:
    with tarfile.open(SAMPLES) as files:
        mails = [files.extractfile(one) for one in files if one.isfile()]
        found = [
            mail_document(one.read(), source="surat", now=NOW) for one in mails if one
        ]
    assert sum(isinstance(one, Document) for one in found) >= 31


def visit(source: Mbox | Maildir | Imap, *known: str) -> Gathered:
    state = SourceState(source.id)
    return source.fetch(state=state, known=lambda url: url in known, now=NOW)


def titles(visited: Gathered) -> list[str | None]:
    return [one.title for one in visited.documents]


def test_an_mbox(tmp_path: Path) -> None:
    path = tmp_path / "surat.mbox"
    box = mailbox.mbox(path)
    for name in ("satu", "dua", "satu"):
        box.add(mail(name, subject=name))
    box.close()
    before = path.read_bytes()
    visited = visit(Mbox("surat", path))
    assert (titles(visited), visited.failures) == (["satu", "dua"], ())
    assert visited.answered
    again = visit(Mbox("surat", path), visited.documents[0].url)
    assert titles(again) == ["dua"]
    assert path.read_bytes() == before


def test_a_maildir(tmp_path: Path) -> None:
    path = tmp_path / "surat"
    box = mailbox.Maildir(path)
    for name in ("satu", "dua"):
        box.add(mail(name, subject=name))
    (path / "new" / ".tersembunyi").write_bytes(mail("tiga"))
    (path / "cur" / "kosong").write_bytes(b"")
    visited = visit(Maildir("surat", path))
    assert sorted(map(str, titles(visited))) == ["dua", "satu"]
    assert [one.reason for one in visited.failures] == ["empty"]
    assert len(list((path / "new").iterdir())) == 3  # nothing was moved


def test_a_mail_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.gather.mail.MAX_BYTES", 500)
    path = tmp_path / "surat.mbox"
    box = mailbox.mbox(path)
    box.add(mail("satu", html="<p>" + "Isi. " * 200))
    box.close()
    visited = visit(Mbox("surat", path))
    assert [one.reason for one in visited.failures] == ["too-large"]
    assert visited.failures[0].detail.endswith(
        " bytes of text: Kabar pagi: harga beras turun"
    )


def test_attachments_do_not_count_as_text() -> None:
    message = EmailMessage()
    message["Subject"] = "Kabar"
    message.set_content("Harga beras turun.")
    message.add_attachment(bytes(6_000_000), maintype="image", subtype="png")
    assert read(message.as_bytes()).body.strip() == b"Harga beras turun."


def test_a_line_that_begins_as_a_separator_does(tmp_path: Path) -> None:
    path = tmp_path / "surat.mbox"
    path.write_bytes(
        b"From ani@warta.example Sat Nov 30 06:00:00 2024\nSubject: satu\n\n"
        b"Kabar pertama.\n\nFrom Jakarta dikabarkan begitu.\nFrom dulu 10:00 2024\n"
        b">From sini juga.\n\n"
        b"From budi@warta.example Sun Dec  1 06:00:00 2024 +0700\nSubject: dua\n\nIsi.\n"
    )
    visited = visit(Mbox("surat", path))
    assert titles(visited) == ["satu", "dua"]
    assert (
        visited.documents[0]
        .body.decode()
        .endswith(
            "From Jakarta dikabarkan begitu.\nFrom dulu 10:00 2024\nFrom sini juga.\n\n"
        )
    )


def test_a_file_that_is_no_mbox_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bukan.mbox"
    path.write_text("ini bukan mbox\n")
    visited = visit(Mbox("surat", path))
    assert (visited.answered, visited.failures[0].reason) == (False, "unreadable")
    assert visited.failures[0].detail.endswith("bukan.mbox: not an mbox file")
    path.write_bytes(b"")
    assert visit(Mbox("surat", path)).answered


def test_a_forwarded_newsletter() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Kabar pagi"
    inner.set_content("Harga beras turun di lima kota, kata pejabat.")
    outer = EmailMessage()
    outer["Subject"] = "Fwd: Kabar pagi"
    outer.set_content("Silakan baca.")
    outer.add_attachment(inner)
    assert read(outer.as_bytes()).body.startswith(b"Harga beras turun")


def test_signatures_and_what_is_replied_to_are_no_news() -> None:
    text = "Harga turun.\n\n> Apakah benar?\n> Saya kira.\n\nYa, benar.\n-- \nAni\nRedaksi\n"
    body = read(mail(html=None, text=text)).body.decode()
    assert body.split() == ["Harga", "turun.", "Ya,", "benar."]


@pytest.mark.parametrize("kind", [Mbox, Maildir])
def test_a_mailbox_that_is_none(kind: type[Mbox | Maildir], tmp_path: Path) -> None:
    visited = visit(kind("surat", tmp_path / "tiada"))
    assert (visited.answered, visited.failures[0].reason) == (False, "missing")
    place = tmp_path if kind is Mbox else tmp_path / "berkas"
    (tmp_path / "berkas").write_text("bukan surat")
    visited = visit(kind("surat", place))
    assert (visited.answered, visited.failures[0].reason) == (False, "unreadable")


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SANDI_SURAT", 'raha"sia\\x')
    return 'raha"sia\\x'


def box(server: ImapServer, folder: str = "INBOX", **options: str) -> Imap:
    return Imap("surat", server.url(folder, **options), "SANDI_SURAT")


def test_an_imap_folder(password: str) -> None:
    mails = [mail("satu", subject="satu"), mail("dua", subject="dua")]
    with imap_server({"Surat kabar": mails}, password=password) as server:
        visited = visit(box(server, "Surat%20kabar"))
        assert (titles(visited), visited.failures) == (["dua", "satu"], ())
        again = visit(box(server, "Surat%20kabar"), visited.documents[1].url)
        assert titles(again) == ["dua"]
        fetched = [one for one in server.commands if "FETCH" in one]
    assert fetched.count("UID FETCH 1 (BODY.PEEK[])") == 1  # not again what is known
    assert "UID SEARCH SINCE 24-Nov-2024" in server.commands
    assert not any(
        "STORE" in one or one.startswith("SELECT") for one in server.commands
    )


def test_a_password_never_shows(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with imap_server({"INBOX": []}, password="lain") as server:
        visited = visit(box(server))
    assert not visited.answered
    assert visited.failures[0].reason == "password"
    assert "raha" not in repr((visited, box(server)))
    monkeypatch.delenv("SANDI_SURAT")
    visited = visit(box(server))
    assert (
        visited.failures[0].detail == "the environment variable SANDI_SURAT is not set"
    )


@pytest.mark.parametrize(
    "said",
    [
        "* BYE you sent: {}",
        "not imap: {}",
        "* OK\r\n?? {}",
    ],
)
def test_a_server_that_repeats_what_it_was_sent(password: str, said: str) -> None:
    def repeat(line: Line) -> None:
        line.send(b"* OK IMAP4rev1\r\n")
        while command := line.receive():
            tag = command.split()[0].decode()
            sent = command.decode().strip()
            if "CAPABILITY" in sent:
                line.send(f"* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n".encode())
                continue
            line.send(f"{said.format(sent)}\r\n".encode())
            return

    with rude_server(repeat, greets=True) as url:
        visited = visit(Imap("surat", at(url), "SANDI_SURAT"))
    told = repr(visited).lower()
    assert not visited.answered
    assert "raha" not in told
    assert "sia" not in told


def test_a_password_is_struck_out_of_what_servers_say() -> None:
    for password in ("rahasia-besar", "a\"b\\c'd", "x y", ""):
        quoted = password.replace("\\", "\\\\").replace('"', '\\"')
        for told in (password, quoted, repr(quoted.encode()), repr([password])):
            assert not password or password not in struck(f"<{told}>", password)
    assert struck("LOGIN ani RAHASIA", "rahasia") == "LOGIN ani …"


def test_a_wrong_password_is_not_tried_on_and_on(password: str) -> None:
    with imap_server({"INBOX": []}, password="lain") as server:
        first = visit(box(server))
        again = box(server).fetch(
            state=first.state, known=lambda url: False, now=NOW + timedelta(minutes=30)
        )
        assert server.commands.count("LOGIN") == 1
    assert [one.reason for one in again.failures] == ["password"]
    assert again.waits == first.state.due
    assert first.state.due is not None
    assert first.state.due - NOW >= INTERVAL


def test_a_mail_server_is_not_asked_more_often_than_others(password: str) -> None:
    with imap_server({"INBOX": []}, password=password) as server:
        first = visit(box(server))
        assert first.state.due is not None
        assert INTERVAL <= first.state.due - NOW <= 1.05 * INTERVAL
        again = box(server).fetch(state=first.state, known=lambda url: False, now=NOW)
        assert (again.waits, again.answered) == (first.state.due, True)
        assert server.commands.count("LOGIN") == 1


@pytest.mark.parametrize("limit", ["DEADLINE", "TIMEOUT"])
def test_a_server_that_drips_is_left(
    password: str, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(imap_module, limit, 0.3)
    with rude_server(lambda line: line.drip(b"x" * 1_000), greets=True) as url:
        visited = visit(Imap("surat", at(url), "SANDI_SURAT"))
    assert visited.failures[0].reason == "timeout"


@pytest.mark.parametrize("line", [b"* X " + b"y" * 900 + b"\r\n", b"y" * 900])
def test_lines_without_an_end(
    password: str, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    monkeypatch.setattr(imap_module, "MAX_MAIL", 2_000)
    monkeypatch.setattr(imap_module, "LINES", 100_000)

    def endless(client: Line) -> None:
        client.send(b"* OK IMAP4rev1\r\n")
        while client.open:
            client.send(line * 100)

    with rude_server(endless, greets=True) as url:
        visited = visit(Imap("surat", at(url), "SANDI_SURAT"))
    assert "over 102000 bytes in one answer" in visited.failures[0].detail


def at(url: str) -> str:
    return f"imap://ani@{urlsplit(url).netloc}/INBOX"


def test_what_goes_wrong_with_a_server_is_named(password: str) -> None:
    with imap_server({"INBOX": []}, password=password) as server:
        assert "no folder Tiada" in visit(box(server, "Tiada")).failures[0].detail
        secure = visit(box(server, scheme="imaps"))  # it speaks no TLS
        assert (secure.answered, secure.failures[0].reason) == (False, "unreachable")
    gone = visit(box(server))
    assert (gone.answered, gone.failures[0].reason) == (False, "unreachable")


def test_a_server_that_speaks_tls(
    password: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = server_context(tmp_path)
    mails = {"INBOX": [mail("satu", subject="satu")]}
    with imap_server(mails, password=password, tls=tls) as server:
        strange = visit(box(server, scheme="imaps"))
        assert (strange.answered, titles(strange)) == (False, [])
        assert "certificate" in strange.failures[0].detail.lower()
        assert server.commands == []  # the password was not sent
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert titles(visit(box(server, scheme="imaps"))) == ["satu"]


def test_large_and_many_mails(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_module, "MAX_MAILS", 2)
    monkeypatch.setattr(imap_module, "MAX_MAIL", 2_000)
    mails = [mail(name, subject=name) for name in ("satu", "dua", "tiga")]
    with imap_server({"INBOX": mails}, password=password) as server:
        server.sizes[2] = 5_000
        visited = visit(box(server))
        assert titles(visited) == ["tiga"]
        assert [one.detail for one in visited.failures] == [
            "5000 bytes",
            "2 mails were read, others left for the next visit",
        ]
        server.sizes.clear()
        later = visit(box(server), visited.documents[0].url)
    assert titles(later) == ["dua", "satu"]


def test_one_mail_that_cannot_be_read_costs_no_other(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_module, "MAX_MAIL", 2_000)
    large = mail("dua", html="<p>" + "Isi. " * 1_000)
    mails = [mail("satu", subject="satu"), large, mail("tiga", subject="tiga")]
    with imap_server({"INBOX": mails}, password=password) as server:
        server.sizes[2] = 10  # a lie, so that the connection is lost in the middle
        visited = visit(box(server))
    assert titles(visited) == ["tiga"]
    assert visited.answered
    assert "bytes in one answer" in visited.failures[0].detail


def test_mails_of_the_time_in_which_it_was_off(password: str) -> None:
    with imap_server({"INBOX": []}, password=password) as server:
        state = SourceState("surat", answered=NOW - timedelta(days=30))
        box(server).fetch(state=state, known=lambda url: False, now=NOW)
    assert "UID SEARCH SINCE 25-Oct-2024" in server.commands


def test_a_size_that_is_a_lie(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_module, "MAX_MAIL", 600)
    large = mail("satu", html="<p>" + "Isi. " * 200)
    with imap_server({"INBOX": [large]}, password=password) as server:
        server.sizes[1] = 10
        visited = visit(box(server))
    assert not visited.answered
    assert "bytes in one answer" in visited.failures[0].detail
