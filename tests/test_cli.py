from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import __version__
from briefing.cli.printing import COLUMNS, say_page
from briefing.cli.wiring import places
from briefing.gather import Http
from briefing.model import Section, Story
from briefing.render import render
from tests.briefs import report, sample_brief
from tests.desk import ATTACK, OTHER, WITHDRAWAL, Desk, call
from tests.web import web_server


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def test_help_loads_nothing_heavy() -> None:
    heavy = ["sumy", "numpy", "nltk", "trafilatura", "lxml", "aiohttp", "feedparser", "sqlalchemy",
             "alembic", "pydantic", "jinja2", "babel", "py3langid", "apscheduler", "rich"]  # fmt: skip
    code = (
        "import sys\nfrom briefing.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stderr.strip() == "[]"
    assert "build" in ran.stdout


def test_version() -> None:
    assert __version__ in call("--version").stdout


def test_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "briefing", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert __version__ in ran.stdout


def test_an_unknown_command_suggests_one() -> None:
    result = call("biuld")
    assert result.exit_code == 2
    assert "build" in result.stderr


def test_build_says_where_it_is_and_what_is_in_it(desk: Desk) -> None:
    result = desk.run("build")
    assert str(desk.page()) in result.stdout
    assert "Penarikan pasukan" in result.stdout
    [row] = desk.json("build")
    assert row["edition"] == "2024-12-01"
    assert row["articles"] == 3
    assert row["stories"] == {"penarikan": 1, "serangan": 1, "other": 1}


@pytest.mark.parametrize("page", ["text", "md", "html", "json"])
def test_show(desk: Desk, page: str) -> None:
    desk.run("build")
    result = desk.run("show", "--format", page)
    assert result.exit_code == 0
    assert "Roket Menghantam" in result.stdout
    if page == "md":
        assert result.stdout.rstrip() == desk.page().read_text().rstrip()
    if page == "text":
        lines = result.stdout.splitlines()
        assert "Kabar uji" in lines[0]
        assert "#" not in result.stdout
        assert max(map(len, lines)) <= COLUMNS


@given(st.text(), st.text())
def test_a_page_on_a_terminal_is_not_steered_by_foreign_text(
    title: str, said: str
) -> None:
    one = report("1" * 16, said, title=title, outlet=said, link=said)
    section = Section("jalan", title, (Story("2" * 12, (one,)),))
    brief = sample_brief(title=title, sections=(section,), top_lines=())
    shown = io.StringIO()
    say_page(render(brief)["2024-12-01.md"], shown)
    assert not set(shown.getvalue()) & {
        chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A
    }


def test_show_lists_editions(desk: Desk) -> None:
    desk.run("build")
    desk.run("publish")
    assert "2024-12-01" in desk.run("show", "--list").stdout
    [row] = desk.json("show", "--list")
    assert row["frozen"] is True


@pytest.mark.parametrize("command", ["show", "publish", "verify"])
def test_nothing_built_yet(desk: Desk, command: str) -> None:
    assert desk.run(command).exit_code == 1
    desk.run("collect")
    result = desk.run(command)
    assert result.exit_code == 1
    assert "briefing build" in result.stderr


def test_publish_prints_the_same_pages(desk: Desk) -> None:
    desk.run("build")
    before = desk.page().read_bytes()
    desk.page().unlink()
    assert desk.run("publish", "2024-12-01").exit_code == 0
    assert desk.page().read_bytes() == before


def test_sources(desk: Desk) -> None:
    assert "not visited yet" in desk.run("sources").stdout
    desk.run("collect")
    [row] = desk.json("sources")
    assert row["id"] == "artikel"
    assert row["answered"].startswith("2024-11-30T23:30")
    assert row["failures"] == 0


def test_doctor(desk: Desk) -> None:
    result = desk.run("doctor")
    assert result.exit_code == 0, result.output
    assert "FAIL" not in result.stdout


def test_doctor_names_all_that_is_wrong(desk: Desk) -> None:
    desk.add('[[source]]\nid = "lain"\nkind = "folder"\npath = "tiada"\n')
    (desk.folder / "briefs").write_text("")
    result = desk.run("doctor")
    assert result.exit_code == 1
    assert result.stdout.count("FAIL") == 2
    wrong = [row["check"] for row in desk.json("doctor") if not row["ok"]]
    assert wrong == ["output", "source lain"]


def test_doctor_without_sources(desk: Desk) -> None:
    desk.settings.write_text('title = "x"\n')
    assert "nothing would be gathered" in desk.run("doctor").stdout


def test_a_wrong_time_or_date(desk: Desk) -> None:
    assert desk.run("build", now="yesterday").exit_code == 2
    assert desk.run("show", "1 Desember").exit_code == 2


@pytest.mark.parametrize("now", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00"])
def test_a_time_out_of_reach(desk: Desk, now: str) -> None:
    for result in (desk.run("build", now=now), call("extract", "--now", now)):
        assert result.exit_code == 2
        assert "between 1970 and 2200" in result.stderr
    assert desk.run("build", "--date", now[:10]).exit_code == 2


def test_a_time_without_offset_is_in_the_brief_s_zone(desk: Desk) -> None:
    desk.run("build", now="2024-12-01T00:30")
    assert desk.page().exists()


def test_verbose_logs_each_stage(desk: Desk) -> None:
    code = [sys.executable, "-m", "briefing", "-v", "collect", "-c", str(desk.settings)]
    ran = subprocess.run(code, capture_output=True, text=True, check=True)
    assert "event=collect" in ran.stderr


def test_foreign_text_cannot_steer_the_terminal(desk: Desk) -> None:
    desk.article("kotor").write_text(
        "Judul \x1b[2J\x07 Kotor\n\nIni kalimat pertama yang cukup panjang \x1b]0;x\x07 di sini.\n"
        * 3
    )
    desk.run("build")
    for command in ("show", "verify"):
        assert "\x1b" not in desk.run(command).stdout


def test_bars_are_drawn_on_a_terminal_only(desk: Desk) -> None:
    """A real terminal: a pseudo-terminal as standard error."""
    leader, follower = os.openpty()
    command = [sys.executable, "-m", "briefing", "collect", "-c", str(desk.settings)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=follower, check=True)
    os.close(follower)
    drawn = b""
    with suppress(OSError):  # nobody writes to it any more
        while part := os.read(leader, 4096):
            drawn += part
    os.close(leader)
    assert "articles" in drawn.decode()
    assert ran.stdout == b"3 new articles from 1 of 1 sources\n"


def test_places_of_every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "satu.txt").write_text(WITHDRAWAL)
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain" / "satu.txt").write_text(ATTACK)
    entry = f"<item><link>/a</link><title>Kurma</title><description>{OTHER}</description></item>"
    feed = f"<rss version='2.0'><channel><title>Kabar</title>{entry}</channel></rss>"
    with web_server({"/feed.xml": feed}) as site:
        result = call(
            "build", "satu.txt", "lain/satu.txt", "lain", site.url("/feed.xml")
        )
    assert result.exit_code == 3  # the entry's page is not there, its own text is used
    [page] = (tmp_path / "briefs").glob("*.md")
    text = page.read_text()
    assert "Jadwal Penarikan" in text
    assert "Roket Menghantam" in text
    assert "Festival kurma" in text


def test_places_of_the_same_name_are_told_apart(desk: Desk) -> None:
    folders = [desk.folder / name / "news" for name in ("p1", "p2")]
    for folder, text in zip(folders, (WITHDRAWAL, ATTACK), strict=True):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(text)
    desk.run("build", str(folders[0]), now="2024-12-01T06:30")
    desk.run("build", str(folders[1]), now="2024-12-02T06:30")
    assert "Jadwal Penarikan" in desk.page("2024-12-01").read_text()
    assert "Roket Menghantam" in desk.page("2024-12-02").read_text()
    assert "### Jadwal Penarikan" not in desk.page("2024-12-02").read_text()


def test_a_place_keeps_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "lain").mkdir()
    with Http() as http:
        forward = places(["news", "lain", "http://a.example/news"], http)
        backward = places(["http://a.example/news", "./lain/", str(tmp_path / "news"), "lain"], http)  # fmt: skip
    ids = [one.id for one in forward]
    assert sorted(ids) == sorted(one.id for one in backward)
    assert len(set(ids)) == 3
    assert ids[0].startswith("news-")


