from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing.gather import File, Folder, gather, parts
from briefing.model import Failure, Gathered, SourceState

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)


def visit(source: Folder | File) -> Gathered:
    return source.fetch(state=SourceState("arsip"), known=lambda url: True, now=NOW)


def urls(visited: Gathered) -> list[str]:
    return [document.url for document in visited.documents]


def problems(visited: Gathered) -> list[tuple[str, str]]:
    return [(failure.subject, failure.reason) for failure in visited.failures]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "arsip"
    (root / "b").mkdir(parents=True)
    (root / "b" / "dua.MD").write_bytes(b"# Dua")
    (root / "b" / "tiga.html").write_bytes(b"<p>Tiga</p>")
    (root / "b-.htm").write_bytes(b"<p>Empat</p>")
    (root / "a.txt").write_bytes(b"Satu")
    (root / "c.markdown").write_bytes(b"Lima")
    return root


def test_files_come_by_path_with_their_media_types(folder: Path) -> None:
    visited = visit(Folder("arsip", folder, outlet="Warta", language="id"))
    assert [(one.url, one.media_type) for one in visited.documents] == [
        ("file:arsip/a.txt", "text/plain"),
        ("file:arsip/b/dua.MD", "text/markdown"),
        ("file:arsip/b/tiga.html", "text/html"),
        ("file:arsip/b-.htm", "text/html"),
        ("file:arsip/c.markdown", "text/markdown"),
    ]
    first = visited.documents[0]
    assert (first.body, first.source, first.fetched) == (b"Satu", "arsip", NOW)
    assert (first.outlet, first.language, first.charset) == ("Warta", "id", None)
    assert (visited.failures, visited.answered) == ((), True)
    assert visited.state == SourceState("arsip", checked=NOW, answered=NOW)


def test_xhtml_is_html(tmp_path: Path) -> None:
    """It has no media type of its own: pages of the Web have none either."""
    (tmp_path / "a.XHTML").write_bytes(b"<p>Satu</p>")
    for source in (Folder("arsip", tmp_path), File("arsip", tmp_path / "a.XHTML")):
        [document] = visit(source).documents
        assert document.media_type == "text/html"


def test_hidden_files_and_other_kinds_are_passed_over(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("x")
    (folder / ".hidden.txt").write_text("x")
    (folder / "foto.jpg").write_text("x")
    visited = visit(Folder("arsip", folder))
    assert (len(visited.documents), visited.failures) == (5, ())


def test_links_that_lead_out_are_passed_over(folder: Path) -> None:
    outside = folder.parent / "luar"
    outside.mkdir()
    (outside / "x.txt").write_text("x")
    (folder / "keluar").symlink_to(outside)
    (folder / "keluar.txt").symlink_to(outside / "x.txt")
    (folder / "dalam.txt").symlink_to(folder / "a.txt")
    (folder / "putar").symlink_to(folder)
    visited = visit(Folder("arsip", folder))
    assert (len(visited.documents), visited.failures) == (6, ())
    assert "file:arsip/dalam.txt" in urls(visited)


def test_bad_files_cost_the_others_nothing(folder: Path) -> None:
    (folder / "besar.txt").write_bytes(b"x" * 5_000_001)
    (folder / "biner.txt").write_bytes(b"PK\0\0")
    (folder / "kosong.txt").write_bytes(b" \n")
    (folder / "pipa.txt").symlink_to(folder / "pipa")
    os.mkfifo(folder / "pipa")
    (folder / "putus.txt").symlink_to(folder / "tidak-ada.txt")
    visited = visit(Folder("arsip", folder))
    assert len(visited.documents) == 5
    assert visited.answered
    assert problems(visited) == [
        ("file:arsip/besar.txt", "too-large"),
        ("file:arsip/biner.txt", "binary"),
        ("file:arsip/kosong.txt", "empty"),
        ("file:arsip/pipa.txt", "unreadable"),
        ("file:arsip/putus.txt", "unreadable"),
    ]


def test_what_may_not_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, who may read everything.
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    visited = visit(Folder("arsip", folder))
    assert len(visited.documents) == 3
    assert visited.failures == (
        Failure("gather", "file:arsip/b", "unreadable", "Permission denied"),
    )


def test_names_that_cannot_be_printed_are_escaped(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    (folder / "baris\nbaru é.txt").write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_bytes(b"x")
    found = urls(visit(Folder("arsip", folder)))
    assert "file:arsip/baris%0Abaru é.txt" in found
    assert "file:arsip/%FF.txt" in found


@pytest.mark.parametrize("kind", [Folder, File])
def test_nothing_there(tmp_path: Path, kind: type[Folder] | type[File]) -> None:
    before = SourceState("arsip", failures=2)
    source = kind("arsip", tmp_path / "tidak-ada")
    visited = source.fetch(state=before, known=lambda url: False, now=NOW)
    assert visited.failures == (
        Failure("gather", "arsip", "missing", str(tmp_path / "tidak-ada")),
    )
    assert not visited.answered
    assert visited.state == SourceState(
        "arsip",
        checked=NOW,
        failures=3,
        reason="missing",
        detail=str(tmp_path / "tidak-ada"),
    )


def test_a_file_is_no_folder_and_a_folder_no_file(folder: Path) -> None:
    assert problems(visit(Folder("arsip", folder / "a.txt"))) == [
        ("arsip", "unreadable")
    ]
    assert problems(visit(File("arsip", folder))) == [("arsip", "unreadable")]


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("a.txt", b"<p>", "text/plain"),
        ("a", b"\xef\xbb\xbf <html>", "text/html"),
        ("a.rst", b"Judul", "text/plain"),
    ],
)
def test_a_single_file_may_have_any_name(
    tmp_path: Path, name: str, body: bytes, media_type: str
) -> None:
    (tmp_path / name).write_bytes(body)
    [document] = visit(File("arsip", tmp_path / name, outlet="Warta")).documents
    assert (document.url, document.media_type) == (f"file:arsip/{name}", media_type)
    assert (document.body, document.outlet) == (body, "Warta")


def test_a_single_file_that_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    visited = visit(File("arsip", tmp_path / "a.txt"))
    assert problems(visited) == [("file:arsip/a.txt", "empty")]
    assert not visited.answered


def test_a_big_folder_comes_in_parts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = visit(Folder("arsip", folder))
    monkeypatch.setattr(parts, "PART", 12)
    sources: list[Folder | File] = [
        Folder("arsip", folder),
        File("satu", folder / "a.txt"),
    ]
    visits = list(gather(sources, state=SourceState, known=lambda url: True, now=NOW))
    documents = [one for part in visits[:-1] for one in part.documents]
    assert tuple(documents) == whole.documents
    assert [part.rest is None for part in visits] == [False, False, True, True]
