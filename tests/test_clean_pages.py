"""Pages built in the ways sites build theirs, each with the article in it (cases/pages)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.clean import clean
from briefing.clean.main_text import main_text
from briefing.clean.markup import parse_html
from briefing.clean.paging import goes_on
from briefing.model import Article, Document

CASES = sorted((Path(__file__).parent / "cases" / "pages").glob("*.html"))
PARTS = (
    *("<div class='isi'>", "</div>", "<p>", "</p>", "<article>", "</article>", "<br>"),
    *(
        "<h1>",
        "</h1>",
        "<ul><li>",
        "</li></ul>",
        "<div class='komentar'>",
        "<table><td>",
    ),
    *("<span class='caption'>", "</span>", "<a href='x'>", "</a>", "<nav>", "</nav>"),
    "Jembatan lama di hulu sungai ditutup dua bulan karena kabelnya putus diterjang banjir. ",
    *(
        "Satu ",
        "dua tiga. ",
        "Baca juga: ",
        "<script>empat</script>",
        "<p hidden>lima</p>",
    ),
)
URL = "https://kabar.example/read/2024/03/04/jembatan-gantung"


def article(path: Path) -> Article:
    document = Document(
        url=URL,
        source="kabar",
        body=path.read_bytes(),
        media_type="text/html",
        fetched=datetime(2024, 12, 1, tzinfo=UTC),
    )
    found = clean(document, zone=ZoneInfo("Asia/Jakarta"), language="id")
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = article(path)
    if wanted["paragraphs"] is not None:
        assert found.text.split("\n\n") == wanted["paragraphs"]
    for paragraph in wanted.get("contains", ()):
        assert paragraph in found.text
    assert (found.title, found.author) == (wanted["title"], wanted["author"])
    assert found.truncated == wanted["truncated"]
    moment = found.published and found.published.moment.isoformat()
    assert moment == wanted["published"] or wanted["published"] is None


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_any_page_gives_its_own_words_in_order(html: str) -> None:
    page = parse_html(f"<body>{html}</body>")
    assert page is not None
    words = " ".join(page.tree.itertext()).split()
    at = 0
    for word in " ".join(main_text(page.tree).paragraphs).split():
        at = words.index(word, at) + 1


RUNNING = [
    f"Laporan nomor {number} ini memuat sebelas kata yang cukup panjang untuk dibaca."
    for number in range(4)
]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ([], ["Polisi masih menyelidiki."]),
        ([], ["“Itu saja,” katanya."]),
        ([], ["Belum jelas."]),
        ([], ["Hingga berita ini diturunkan belum ada keterangan"]),
        (["Dunia berubah."], ["Apa lagi?", "Entah."]),
    ],
)
def test_short_sentences_at_the_ends(above: list[str], below: list[str]) -> None:
    wanted = (*above, *RUNNING, *(one for one in below if " " in one))
    body = "".join(f"<p>{text}</p>" for text in (*above, *RUNNING, *below))
    aside = (
        "<div>Bagikan</div><p><a href='/x'>Berita lain hari ini.</a></p><p>Editor</p>"
    )
    page = parse_html(f"<h1>Laporan</h1><div>{body}{aside}</div>")
    assert page is not None
    assert main_text(page.tree).paragraphs == wanted


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<thead><tr><th>Dusun<th>Warga</thead><tr><td>Hulu<td>1.200<tr><td>Muara<td>90",
            ("Dusun Warga", "Hulu 1.200", "Muara 90"),
        ),
        ("<tr><td>Hulu<td>1.200", ()),
        ("<tr><td>Dusun<td>Hulu<tr><td>Desa<td>Muara", ()),
        ("<tr><td>1<td><a href='/x'>Hulu</a><tr><td>2<td><a href='/y'>Muara</a>", ()),
    ],
)
def test_rows_of_figures(table: str, rows: tuple[str, ...]) -> None:
    first, *rest = (f"<p>{text}</p>" for text in RUNNING)
    body = f"{first}<table>{table}</table>{''.join(rest)}"
    page = parse_html(f"<h1>Laporan</h1><div>{body}</div>")
    assert page is not None
    assert main_text(page.tree).paragraphs == (RUNNING[0], *rows, *RUNNING[1:])


def test_a_huge_page_is_read_whole() -> None:
    sentence = (
        "Laporan nomor {} ini memuat dua belas kata yang cukup panjang untuk dibaca."
    )
    paragraphs = [sentence.format(number) for number in range(100_000)]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = parse_html(f"<body><article><h1>Laporan</h1>{body}</article></body>")
    assert page is not None
    assert main_text(page.tree).paragraphs == tuple(paragraphs)


@pytest.mark.parametrize(
    ("url", "link", "further"),
    [
        (URL, "?page=2", True),
        (URL, f"{URL}/2", True),
        (URL, "/read/2024/03/04/jembatan-gantung/page/2/", True),
        (f"{URL}?page=2", f"{URL}?page=3", True),
        (f"{URL}?page=3", f"{URL}?page=2", False),
        (f"{URL}?page=all", f"{URL}?page=2", False),
        (URL, f"{URL}/comment-page-2", False),
        (URL, "/indeks?page=2", False),
        (URL, "/page/2", False),
        (URL, "http://[", False),
        (URL, "?page=2&ref=beranda", True),
        (URL, f"{URL}?utm_source=x&page=2#isi", True),
        (f"{URL}?utm_source=rss", f"{URL}?page=2", True),
        (f"{URL}?id=7", f"{URL}?page=2&id=7", True),
        (f"{URL}?id=7", f"{URL}?page=2&id=8", False),
        (URL, "?p=2", True),
        (URL, f"{URL}/p2", True),
        (URL, URL.replace("//", "//m.") + "?page=2", True),
        (URL.replace("//", "//www."), f"{URL}?page=2", True),
        (URL, f"{URL}?page=all", True),
        (URL, f"{URL}?page=all#page2", True),
        (URL, "/lain?page=all", False),
        (URL, "?page=2#comments", False),
        (URL, "?page=2.5", False),
        ("https://kabar.example/?p=1", "https://kabar.example/?p=2", False),
        ("https://kabar.example/?p=5", "https://kabar.example/?p=5&page=2", True),
        (f"{URL}/page/2", f"{URL}/page/3", True),
        (URL, "http://kabar.example:x/?page=2", False),
        ("file:kabar/a.html", "?page=2", True),
        ("file:kabar/a.html", "/page/2", False),
    ],
)
def test_further_pages(url: str, link: str, further: bool) -> None:
    page = parse_html(f"<p>Laporan</p><a href='{link}'>2</a>")
    assert page is not None
    assert goes_on(page.tree, url=url) == further


def test_further_pages_of_the_canonical_address() -> None:
    head = f'<link rel="canonical" href="{URL}">'
    page = parse_html(f"{head}<a href='{URL}?page=2'>2</a>")
    assert page is not None
    assert goes_on(page.tree, url="file:kabar/a.html")
