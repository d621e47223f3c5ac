"""Web pages: the article in them and what they say about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean
from briefing.clean.blocks import text_lines
from briefing.clean.markup import parse_html
from briefing.clean.metadata import page_metadata
from briefing.model import Article, Document, Published

ZONE = ZoneInfo("Asia/Jakarta")
FETCHED = datetime(2024, 12, 1, tzinfo=UTC)
URL = "https://www.berita.example/jembatan?utm_source=surat"
TITLE = "Jembatan Lama Ditutup Dua Bulan"
PARAGRAPHS = [
    "Pemerintah daerah menutup jembatan lama karena retakan di tiang ketiga, yang ditemukan "
    "seorang nelayan pada awal pekan dan dibenarkan tim pemeriksa sehari kemudian.",
    "Warga diminta memakai jalan memutar selama perbaikan yang memakan dua bulan, dan para "
    "pedagang di kedua ujung jembatan dijanjikan keringanan sewa selama masa itu.",
    "“Keselamatan lebih penting daripada jadwal,” kata kepala dinas pekerjaan umum, yang "
    "menambahkan bahwa biaya perbaikan sudah tersedia dalam anggaran tahun ini.",
]


def page(head: str = "", *, body: str | None = None, lang: str = "id") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body>'
        '<nav><a href="/">Beranda</a> <a href="/kota">Kota</a></nav>'
        f"{body or f'<article><h1>{TITLE}</h1>{text}</article>'}"
        "<footer>Semua hak dilindungi</footer></body></html>"
    )


def article(html: str, url: str = URL, **fields) -> Article:
    document = Document(
        url=url,
        source="contoh",
        body=html.encode(),
        media_type="text/html",
        fetched=FETCHED,
        **fields,
    )
    found = clean(document, zone=ZONE)
    assert isinstance(found, Article), found
    return found


def stated(head: str, *, site: str | None = "berita.example", body: str | None = None):
    parsed = parse_html(page(head, body=body))
    assert parsed is not None
    return page_metadata(parsed.tree, site=site, fetched=FETCHED)


def test_the_article_in_a_page():
    head = f'<title>{TITLE} - Cakrawala</title><meta property="og:site_name" content="Cakrawala">'
    found = article(page(head))
    assert found.text.split("\n\n") == PARAGRAPHS
    assert (found.title, found.outlet, found.language) == (TITLE, "Cakrawala", "id")
    assert found.url == "https://berita.example/jembatan"
    assert found.link == "https://www.berita.example/jembatan"


def test_noise_in_a_page():
    between = (
        "<p><a href='/x'><strong>Baca Juga:</strong> Harga Beras Naik Lagi</a></p>"
        "<p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p>"
    )
    after = "<p>(ab/cd)</p><p>Editor : Sari Contoh</p><p>Ikuti saluran WhatsApp Cakrawala</p>"
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<article><h1>{TITLE}</h1>{first}{between}{''.join(rest)}{after}</article>"
    assert article(page(body=body)).text.split("\n\n") == PARAGRAPHS


def test_line_ends_inside_a_paragraph_are_blanks():
    broken = [paragraph.replace(" ", "\n  ") for paragraph in PARAGRAPHS]
    body = (
        "<article>"
        + "".join(f"<p>{text} <b>\nx</b>\ny</p>" for text in broken)
        + "</article>"
    )
    wanted = [f"{paragraph} x y" for paragraph in PARAGRAPHS]
    assert article(page(body=body), title=TITLE).text.split("\n\n") == wanted


def test_a_page_too_short_for_the_extractor_gives_its_text():
    found = article(
        "<p>Jembatan lama ditutup.<script>x()</script></p><p>Warga memutar.</p>"
    )
    assert found.text == "Jembatan lama ditutup.\n\nWarga memutar."


@pytest.mark.parametrize("end", ["</body></html>", "</HTML >", "</div></body>"])
def test_nothing_is_lost_behind_the_end_of_the_page(end):
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    found = article(page(body=f"<h1>{TITLE}</h1><div>{first}{end}{''.join(rest)}"))
    assert found.text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize("depth", [300, 1000])
def test_nothing_is_lost_in_a_deep_page(depth):
    inner = "<div>" * depth + f"<p>{PARAGRAPHS[1]}</p>" + "</div>" * depth
    body = f"<article><p>{PARAGRAPHS[0]}</p>{inner}<p>{PARAGRAPHS[2]}</p></article>"
    found = article(page(body=body))
    assert found.text.split("\n\n") == PARAGRAPHS
    assert not found.truncated


@pytest.mark.slow
def test_what_is_lost_in_a_deeper_page_is_told():
    inner = "<div>" * 5000 + f"<p>{PARAGRAPHS[1]}</p>" + "</div>" * 5000
    found = article(page(body=f"<article><p>{PARAGRAPHS[0]}</p>{inner}</article>"))
    assert found.truncated


def test_a_huge_text_node_is_read_whole():
    parsed = parse_html(f"<p>{'x' * 11_000_000}</p><p>akhir</p>")
    assert parsed is not None
    assert not parsed.truncated
    assert parsed.tree.text_content().endswith("akhir")


def test_lines():
    parsed = parse_html(
        "<div>satu <b>dua</b><br>tiga<p>empat<style>x</style> lima</p>enam<ul><li>a<li>b"
    )
    assert parsed is not None
    assert text_lines(parsed.tree) == [
        "satu dua",
        "tiga",
        "empat lima",
        "enam",
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (f"<title>{TITLE} | Cakrawala</title>", None, TITLE),
        (
            f'<meta property="og:title" content="{TITLE} - berita.example">',
            "<h1>Kota</h1>",
            TITLE,
        ),
        (f"<title>{TITLE} - Lengkap</title>", None, TITLE),
        ("", None, TITLE),
        ("", "<h1>Satu</h1><h1>Dua</h1>", None),
        (
            f'<script type="application/ld+json">{{"headline": "{TITLE}"}}</script>',
            "<h1>Satu</h1><h1>Dua</h1>",
            TITLE,
        ),
    ],
)
def test_titles(head, body, title):
    assert stated(head, body=body).title == title


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("head", "first"),
    [
        (
            ld({"@graph": [{"x": 1}, {"datePublished": "2024-05-06T10:30:00+07:00"}]}),
            "2024-05-06T10:30:00+07:00",
        ),
        (
            ld([{"headline": "x", "datePublished": 5}])
            + '<meta name="pubdate" content="2024-05-06">',
            "2024-05-06",
        ),
        (
            '<meta property="article:published_time" content=" 2024-05-06T03:30Z ">',
            "2024-05-06T03:30Z",
        ),
        (
            '<script type="application/ld+json">{"broken</script><meta name="date" content="2024-05-06">',
            "2024-05-06",
        ),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', None),
        (f'<script type="application/ld+json">"{"x" * 2_000_001}"</script>', None),
        (ld([[index] for index in range(20_001)]), None),
    ],
)
def test_dates(head, first):
    assert next(iter(stated(head).dates), None) == first


def test_a_time_element_and_htmldate_come_last():
    body = (
        '<article><aside><time datetime="2019-01-01">x</time></aside><p><time>x</time>'
        '<time datetime=" ">x</time><time datetime="2024-05-07T08:00+07:00">x</time>'
        '<time datetime="2024-05-01">x</time></article>'
    )
    found = stated('<meta name="date" content="2024-05-06">', body=body)
    assert found.dates[:2] == ("2024-05-06", "2024-05-07T08:00+07:00")


@pytest.mark.parametrize("around", ["aside", "nav", "footer", "div"])
def test_a_time_beside_the_article_is_not_its_date(around):
    body = f'<{around}><time datetime="2019-01-01T08:00">1 Januari</time></{around}>'
    assert "2019-01-01T08:00" not in stated("", body=body).dates
    inside = f"<main>{body}</main>"
    found = "2019-01-01T08:00" in stated("", body=inside).dates
    assert found == (around == "div")


def test_the_date_of_the_whole_site_is_not_the_articles():
    site = {"@type": "WebSite", "datePublished": "2010-01-01"}
    page_node = {"@type": ["WebPage"], "datePublished": "2024-05-07"}
    news = {"@type": "NewsArticle", "datePublished": "2024-05-06"}
    assert stated(ld({"@graph": [site, page_node, news]})).dates[0] == "2024-05-06"
    meta = '<meta name="pubdate" content="2024-05-05">'
    assert stated(ld([site, page_node]) + meta).dates[:2] == (
        "2024-05-05",
        "2024-05-07",
    )
    assert "2010-01-01" not in stated(ld(site)).dates


def test_the_date_of_a_page_has_its_time():
    head = (
        '<meta property="article:published_time" content="2024-05-06T10:30:00+07:00">'
    )
    assert article(page(head)).published == Published(
        datetime(2024, 5, 6, 3, 30, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta property="og:site_name" content="Cakrawala">', "Cakrawala"),
        (ld({"headline": "x", "publisher": {"name": "Cakrawala"}}), "Cakrawala"),
        (ld({"headline": "x", "publisher": "Cakrawala"}), "Cakrawala"),
        (ld({"headline": "x", "publisher": {"name": 5}}), None),
        ('<meta property="og:site_name" content="@cakrawala">', "cakrawala"),
        ('<meta property="og:site_name" content="https://berita.example/">', None),
        (
            '<meta property="og:site_name" content="www.berita.example">'
            + ld({"headline": "x", "publisher": "Cakrawala"}),
            "Cakrawala",
        ),
        ("", None),
    ],
)
def test_outlets(head, outlet):
    assert stated(head).outlet == outlet


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        (
            "https://berita.example/kota/jembatan?utm_medium=x",
            "https://berita.example/kota/jembatan",
        ),
        ("/kota/jembatan", "https://www.berita.example/kota/jembatan"),
        ("https://lain.example/jembatan", "https://www.berita.example/jembatan"),
        ("https://www.berita.example/", "https://www.berita.example/jembatan"),
        ("javascript:alert(1)", "https://www.berita.example/jembatan"),
        ("http://[", "https://www.berita.example/jembatan"),
    ],
)
def test_a_page_speaks_for_its_own_site_only(canonical, url):
    found = article(page(f'<link rel="canonical" href="{canonical}">'))
    assert found.link == url
    assert found.url == url.replace("www.", "")


def test_a_saved_page_gives_a_link_but_keeps_its_address():
    head = '<meta property="og:url" content="https://berita.example/jembatan">'
    found = article(page(head), url="file:contoh/jembatan.html")
    assert (found.url, found.link) == (
        "file:contoh/jembatan.html",
        "https://berita.example/jembatan",
    )


def test_the_sources_title_counts_before_the_pages():
    found = article(
        page(), title="Jembatan &amp; Jalan - Cakrawala", outlet="Cakrawala"
    )
    assert (found.title, found.outlet) == ("Jembatan & Jalan", "Cakrawala")


def test_a_page_without_an_element():
    assert parse_html("") is None


def dates(body: str, head: str = "", **fields):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    found = article(page(head, body=f"{body}<div class='isi'>{text}</div>"), **fields)
    return found.published


H1 = f"<h1>{TITLE}</h1>"
STAMP = "Selasa, 26 November 2024 | 10:15 WIB"
MOMENT = Published(datetime(2024, 11, 26, 3, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<p>{STAMP}</p>",
        f"{H1}<div class='info'>{STAMP}</div>",
        f"{H1}<ul><li>Ani Contoh</li><li>{STAMP}</li></ul>",
        f"{H1}<p>Ani Contoh, Jurnalis · {STAMP}</p>",
        f"{H1}<div class='date'><span>26 November 2024</span><br><span>10:15 WIB</span></div>",
        f"{H1}<time>26 November 2024 10:15 WIB</time>",
        f"{H1}<time datetime='2024-11-26T10:15:00+07:00'>kemarin</time>",
        f"<article><span class='tanggal'>{STAMP}</span>{H1}</article>",
        # What stands elsewhere belongs to the page or to other articles.
        f"<header><span class='tanggal'>Minggu, 1 Desember 2024 | 06:58 WIB</span></header>{H1}"
        f"<div class='post-date'>{STAMP}</div>",
        f"<div class='sidebar'><i class='date'>2 Februari 2021</i></div>{H1}<p>{STAMP}</p>",
        f"{H1}<p>{STAMP}</p><div class='komentar'><time datetime='2024-11-29T10:00'></time></div>",
        f"<div class='no-sidebar'>{H1}<p>{STAMP}</p></div>",
    ],
)
def test_a_date_to_be_seen(body):
    assert dates(body) == MOMENT


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<div class='sidebar'><span class='date'>2 Februari 2021 10:00 WIB</span></div>",
        f"{H1}<aside><span class='date'>2 Februari 2021</span></aside>",
        f"{H1}<div class='comments'><time datetime='2024-11-29T10:00'>x</time></div>",
        f"<header><div><span class='date'>Minggu, 1 Desember 2024</span></div></header>{H1}",
    ],
)
def test_dates_of_others_are_none(body):
    assert dates(body) is None


def test_a_clock_that_was_never_set_is_no_date():
    head = '<meta property="article:published_time" content="1970-01-01T00:00:00Z">'
    assert dates(f"{H1}<p>{STAMP}</p>", head) == MOMENT


@pytest.mark.parametrize(
    "path", ["/2024/11/26/jembatan", "/kota/20241126101500-120-1234567/jembatan"]
)
def test_a_day_in_the_address(path):
    found = dates(H1, url=f"https://www.berita.example{path}")
    assert found == Published(datetime(2024, 11, 25, 17, tzinfo=UTC), day_only=True)


def test_other_articles_in_json_ld_are_not_this_one():
    listed = {
        "@type": "NewsArticle",
        "headline": "Harga Beras Naik Lagi",
        "author": {"name": "Orang Lain"},
        "datePublished": "2020-01-01T08:00:00+07:00",
        "articleBody": "Isi berita lain yang panjang sekali. " * 100,
    }
    items = {"@type": "ItemList", "itemListElement": [listed]}
    own = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "author": {"name": "Ani Contoh"},
        "datePublished": "2024-11-26T10:15:00+07:00",
    }
    for nodes in ([items, own], [listed, own]):
        notes = "".join(
            f'<script type="application/ld+json">{json.dumps(node)}</script>'
            for node in nodes
        )
        found = article(page(notes))
        assert (found.author, found.published) == ("Ani Contoh", MOMENT)
        assert "Isi berita lain" not in found.text


@pytest.mark.parametrize(
    ("stated", "heading", "title"),
    [
        (f"{TITLE} - Berita", TITLE, TITLE),
        (f"Berita | {TITLE}", TITLE, TITLE),
        ("Berita", TITLE, TITLE),
        ("Jembatan Lama Ditutup... - Berita", TITLE, TITLE),
        (f"{TITLE}: Ini Alasannya", "Berita", f"{TITLE}: Ini Alasannya"),
    ],
)
def test_the_heading_is_the_title_where_both_say_the_same(stated, heading, title):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<article><h1>{heading}</h1>{text}</article>"
    assert article(page(f"<title>{stated}</title>", body=body)).title == title


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        f"<footer>{'<div class=sidebar>' * 200}"
        f"{'<span class=date>3 Mei 2024</span>' * 16_000}{H1}",
        f"{H1}{'<div class=date>' * 1_900}{'<b> </b>' * 250_000}",
    ],
    ids=["sidebars around the heading", "blanks in dates"],
)
def test_the_dates_of_a_hostile_page_are_found_in_time(body):
    """At a time that grew with the square of its length this would take many minutes."""
    assert stated("", body=H1 + body).dates == ()
