from __future__ import annotations

import gc
import mailbox
import tarfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import SourceError
from briefing.gather import imap as imap_module
from briefing.gather import mail_server
from briefing.gather import mailbox as mailbox_module
from briefing.gather import parts as parts_module
from briefing.gather.imap import Imap
from briefing.gather.mail import MOST_WORK, mail_address, mail_document, request_of
from briefing.gather.mail_server import struck
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


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (b"Message-ID: <a@x.example>\r\n\r\nIsi.", "mail:surat/a403e2e44a932810"),
        (b"Message-ID:\n <a@x.example>\n\nIsi.", "mail:surat/a403e2e44a932810"),
        (b"Message-ID: <a@x.example>\r\n\r\n", "mail:surat/a403e2e44a932810"),
        (b"From ani Sat\nMessage-ID: <a@x.example>\n\n", "mail:surat/a403e2e44a932810"),
        (b"Subject: Kabar\r\n\r\nIsi.\r\n", "mail:surat/3e172bedcae44435"),
        (b"Message-ID: [<\r\nSubject: Kabar\r\n\r\nIsi.", "mail:surat/63629cc759629d37"),
        (
            b"Message-ID: <b@x.example>\nContent-Type: multipart/mixed; boundary=x\n\n"
            b"--x\nMessage-ID: <a@x.example>\n\nIsi.\n--x--\n",
            "mail:surat/1e3c03ab5323e48f",
        ),
    ],
)  # fmt: skip
def test_a_mail_keeps_its_address(raw: bytes, address: str) -> None:
    """It stands in stores: another one would be a mail that was not yet read."""
    assert mail_address("surat", raw) == address


def nested(deep: int, name: str = "dalam") -> bytes:
    """Return a mail whose text is in a part of a part of a part."""
    part = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    parts = "".join(part.format(level) for level in range(deep))
    head = f"Message-ID: <{name}@warta.example>\r\nSubject: {name}\r\n"
    return f"{head}{parts}\r\nIsi.\r\n".encode()


def test_a_mail_of_parts_within_parts(tmp_path: Path) -> None:
    assert read(nested(50)).body == b"Isi."
    assert request_of(nested(1_100)) == "dalam"
    path = tmp_path / "surat.mbox"
    separator = b"From ani@warta.example Sat Nov 30 06:00:00 2024\n"
    mails = (mail("satu", subject="satu"), nested(1_100), mail("dua", subject="dua"))
    path.write_bytes(b"".join(separator + one + b"\n" for one in mails))
    visited = visit(Mbox("surat", path))
    assert titles(visited) == ["satu", "dua"]
    [failure] = visited.failures
    assert failure.subject == mail_address("surat", nested(1))
    assert (failure.reason, failure.detail) == ("unreadable", "malformed: dalam")


def test_a_mail_of_parts_within_parts_and_of_lines_without_end() -> None:
    """Each line would be compared with the boundary of each part."""
    found = mail_document(nested(500) + b"\n" * 50_000, source="surat", now=NOW)
    assert isinstance(found, Failure)
    assert (found.reason, found.detail) == ("too-slow", "parts within parts: dalam")
    assert read(nested(5) + b"Isi.\r\n" * 50_000).title == "dalam"


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


def test_of_a_line_without_end_the_beginning_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "MAX_MAIL", 1_000)
    lengths: list[int] = []

    def measured(raw: bytes, **options: Any) -> Document | Failure:
        lengths.append(len(raw))
        return mail_document(raw, **options)

    monkeypatch.setattr(mailbox_module, "mail_document", measured)
    path = tmp_path / "surat.mbox"
    separator = b"From ani@warta.example Sat Nov 30 06:00:00 2024\n"
    endless = (b" " * 1_001 + separator.strip()) * 9 + b" " * 1_001
    path.write_bytes(
        separator + b"Subject: satu\n\n" + endless + b"\n\n"
        b"From budi@warta.example Sun Dec  1 06:00:00 2024\nSubject: dua\n\nIsi.\n"
    )
    visited = visit(Mbox("surat", path))
    assert [one.title for one in visited.documents][-1] == "dua"
    assert len(lengths) == 2
    assert max(lengths) < 2_002 + len(separator)


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
    monkeypatch.setattr(mail_server, limit, 0.3)
    with rude_server(lambda line: line.drip(b"x" * 1_000), greets=True) as url:
        visited = visit(Imap("surat", at(url), "SANDI_SURAT"))
    assert visited.failures[0].reason == "timeout"


