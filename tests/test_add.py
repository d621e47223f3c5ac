"""add, import, export: what comes into the settings file, and what of it goes out."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.gather.opml import Outline, parse_opml, write_opml
from briefing.settings import SourceSettings, load_settings
from briefing.settings.append import append_sources, as_toml, source_id
from briefing.settings.load import parse_settings
from tests.desk import call
from tests.web import Answer, Site, web_server

SETTINGS = """\
# Setelan kami; jangan dihapus.
title = "Kabar uji"   # judul

[[source]]
id = "artikel"
kind = "folder"
path = "artikel"

[[topic]]
slug = "serangan"
title = "Serangan"
any = ["serang*^2"]
# akhir"""

FEED = (
    "<rss version='2.0'><channel><title>Kabar Contoh — Nasional</title>"
    "<item><title>A</title><link>/a</link></item><item><title>B</title><link>/b</link></item>"
    "</channel></rss>"
)
FRONT = "<html><head><link rel='alternate' type='application/rss+xml' href='/umpan.xml'></head><body>x</body></html>"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "artikel").mkdir()
    path = tmp_path / "briefing.toml"
    path.write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({}) as running:
        yield running


def test_add_finds_the_feed_of_a_site(config: Path, site: Site) -> None:
    site.routes = {"/": FRONT, "/umpan.xml": FEED}
    result = call("add", site.url("/"))
    assert result.exit_code == 0
    place = site.url("/umpan.xml")
    assert result.stdout == f"added: kabar-contoh-nasional feed {place} entries: 2\n"
    assert config.read_text().startswith(SETTINGS)
    added = load_settings(config).source[1]
    assert (added.id, added.kind, added.url) == ("kabar-contoh-nasional", "feed", place)
    assert (config.parent / "briefing.toml.bak").read_text() == SETTINGS


def test_add_writes_nothing_when_dry(config: Path, site: Site) -> None:
    site.routes = {"/umpan.xml": FEED}
    result = call("add", site.url("/umpan.xml"), "--dry-run", "--json", "--id", "satu")
    assert json.loads(result.stdout) == {
        "id": "satu",
        "kind": "feed",
        "place": site.url("/umpan.xml"),
        "entries": 2,
        "added": False,
    }
    assert config.read_text() == SETTINGS
    assert not (config.parent / "briefing.toml.bak").exists()


def test_add_twice_says_where_it_is(config: Path, site: Site) -> None:
    site.routes = {"/": FRONT, "/umpan.xml": FEED}
    call("add", site.url("/"))
    again = call("add", site.url("/umpan.xml"))
    assert again.exit_code == 2
    assert "is there already, as kabar-contoh-nasional" in again.stderr
    other = call("add", site.url("/"), "--kind", "site")
    assert other.exit_code == 0
    assert [one.id for one in load_settings(config).source][1:] == [
        "kabar-contoh-nasional",
        "kabar-contoh-nasional-2",
    ]


def test_add_says_what_there_is_in_place_of_a_feed(config: Path, site: Site) -> None:
    urls = f"<urlset><url><loc>{site.url('/b/1')}</loc></url></urlset>"
    site.routes = {
        "/": "<a href='/b/1'>Satu</a><a href='/tentang'>Kami</a>",
        "/sitemap.xml": urls,
    }
    result = call("add", site.url("/"))
    assert result.exit_code == 1
    assert "no feed found" in result.stderr
    assert f"briefing add {site.url('/sitemap.xml')} --kind sitemap" in result.stderr
    assert "2 links" in result.stderr
    section = call("add", site.url("/"), "--kind", "section", "--pattern", "/b/*")
    assert section.stdout.endswith("entries: 1\n")
    sitemap = call("add", site.url("/sitemap.xml"), "--kind", "sitemap")
    assert sitemap.stdout.endswith("entries: 1\n")
    page = call("add", site.url("/"), "--kind", "page")
    assert page.exit_code == 2  # the section has that address
    kinds = [one.kind for one in load_settings(config).source]
    assert kinds == ["folder", "section", "sitemap"]


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        (["--kind", "section"], (2, "a section needs --pattern")),
        (["--kind", "section", "--pattern", "re:("], (2, "not a regular expression")),
        (["--kind", "section", "--pattern", "/x/*"], (1, "no link fits /x/*")),
        (["--pattern", "/x/*"], (2, "--pattern goes with")),
        (["--kind", "sitemap"], (1, "not a sitemap")),
        (["--kind", "page", "--id", "Satu!"], (2, "use small letters")),
        (["--kind", "page", "--id", "artikel"], (2, "there is a source of that id")),
    ],
)
def test_add_explains_what_is_wrong(
    config: Path, site: Site, arguments: list[str], outcome: tuple[int, str]
) -> None:
    site.routes = {"/": "<a href='/b/1'>Satu</a>"}
    result = call("add", site.url("/"), *arguments)
    assert (result.exit_code, config.read_text()) == (outcome[0], SETTINGS)
    assert outcome[1] in result.stderr