def test_a_place_that_is_not_there(desk: Desk) -> None:
    result = desk.run("build", "tiada")
    assert result.exit_code == 2
    assert "tiada: no such file or folder" in result.stderr


def test_sources_of_every_kind_are_wired(desk: Desk) -> None:
    routes = {"/feed.xml": "<rss version='2.0'><channel><title>K</title></channel></rss>",
              "/halaman": f"<html><body><article><h1>Kurma</h1><p>{OTHER}</p></article></body></html>"}  # fmt: skip
    with web_server(routes) as site:
        desk.add(
            '[[source]]\nid = "umpan"\nkind = "feed"\nurl = "'
            + site.url("/feed.xml")
            + '"\nprivate = true\n'
            '[[source]]\nid = "laman"\nkind = "page"\nurl = "'
            + site.url("/halaman")
            + '"\nprivate = true\n'
            '[[source]]\nid = "berkas"\nkind = "file"\npath = "artikel/roket.txt"\n'
        )
        result = desk.run("build")
        rows = {row["id"]: row for row in desk.json("sources")}
    assert rows["laman"]["answered"]
    assert "Festival kurma tahunan" in desk.page().read_text()
    assert result.exit_code in (0, 3)


def test_an_error_of_the_system_is_one_line(desk: Desk) -> None:
    command = [sys.executable, "-m", "briefing", "show", "-c", str(desk.settings)]
    desk.run("build")
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 1
    assert ran.stderr.startswith("briefing: ")
    assert "Traceback" not in ran.stderr