@pytest.mark.parametrize("line", [b"* X " + b"y" * 900 + b"\r\n", b"y" * 900])
def test_lines_without_an_end(
    password: str, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    monkeypatch.setattr(mail_server, "MAX_MAIL", 2_000)
    monkeypatch.setattr(mail_server, "LINES", 100_000)

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
    monkeypatch.setattr(mail_server, "MAX_MAIL", 2_000)
    large = mail("dua", html="<p>" + "Isi. " * 1_000)
    mails = [mail("satu", subject="satu"), large, mail("tiga", subject="tiga")]
    with imap_server({"INBOX": mails}, password=password) as server:
        server.sizes[2] = 10  # a lie, so that the connection is lost in the middle
        visited = visit(box(server))
    assert titles(visited) == ["tiga"]
    assert visited.answered
    assert "bytes in one answer" in visited.failures[0].detail


@pytest.mark.parametrize("refusal", ["NO", "BAD"])
def test_a_mail_that_the_server_refuses_costs_no_other(
    password: str, refusal: str
) -> None:
    mails = [mail(name, subject=name) for name in ("satu", "dua", "tiga")]
    with imap_server({"INBOX": mails}, password=password) as server:
        server.refused = {"FETCH 2": f"{refusal} no {password} today"}
        visited = visit(box(server))
        assert titles(visited) == ["tiga", "satu"]
        assert visited.answered
        [failure] = visited.failures
        assert (failure.subject, failure.reason) == ("surat mail 2", "unreadable")
        assert "today" in failure.detail
        assert password not in failure.detail
        server.refused = {"FETCH 2 (BODY.PEEK[])": "NO not today"}
        again = visit(box(server))
    assert (titles(again), len(again.failures)) == (["tiga", "satu"], 1)


@pytest.mark.parametrize("refusal", ["NO", "BAD"])
def test_a_search_that_is_refused_is_no_empty_folder(
    password: str, refusal: str
) -> None:
    with imap_server({"INBOX": [mail()]}, password=password) as server:
        state = visit(box(server)).state
        later = NOW + timedelta(days=3)
        server.refused = {"SEARCH": f"{refusal} busy with {password}"}
        visited = box(server).fetch(state=state, known=lambda url: False, now=later)
        with pytest.raises(SourceError, match="busy") as caught:
            list(box(server).heads(NOW))
    assert (visited.answered, visited.state.answered) == (False, state.answered)
    [failure] = visited.failures
    assert failure.reason == "unreachable"
    assert "busy" in failure.detail
    assert password not in failure.detail + str(caught.value)


@pytest.mark.parametrize("refusal", ["NO", "BAD"])
def test_a_head_that_is_refused_costs_no_other(
    password: str, refusal: str, caplog: pytest.LogCaptureFixture
) -> None:
    mails = [mail(name, subject=name) for name in ("satu", "dua", "tiga")]
    with imap_server({"INBOX": mails}, password=password) as server:
        server.refused = {"FETCH 2": f"{refusal} no {password} today"}
        found = [request_of(head) for _, head in box(server).heads(NOW)]
    assert found == ["satu", "tiga"]
    assert "event=mail source=surat mail=2" in caplog.text
    assert password not in caplog.text


def test_heads_without_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDI_SURAT", raising=False)
    source = Imap("surat", "imap://ani@127.0.0.1:9/INBOX", "SANDI_SURAT")
    told = "^the environment variable SANDI_SURAT is not set$"
    with pytest.raises(SourceError, match=told):
        list(source.heads(NOW))


def test_mails_of_the_time_in_which_it_was_off(password: str) -> None:
    with imap_server({"INBOX": []}, password=password) as server:
        state = SourceState("surat", answered=NOW - timedelta(days=30))
        box(server).fetch(state=state, known=lambda url: False, now=NOW)
    assert "UID SEARCH SINCE 25-Oct-2024" in server.commands


def after_absence(server: ImapServer, *days: int) -> SourceState:
    """Return the state of a folder with a mail of each of these days, and 30 days off."""
    mails = [mail(str(day), subject=str(day)) for day in days]
    server.folders = {"INBOX": mails}
    server.dates = {
        at: NOW - timedelta(days=day) for at, day in enumerate(days, start=1)
    }
    return SourceState("surat", answered=NOW - timedelta(days=30))


def later(
    server: ImapServer, state: SourceState, known: set[str], hours: int
) -> Gathered:
    """Return what a visit so many hours later brings; its mails are known then."""
    visited = box(server).fetch(
        state=state, known=known.__contains__, now=NOW + timedelta(hours=hours)
    )
    known.update(one.url for one in visited.documents)
    return visited


def test_a_connection_that_breaks_off_after_a_long_absence(password: str) -> None:
    known: set[str] = set()
    with imap_server({}, password=password) as server:
        state = after_absence(server, 29, 20, 1)
        server.hangs_up = "FETCH 2 (BODY"
        first = later(server, state, known, 0)
        assert titles(first) == ["1"]
        server.hangs_up = None
        second = later(server, first.state, known, 2)
        third = later(server, second.state, known, 4)
        searched = [one for one in server.commands if "SEARCH" in one]
    assert titles(second) == ["20", "29"]
    assert (second.state.complete, titles(third)) == (None, [])
    assert searched[1:] == [
        "UID SEARCH SINCE 25-Oct-2024",
        "UID SEARCH SINCE 24-Nov-2024",
    ]


def test_all_mails_of_a_long_absence_are_read_however_many_visits_it_takes(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_module, "MAX_MAILS", 1)
    known: set[str] = set()
    with imap_server({}, password=password) as server:
        state = after_absence(server, 29, 20, 1)
        found: list[str | None] = []
        for visited in range(4):
            made = later(server, state, known, 2 * visited)
            state, found = made.state, [*found, *titles(made)]
    assert found == ["1", "20", "29"]
    assert state.complete is None


def test_a_mail_that_was_refused_after_a_long_absence(password: str) -> None:
    known: set[str] = set()
    with imap_server({}, password=password) as server:
        state = after_absence(server, 29, 20, 1)
        server.refused = {"FETCH 2": "NO not today"}
        first = later(server, state, known, 0)
        server.refused = {}
        second = later(server, first.state, known, 2)
    assert (titles(first), titles(second)) == (["1", "29"], ["20"])
    assert second.state.complete is None


def test_a_visit_in_parts_is_whole_after_the_last(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends the program before, it is looked for what is left."""
    monkeypatch.setattr(parts_module, "PART", 1)
    known: set[str] = set()
    with imap_server({}, password=password) as server:
        state = after_absence(server, 29, 1)
        server.refused = {"FETCH 2 (BODY": "NO not today"}
        held = later(server, state, known, 0)
        assert (titles(held), held.state.complete) == (["29"], state.answered)
        assert held.rest is not None
        assert held.rest().state.complete == state.answered  # one was refused
        server.refused = {}
        first = later(server, state, known, 0)
        assert (first.rest is not None, first.state.complete) == (True, state.answered)
        assert first.rest is not None
        assert first.rest().state.complete is None


def test_known_mails_are_passed_over_many_at_a_time(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "LOT", 2)
    mails = [mail(name, subject=name) for name in ("satu", "dua", "tiga")]
    with imap_server({"INBOX": mails}, password=password) as server:
        urls = {one.url for one in visit(box(server)).documents}
        server.commands.clear()
        assert titles(visit(box(server), *urls)) == []
        fetched = [one.split()[2] for one in server.commands if "FETCH" in one]
        assert fetched == ["3,2", "1"]
        server.refused = {"FETCH 3,2": "NO not so many"}
        assert titles(visit(box(server))) == ["tiga", "dua", "satu"]


def test_answers_about_many_mails() -> None:
    answer = [
        (b'1 (UID 7 INTERNALDATE "01" BODY[X] {3}', b"a\r\n"),
        b")",
        b'2 (UID 8 INTERNALDATE "02" BODY[X] "")',
        (b"3 (BODY[X] {3}", b"c\r\n"),
        b' INTERNALDATE "03" UID 9)',
        b"1 (UID 7 FLAGS (UID 9))",
        (b"4 (BODY[X] {3}", b"d\r\n"),
        b")",
        None,
    ]
    found = mail_server._of_many(answer)
    assert {uid: part for uid, (_, part) in found.items()} == {
        "7": b"a\r\n",
        "9": b"c\r\n",
    }
    assert [told.count(b"INTERNALDATE") for told, _ in found.values()] == [1, 1]
    assert mail_server._of_many([None]) == {}


def test_a_server_that_hangs_up_when_it_is_left(
    password: str, recwarn: pytest.WarningsRecorder
) -> None:
    with imap_server({"INBOX": [mail()]}, password=password) as server:
        server.hangs_up = "LOGOUT"
        visited = visit(box(server))
        assert (visited.answered, len(visited.documents)) == (True, 1)
        assert visited.failures == ()
        missing = visit(box(server, "Tiada"))
        assert "no folder Tiada" in missing.failures[0].detail
        gc.collect()
    assert not [one for one in recwarn if one.category is ResourceWarning]


def test_heads_of_many_requests(
    password: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"unsubscribe {number}" for number in range(5)]
    mails = [mail(name, subject=name) for name in names]
    monkeypatch.setattr(mail_server, "LOT", 2)
    with imap_server({"INBOX": mails}, password=password) as server:
        found = [request_of(head) for _, head in box(server).heads(NOW)]
        assert found == names
        assert sum("FETCH" in one for one in server.commands) == 3
        assert "left" not in caplog.text
        monkeypatch.setattr(imap_module, "MAX_REQUESTS", 2)
        found = [request_of(head) for _, head in box(server).heads(NOW)]
    assert found == names[-2:]
    assert "event=requests source=surat read=2 left=3" in caplog.text


def test_a_size_that_is_a_lie(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_server, "MAX_MAIL", 600)
    large = mail("satu", html="<p>" + "Isi. " * 200)
    with imap_server({"INBOX": [large]}, password=password) as server:
        server.sizes[1] = 10
        visited = visit(box(server))
    assert not visited.answered
    assert "bytes in one answer" in visited.failures[0].detail


def test_a_mail_that_only_speaks_of_boundaries_is_read() -> None:
    """With an attachment as large as they are."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Kabar batas", "warta@contoh.example"
    mail.set_content("The boundary commission drew a boundary there.\n" * 100)
    mail.add_attachment(b"x" * 6_000_000, maintype="application", subtype="pdf")
    raw = mail.as_bytes(policy=SMTP)
    assert raw.count(b"\n") * raw.count(b"boundary") > MOST_WORK
    assert isinstance(mail_document(raw, source="warta", now=NOW), Document)