def test_add_of_a_server_that_fails(config: Path, site: Site) -> None:
    site.routes = {"/": Answer(status=503)}
    result = call("add", site.url("/"))
    assert result.exit_code == 1
    assert "http-status: 503" in result.stderr


def test_add_shows_no_password(config: Path, site: Site) -> None:
    site.routes = {"/umpan.xml": FEED}
    url = site.url("/umpan.xml").replace("//", "//ani:rahasia@")
    result = call("add", url)
    assert "rahasia" not in result.output
    assert load_settings(config).source[1].url == url  # it is needed to ask
    listed = call("export")
    assert "rahasia" not in listed.output


def test_add_what_is_on_the_disk(config: Path) -> None:
    root = config.parent
    (root / "lain").mkdir()
    (root / "lain" / "a.txt").write_text("Isi.")
    (root / "lain" / "a.bin").write_text("Isi.")
    box = mailbox.mbox(root / "surat.mbox")
    box.add("Subject: A\n\nIsi.\n")
    box.close()
    mailbox.Maildir(root / "kotak").add("Subject: A\n\nIsi.\n")
    for place, told in (
        ("lain", "added: lain folder lain entries: 1"),
        ("lain/a.txt", "added: a file lain/a.txt entries: 1"),
        ("surat.mbox", "added: surat mbox surat.mbox entries: 1"),
        ("kotak", "added: kotak maildir kotak entries: 1"),
    ):
        result = call("add", place)
        assert result.stdout.strip() == told
    assert call("add", "artikel").exit_code == 2
    assert "no such file" in call("add", "tiada").stderr
    assert len(load_settings(config).source) == 5


OPML = """<?xml version="1.0"?>
<opml version="2.0"><head><title>Langganan & lain</title></head><body>
<outline text="Berita"><outline text="Nasional">
  <outline type="rss" text="Kabar &amp; Contoh" xmlUrl="https://kabar.example/feed" language="id"/>
  <outline type="rss" title="Kabar lagi" xmlURL="https://kabar.example/feed"/>
</outline></outline>
<outline type="rss" text="" xmlUrl="https://www.tanpa-nama.example/rss"/>
<outline type="rss" text="Rusak" xmlUrl="javascript:alert(1)"/>
<outline type="rss" text="Tanpa alamat"/>
<outline type="link" text="Bukan umpan" url="https://kabar.example/"/>
</body></opml>
"""


def test_import_adds_what_is_new(config: Path) -> None:
    file = config.parent / "langganan.opml"
    file.write_text(OPML)
    dry = call("import", "langganan.opml", "--dry-run", "--json")
    assert [json.loads(line)["added"] for line in dry.stdout.splitlines()] == [
        False
    ] * 2
    assert config.read_text() == SETTINGS
    result = call("import", "langganan.opml")
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "added: kabar-contoh feed https://kabar.example/feed",
        "added: tanpa-nama-example feed https://www.tanpa-nama.example/rss",
    ]
    assert "left out: Rusak" in result.stderr
    assert "left out: Tanpa alamat" in result.stderr
    assert "there already: https://kabar.example/feed as kabar-contoh" in result.stderr
    assert config.read_text().startswith(SETTINGS)
    before = config.read_text()
    again = call("import", "langganan.opml")
    assert (again.stdout, config.read_text()) == ("", before)