def test_an_error_of_the_system_is_told_without_its_number(tmp_path: Path) -> None:
    result = call("build", str(tmp_path / ("x" * 300)), "-c", str(tmp_path / "no.toml"))
    assert "Errno" not in result.stderr
    result = call("build", "-c", str(tmp_path / ("x" * 300)))
    assert result.stderr.startswith(f"briefing: {tmp_path}")
    assert "File name too long" in result.stderr
    assert "Errno" not in result.stderr


def test_a_message_cannot_steer_the_terminal() -> None:
    result = call("build", "-c", "gone\x1b[2J.toml")
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("jsonl", [True, False])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_narrow_encoding_loses_nothing(
    tmp_path: Path, encoding: str, jsonl: bool
) -> None:
    text = "Café – kalimat pertama yang cukup panjang 🌴 untuk dipilih."
    given = json.dumps({"id": 1, "sentences": [text]}) if jsonl else text
    ran = subprocess.run(
        [sys.executable, "-m", "briefing", "summarize", *(["--jsonl"] if jsonl else [])],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        input=given.encode(),
        capture_output=True,
        check=True,
    )  # fmt: skip
    shown = ran.stdout.decode(encoding)
    if jsonl:
        assert json.loads(shown)["sentences"][0]["text"] == text
    else:
        assert shown.strip() == text.encode(encoding, "backslashreplace").decode(encoding)  # fmt: skip


@pytest.mark.sqlite  # a program of its own
def test_a_reader_that_leaves_is_no_error(desk: Desk) -> None:
    desk.run("build")
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "briefing", "sources", "-c", str(desk.settings)]
    ran = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert ran.stderr == b""
