"""Each kind of source: which keys it takes, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.cli import wiring
from briefing.errors import SettingsError
from briefing.gather import Http
from briefing.settings import Settings
from briefing.settings.load import parse_settings

KINDS = {
    "folder": 'path = "a"',
    "file": 'path = "a"',
    "feed": 'url = "https://a.example/"\nfollow = false',
    "page": 'url = "https://a.example/"',
    "site": 'url = "https://a.example/"\nfollow = false',
    "sitemap": 'url = "https://a.example/s.xml"\npattern = "/b/*"\ndays = 5',
    "section": 'url = "https://a.example/"\npattern = "re:/[0-9]+$"',
    "mbox": 'path = "a"',
    "maildir": 'path = "a"',
    "imap": 'url = "imaps://ani@a.example/Surat"\npassword_env = "SANDI"\ndays = 5',
}


def parsed(kind: str, keys: str) -> Settings:
    text = f'title = "Kabar"\n[[source]]\nid = "a"\nkind = "{kind}"\noutlet = "Warta"\n{keys}\n'
    return parse_settings(text, name="b.toml", root=Path("/x"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind(kind: str) -> None:
    settings = parsed(kind, KINDS[kind])
    [source] = wiring.sources(settings, Http())
    assert type(source).__name__.lower() == kind
    assert (source.id, getattr(source, "outlet", None)) == ("a", "Warta")
    given = settings.source[0]
    for key in ("path", "url", "pattern", "days", "password_env"):
        if key in given.model_fields_set:
            assert getattr(source, key) == getattr(given, key)
    if "follow" in given.model_fields_set:
        assert getattr(source, "follow", None) is False


@pytest.mark.parametrize(
    ("kind", "keys", "told"),
    [
        ("section", 'url = "https://a.example/"', "a source of kind section needs pattern"),
        ("section", 'url = "https://a.example/"\npattern = "re:("', "not a regular expression"),
        ("feed", 'url = "https://a.example/"\npattern = "x"', "a source of kind feed takes no pattern"),
        ("feed", 'url = "imaps://ani@a.example/"', "needs an http:// or https:// address"),
        ("feed", 'url = "ftp://a.example/"', "needs an http:// or https:// address"),
        ("imap", 'url = "imaps://ani@a.example/"', "a source of kind imap needs password_env"),
        ("imap", 'url = "https://a.example/"\npassword_env = "S"', "needs an imaps:// address"),
        ("imap", 'url = "imaps://ani:rahasia@a.example/"\npassword_env = "S"', "like imaps://USER@HOST/FOLDER"),
        ("imap", 'url = "imaps://ani@a.example/"\npassword_env = "a b"', "name of an environment variable"),
        ("sitemap", 'url = "https://a.example/"\ndays = 0', "greater than or equal to 1"),
        ("mbox", 'url = "https://a.example/"', "a source of kind mbox needs path"),
    ],
)  # fmt: skip
def test_keys_that_do_not_fit(kind: str, keys: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parsed(kind, keys)
    assert told in str(caught.value)
    assert str(caught.value).startswith("b.toml:")
    assert "rahasia" not in str(caught.value)