def test_what_is_exported_can_be_imported(config: Path) -> None:
    (config.parent / "langganan.opml").write_text(OPML)
    call("import", "langganan.opml")
    result = call("export")
    assert result.exit_code == 3
    assert "left out: artikel: no feed, but of kind folder" in result.stderr
    outlines = parse_opml(result.stdout.encode())
    assert outlines is not None
    assert [one.url for one in outlines] == [
        "https://kabar.example/feed",
        "https://www.tanpa-nama.example/rss",
    ]


def test_outlet_and_language_come_back(config: Path) -> None:
    tables = (
        '[[source]]\nid = "satu"\nkind = "feed"\nurl = "https://satu.example/"\n'
        'outlet = "Kabar\\u0001 Satu"\nlanguage = "ms"\n'
        '[[source]]\nid = "dua"\nkind = "feed"\nurl = "https://dua.example/"\n'
    )
    config.write_text(f"{SETTINGS}\n{tables}")
    (config.parent / "langganan.opml").write_text(call("export").stdout)
    config.write_text(SETTINGS)
    assert call("import", "langganan.opml").exit_code == 0
    _, first, second = load_settings(config).source
    assert (first.id, first.outlet, first.language) == (
        "kabar-satu",
        "Kabar Satu",
        "ms",
    )
    assert (second.id, second.outlet, second.language) == ("dua", None, None)


@pytest.mark.parametrize("text", ["", "Isi", "<rss/>", "<opml><body>"])
def test_files_that_are_no_opml(config: Path, text: str) -> None:
    (config.parent / "langganan.opml").write_text(text)
    result = call("import", "langganan.opml")
    assert (result.exit_code, config.read_text()) == (2, SETTINGS)
    assert call("import", "tiada.opml").exit_code == 1


URLS = st.from_regex(r"\Ahttps://[a-z]{1,9}\.example/[a-z0-9&=?]{0,9}\Z")
TITLES = st.text(
    st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30
)


@given(st.lists(st.tuples(TITLES, URLS), max_size=5))
def test_opml_there_and_back(rows: list[tuple[str, str]]) -> None:
    outlines = [Outline(title, url, None, url) for title, url in rows]
    back = parse_opml(write_opml("Kabar", outlines).encode())
    assert back is not None
    assert [(one.url, one.stated) for one in back] == [
        (one.url, one.stated) for one in outlines
    ]


@given(
    st.text(max_size=80), st.sets(st.from_regex(r"\A[a-z]{1,2}(-[2-9])?\Z"), max_size=9)
)
def test_ids_are_always_good(title: str, taken: set[str]) -> None:
    name = source_id(title, taken)
    assert name not in taken
    assert SourceSettings(id=name, kind="feed", url="https://a.example/").id == name


@given(st.text(min_size=1, max_size=40).map(str.strip).filter(bool))
def test_any_outlet_stands_in_the_file_as_it_is(outlet: str) -> None:
    try:
        outlet.encode()
    except UnicodeEncodeError:
        return
    source = SourceSettings(
        id="a", kind="feed", url="https://a.example/", outlet=outlet
    )
    text = f'title = "Kabar"\n{as_toml(source)}'
    assert parse_settings(text, name="b", root=Path()).source[0].outlet == source.outlet


def test_line_ends_marks_and_links_are_kept(tmp_path: Path) -> None:
    real = tmp_path / "asli.toml"
    real.write_bytes(b'\xef\xbb\xbftitle = "Kabar"\r\n')
    real.chmod(0o640)
    link = tmp_path / "briefing.toml"
    link.symlink_to(real)
    source = SourceSettings(id="a", kind="feed", url="https://a.example/", follow=False)
    backup = append_sources(link, [source])
    assert backup.name == "asli.toml.bak"
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes() == (
        b'\xef\xbb\xbftitle = "Kabar"\r\n\r\n[[source]]\r\nid = "a"\r\nkind = "feed"\r\n'
        b'url = "https://a.example/"\r\nfollow = false\r\n'
    )
