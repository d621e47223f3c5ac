"""Pages go out whole or not at all, and nowhere else."""

from __future__ import annotations

import io
import os
import resource
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.deliver import Folder, Stream
from briefing.errors import DeliveryError
from briefing.ports import Channel
from tests.tmpfs import small_disk, write_protected

PAGES = {"2024-12-01.html": "<p>Hujan</p>\n", "2024-12-01.md": "Hujan\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "briefs"


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` (relative path → bytes)."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(channel: Channel, pages: dict[str, str]) -> str:
    """Return the message with which sending fails: one line."""
    with pytest.raises(DeliveryError) as caught:
        channel.send(pages)
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_pages_are_written_with_their_folders(root: Path) -> None:
    pages = PAGES | {"2024/12/01/index.html": "ya", "2024/index.html": "tidak"}
    channel: Channel = Folder(root / "a" / "b")
    paths = channel.send(pages)
    assert paths == tuple(root / "a" / "b" / name for name in pages)
    assert [path.read_text() for path in paths] == list(pages.values())
    assert set(tree(root / "a" / "b")) == set(pages)


def test_everyone_may_read_them_whatever_the_umask(root: Path) -> None:
    before = os.umask(0o077)
    try:
        (page,) = Folder(root).send({"2024/a.html": "ya"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o755


def test_text_is_written_as_it_is(root: Path) -> None:
    text = "satu\r\ndua\n\ttiga 🌧"
    (page,) = Folder(root).send({"a.md": text})
    assert page.read_bytes() == text.encode()
    assert Folder(root).send({}) == ()


def test_equal_pages_are_not_touched_others_are_replaced(root: Path) -> None:
    same, other = Folder(root).send({"a.md": "satu", "b.md": "dua"})
    before = same.stat(), other.stat()
    Folder(root).send({"a.md": "satu", "b.md": "tig"})
    assert (same.stat().st_ino, same.stat().st_mtime_ns) == (
        before[0].st_ino,
        before[0].st_mtime_ns,
    )
    assert other.stat().st_ino != before[1].st_ino
    assert other.read_text() == "tig"
    Folder(root).send({"b.md": "gua"})
    assert tree(root) == {"a.md": b"satu", "b.md": b"gua"}


@pytest.mark.parametrize("before", [None, "nol", "satu"])
def test_what_a_killed_sender_left_is_cleared_away(
    root: Path, tmp_path: Path, before: str | None
) -> None:
    root.mkdir()
    if before is not None:
        (root / "a.md").write_text(before)
    (tmp_path / "outside").write_text("aman")
    (root / ".a.md.part").symlink_to(tmp_path / "outside")
    Folder(root).send({"a.md": "satu"})
    assert tree(root) == {"a.md": b"satu"}
    assert (tmp_path / "outside").read_text() == "aman"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../a",
        "a/../../b",
        "a/..",
        "/etc/a",
        "//a",
        "a//b",
        "a/",
        "./a",
        ".hidden",
        "a/.hidden/b",
        "a\\..\\b",
        "a\nb",
        "a\0b",
        "a\x1b[31m",
        "a\u202eb",
        "\ud800",
    ],
)
def test_names_that_lead_elsewhere(root: Path, name: str) -> None:
    assert "cannot be named" in refused(Folder(root), {"a.md": "ya", name: "tidak"})
    assert not root.exists()


def test_a_page_below_another(root: Path) -> None:
    assert "lies below" in refused(Folder(root), {"a/b/c": "1", "a": "2"})
    assert not root.exists()


@settings(max_examples=100, deadline=None)
@given(st.text("ab./\\\0\n~ü", max_size=9))
def test_no_name_leaves_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    base = tmp_path_factory.mktemp("deliver")
    try:
        (page,) = Folder(base / "out").send({name: "ya"})
    except DeliveryError:
        assert tree(base) == {}
    else:
        assert page.resolve().is_relative_to(base / "out")
        assert tree(base) == {f"out/{name}": b"ya"}


def test_a_folder_that_is_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root.mkdir()
    (root / "2024").symlink_to(outside)
    assert "symbolic link" in refused(Folder(root), {"a.md": "1", "2024/a.md": "2"})
    assert tree(outside) == {}
    assert os.listdir(root) == ["2024"]


def test_a_page_that_is_a_link_is_replaced(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("aman")
    root.mkdir()
    (root / "a.md").symlink_to(outside)
    (page,) = Folder(root).send({"a.md": "aman"})
    assert not page.is_symlink()
    assert outside.read_text() == "aman"


def test_a_pipe_in_the_place_of_a_page_does_not_block(root: Path) -> None:
    root.mkdir()
    os.mkfifo(root / "a.md")
    (page,) = Folder(root).send({"a.md": "satu"})
    assert page.read_text() == "satu"


def _file_for_root(root: Path) -> None:
    root.write_text("aman")


def _file_above_root(root: Path) -> None:
    root.parent.rmdir()
    root.parent.write_text("aman")


def _file_for_a_folder(root: Path) -> None:
    root.mkdir()
    (root / "2024").write_text("aman")


def _folder_for_a_page(root: Path) -> None:
    (root / "2024" / "b.md").mkdir(parents=True)


def _folder_for_a_part(root: Path) -> None:
    (root / "2024" / ".b.md.part").mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_file_for_root, "not a folder"),
        (_file_above_root, "not a folder"),
        (_file_for_a_folder, "not a folder"),
        (_folder_for_a_page, "name of a page"),
        (_folder_for_a_part, ""),
    ],
)
def test_something_in_the_way(
    tmp_path: Path, make: Callable[[Path], None], told: str
) -> None:
    root = tmp_path / "site" / "briefs"
    root.parent.mkdir()
    make(root)
    before = tree(tmp_path)
    assert told in refused(Folder(root), {"a.md": "1", "2024/b.md": "2"})
    assert tree(tmp_path) == before


def test_a_name_or_a_path_that_cannot_be(root: Path) -> None:
    assert "too long" in refused(Folder(root), {"a.md": "1", "b" * 300: "2"})
    assert tree(root) == {}
    assert "no path" in refused(Folder(Path("a\0b")), PAGES)


def test_a_fault_of_whoever_makes_the_pages_is_not_taken_for_the_folders(
    root: Path,
) -> None:
    with pytest.raises(ValueError, match="of the maker"), Folder(root).renewal():
        raise ValueError("of the maker")


def test_half_of_a_surrogate_pair(root: Path) -> None:
    assert "a.md" in refused(Folder(root), {"b.md": "ya", "a.md": "\ud800"})
    assert not root.exists()


def test_a_full_disk_leaves_the_old_pages() -> None:
    with small_disk("64k") as disk:
        old = {"a.md": "satu", "b.md": "dua", "c/d.md": "tiga"}
        Folder(disk).send(old)
        before = tree(disk)
        new = {"a.md": "baru", "c/d.md": "baru", "b.md": "x" * 100_000}
        assert "No space left" in refused(Folder(disk), new)
        assert tree(disk) == before
        Folder(disk).send(new | {"b.md": "baru"})
        assert set(tree(disk).values()) == {b"baru"}


def test_a_write_protected_disk() -> None:
    with small_disk("64k") as disk:
        Folder(disk / "briefs").send(PAGES)
        before = tree(disk)
        with write_protected(disk):
            new = dict.fromkeys(PAGES, "baru")
            assert "cannot be written" in refused(Folder(disk / "briefs"), new)
            assert "cannot be written" in refused(Folder(disk / "other"), PAGES)
            assert Folder(disk / "briefs").send(PAGES)
        assert tree(disk) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(root: Path) -> None:
    root.mkdir(mode=0o500)
    assert "Permission denied" in refused(Folder(root), PAGES)


def test_a_failure_while_pages_take_their_places(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Folder(root).send(PAGES)
    before = tree(root)

    def replace(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", replace)
    assert "Input/output" in refused(Folder(root), dict.fromkeys(PAGES, "baru"))
    assert tree(root) == before


def test_senders_at_the_same_time_take_turns(root: Path) -> None:
    versions = [dict.fromkeys(("a.md", "2024/b.md"), str(n) * 10_000) for n in range(6)]
    senders = [
        threading.Thread(target=Folder(root).send, args=(pages,)) for pages in versions
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert set(tree(root)) == {"a.md", "2024/b.md"}
    assert len(set(tree(root).values())) == 1


def test_many_pages_keep_few_files_open(root: Path) -> None:
    pages = {f"{number % 3}/{number}.md": "ya" for number in range(100)}
    before = len(os.listdir("/proc/self/fd"))
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before + 20, usual[1]))
    try:
        Folder(root).send(pages)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)
    assert len(tree(root)) == 100
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_can_be_checked(root: Path) -> None:
    Folder(root).check()
    assert os.listdir(root) == []
    root.rmdir()
    root.touch()
    with pytest.raises(DeliveryError, match="not a folder"):
        Folder(root).check()


def test_a_full_disk_is_found_by_a_check() -> None:
    with small_disk("16k") as disk:
        (disk / "filler").write_bytes(bytes(16_384))
        with pytest.raises(DeliveryError, match="No space left"):
            Folder(disk).check()
        assert os.listdir(disk) == ["filler"]


# The stream


def test_pages_are_printed() -> None:
    file = io.StringIO()
    assert Stream(file).send({"a.md": "satu\n\n\tdua", "b.md": "tiga\n"}) == ()
    assert file.getvalue() == "satu\n\n\tdua\n\ntiga\n"


def test_nothing_that_steers_a_terminal_is_printed() -> None:
    file = io.StringIO()
    Stream(file).send({"a.md": "a\x1b]0;x\x07b\rc\x08\x7f\x9b31m é ع\u200f"})
    shown = file.getvalue()
    assert shown == "a␛]0;x␇b␍c␈␡\ufffd31m é ع\u200f\n"


def test_a_terminal_that_knows_few_characters() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, "ascii")
    Stream(file).send({"a.md": "“é” ya"})
    assert raw.getvalue() == b"??? ya\n"


def test_half_of_a_surrogate_pair_is_no_trouble() -> None:
    file = io.StringIO()
    Stream(file).send({"a.md": "a\ud800"})
    assert file.getvalue() == "a?\n"


def test_a_reader_that_went_away() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    raw = os.fdopen(writing, "wb", buffering=0)
    file = io.TextIOWrapper(raw, "utf-8")
    assert "Broken pipe" in refused(Stream(file), PAGES)
    with suppress(BrokenPipeError):
        file.close()


@settings(max_examples=60)
@given(st.text())
def test_only_line_breaks_and_tabs_control_anything(text: str) -> None:
    file = io.StringIO()
    Stream(file).send({"a": text})
    controls = {c for c in file.getvalue() if ord(c) < 32 or 127 <= ord(c) < 160}
    assert controls <= {"\n", "\t"}
