"""DKIM: a signature that verifies, over every header, the same at every try."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from briefing.deliver.mail import compose
from briefing.deliver.signature import Signer, open_signer
from briefing.errors import DeliveryError, SettingsError
from tests.mails import letter, parsed
from tests.office import Office
from tests.smtp import Fault, smtp_server
from tests.test_mail_bytes import WHO

KEYS = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
SETTINGS = '[mail.dkim]\nselector = "pagi"\nkey = "dkim.pem"'


def pem(key: rsa.RSAPrivateKey = KEYS[0], form: str = "PKCS8") -> str:
    kind = getattr(PrivateFormat, form)
    return key.private_bytes(Encoding.PEM, kind, NoEncryption()).decode()


def signer(key: str | None = None) -> Signer:
    return open_signer(
        domain="kapur.example", selector="pagi", key=key or pem(), where="kunci"
    )


def verifies(mail: bytes, key: rsa.RSAPrivateKey = KEYS[0]) -> bool:
    """Verify a mail by the key that a name server would show."""
    lines = key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    shown = b"".join(lines.splitlines()[1:-1])

    def look_up(name: bytes, **_: Any) -> bytes:
        assert name == b"pagi._domainkey.kapur.example."
        return b"v=DKIM1; k=rsa; p=" + shown

    return bool(dkim.verify(mail, dnsfunc=look_up))


def key_file(folder: Path, key: rsa.RSAPrivateKey = KEYS[0]) -> Path:
    path = folder / "dkim.pem"
    path.write_text(pem(key))
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_a_receiver_can_verify_it(form: str) -> None:
    mail = compose(letter(), **WHO)
    signed = signer(pem(form=form)).signed(mail)
    assert signed.endswith(mail)
    assert verifies(signed)
    assert not verifies(signed, KEYS[1])
    assert parsed(signed).keys() == ["DKIM-Signature", *parsed(mail).keys()]


def test_an_address_that_is_not_ascii_is_signed_too() -> None:
    mail = compose(letter(), **{**WHO, "to": "été@xn--exmple-cua.example"})
    assert verifies(signer().signed(mail))


def test_every_header_is_signed_and_none_can_be_added() -> None:
    mail = compose(letter(), **WHO)
    signed = signer().signed(mail)
    for name in parsed(mail):
        begin = f"\r\n{name}: ".encode()
        assert not verifies(signed.replace(begin, begin + b"x", 1)), name
        added = f"{name}: x\r\n".encode()
        assert not verifies(added + signed), name
    assert not verifies(signed.replace(b"Hujan", b"Panas"))


def test_the_same_key_gives_the_same_bytes() -> None:
    mail = compose(letter(), **WHO)
    assert signer().signed(mail) == signer().signed(mail)


def test_no_line_of_it_is_too_long() -> None:
    mail = compose(letter(), **WHO)
    header = signer().signed(mail).removesuffix(mail)
    assert max(map(len, header.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("key", ["", "abc", pem()[:300], "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(DeliveryError, match="no RSA key"):
        open_signer(domain="kapur.example", selector="x", key=key, where="kunci")


def test_a_key_that_nobody_heeds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.deliver.signature._FEWEST", 2049)
    with pytest.raises(DeliveryError, match="2048 bits"):
        signer()


def test_the_key_shows_in_no_error() -> None:
    assert "PRIVATE" not in repr(signer())


def test_mails_go_out_signed_and_a_second_try_is_the_same(tmp_path: Path) -> None:
    key_file(tmp_path)
    with smtp_server({"ani@contoh.example": Fault("late", times=1)}) as server:
        office = Office(tmp_path, server.port, more=SETTINGS, timeout=1)
        office.subscribe("ani", "budi")
        office.publish()
        office.send()
        assert office.states() == {"ani": "uncertain", "budi": "accepted"}
        office.send(uncertain="resend")
    mails = [mail for to, mail in server.taken if to.startswith("ani")]
    assert len(mails) == 2
    assert mails[0] == mails[1]
    assert all(verifies(mail) for _, mail in server.taken)


def test_what_waits_goes_out_with_the_new_key(tmp_path: Path) -> None:
    key_file(tmp_path)
    with smtp_server({"": Fault("rcpt", "450 4.2.0 later", times=1)}) as server:
        office = Office(tmp_path, server.port, more=SETTINGS)
        office.subscribe("ani")
        office.publish()
        office.send()
        key_file(tmp_path, KEYS[1])
        office.now = office.mails()["ani"].due or office.now
        office.send()
    [(_, mail)] = server.taken
    assert verifies(mail, KEYS[1])


def test_the_key_may_stand_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = SETTINGS.replace('key = "dkim.pem"', 'key_env = "KUNCI"')
    with smtp_server() as server:
        office = Office(tmp_path, server.port, more=more)
        office.subscribe("ani")
        office.publish()
        with pytest.raises(SettingsError, match="KUNCI"):
            office.send()
        monkeypatch.setenv("KUNCI", pem())
        office.send()
    assert verifies(server.taken[0][1])


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_may_read_is_not_used(tmp_path: Path, mode: int) -> None:
    office = Office(tmp_path, more=SETTINGS)
    office.subscribe("ani")
    office.publish()
    with pytest.raises(DeliveryError, match="No such file"):
        office.send()
    key_file(tmp_path).chmod(mode)
    with pytest.raises(DeliveryError, match="others may read it"):
        office.send()
    assert office.states() == {"ani": "pending"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('selector = "Pagi hari"\nkey = "k"', "as in DNS"),
        ('selector = "pagi"', "either key or key_env"),
        ('selector = "pagi"\nkey = "k"\nkey_env = "K"', "either key or key_env"),
        ('selector = "pagi"\nkey = "k"\ndomain = "pur.example"', "above it"),
        ('selector = "pagi"\nkey = "k"\ndomain = "lain.example"', "above it"),
    ],
)
def test_settings_that_cannot_be_are_named(
    tmp_path: Path, line: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        Office(tmp_path, more=f"[mail.dkim]\n{line}")


def test_without_dkimpy_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "dkim.crypto", None)
    with pytest.raises(SettingsError, match=r"briefing\[dkim\]"):
        signer()
