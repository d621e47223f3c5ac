from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.clean.addresses import addresses
from briefing.clean.canonical import canonical_url, without_tracking
from briefing.clean.urls import is_web, same_site, site_name
from briefing.text.sites import registrable_domain

LINES = [
    line
    for line in (Path(__file__).parent / "cases/urls.txt")
    .read_text("utf-8")
    .split("\n")
    if line and not line.startswith("#")
]
PAGE = "https://www.berita.example/nasional/2024/05/harga-beras-turun"


def sides(sign: str) -> list[tuple[str, str]]:
    pairs = [line.split(f" {sign} ") for line in LINES if f" {sign} " in line]
    return [(left, right) for left, right in pairs]


def test_every_line_of_the_cases_is_one():
    signs = ("->", "!=", "==")
    assert len(LINES) == sum(len(sides(sign)) for sign in signs) >= 60


@pytest.mark.parametrize(("url", "canonical"), sides("->"))
def test_a_canonical_address(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(("one", "other"), sides("=="))
def test_two_addresses_of_one_article(one, other):
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), sides("!="))
def test_addresses_of_two_articles(one, other):
    assert canonical_url(one) != canonical_url(other)


PARTS = st.lists(
    st.sampled_from(
        [
            "https://", "http://", "www.", "m.", "amp.", "berita.example", "co.id", ":80",
            "/", "//", "amp", "index.html", ".amp", ".html", "..", "/./", "judul-1", "%2e",
            "%41", "%", "é", " ", "+", ";jsessionid=1", "(S(a))", "?", "&", "&amp;", "page=all",
            "utm_source=x", "id=1", "a", "#", "#!/", "=", ";", "cdn.ampproject.org/c/s/",
            "www.google.com/amp/s/", "@", "\x00", "\ud800", "[", "]", "::1",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(url=st.one_of(PARTS, PARTS.map("https://berita.example/".__add__), st.text()))
@example(url="https://a.example/index.html/amp/index.amp.html")
@example(url="https://a.example/%61mp/b;jsessionid=1/amp")
@example(url="https://https:// #")
def test_doing_it_twice_changes_nothing_more(url):
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert without_tracking(without_tracking(url)) == without_tracking(url)


@given(rest=PARTS)
def test_a_canonical_address_is_plain_and_one_a_reader_may_open(rest):
    once = canonical_url("https://berita.example/" + rest)
    assert once.isascii()
    assert is_web(once)
    assert urlsplit(once).scheme == "https"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (
            "http://m.berita.example/a/?utm_source=x&page=all&ref=rss#k",
            "http://m.berita.example/a/?page=all",
        ),
        ("https://nama:sandi@berita.example:81", "https://berita.example:81/"),
        ("https://berita.example/#!/a", "https://berita.example/#!/a"),
        ("http://[", "http://["),
        ("file:a", "file:a"),
    ],
)
def test_the_link_shown_still_opens(url, link):
    assert without_tracking(url) == link


@pytest.mark.parametrize(
    ("stated", "canonical", "link"),
    [
        # The same site, however it calls its hosts.
        (
            "http://nasional.berita.example/read/12345/judul",
            "https://nasional.berita.example/read/12345/judul",
            "http://nasional.berita.example/read/12345/judul",
        ),
        (
            "/read/12345/judul?utm_source=x",
            "https://berita.example/read/12345/judul",
            "https://www.berita.example/read/12345/judul",
        ),
        (
            "//m.berita.example/harga-beras-turun",
            "https://berita.example/harga-beras-turun",
            "https://m.berita.example/harga-beras-turun",
        ),
        (
            "https://www.berita.example/?p=12",
            "https://berita.example/?p=12",
            "https://www.berita.example/?p=12",
        ),
        # Another site, the front page, a section, no address.
        ("https://kabar.example/read/12345/judul", None, None),
        ("https://www.berita.example/", None, None),
        ("https://www.berita.example", None, None),
        ("https://m.berita.example/index.html?utm_source=x", None, None),
        ("https://www.berita.example/nasional/", None, None),
        ("https://www.berita.example/nasional/2024", None, None),
        ("https://www.berita.example/politik-dan-hukum", None, None),
        ("https://[", None, None),
        ("javascript:alert(1)", None, None),
        ('https://www.berita.example/read/12345/"onclick="', None, None),
        ("", None, None),
    ],
)
def test_what_a_page_says_of_its_address(stated, canonical, link):
    own = ("https://berita.example/nasional/2024/05/harga-beras-turun", PAGE)
    expected = own if canonical is None else (canonical, link)
    assert addresses(PAGE, stated=[stated]) == expected


def test_the_second_statement_counts_if_the_first_does_not():
    right = "https://www.berita.example/read/12345"
    said = ["https://www.berita.example/", right]
    assert addresses(PAGE, stated=said) == ("https://berita.example/read/12345", right)


def test_a_page_in_a_cache_is_the_page():
    cached = f"https://www-berita-example.cdn.ampproject.org/c/s/{PAGE[8:]}/amp"
    own, _ = addresses(PAGE, stated=[])
    assert addresses(cached, stated=[]) == (own, cached)
    assert addresses(cached, stated=[PAGE]) == (own, PAGE)


def test_a_file_has_the_address_it_states_as_a_link():
    assert addresses("file:a.html", stated=["a", PAGE]) == ("file:a.html", PAGE)
    assert addresses("file:a.html", stated=[]) == ("file:a.html", None)


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://berita.example/a", True),
        ("http://", False),
        ("javascript:alert(1)", False),
        ('https://berita.example/"onclick=', False),
        ("https://berita.example/a b", False),
        ("//berita.example/a", False),
    ],
)
def test_addresses_a_reader_may_open(url, web):
    assert is_web(url) is web


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.berita.example/a", "http://m.berita.example/b", True),
        ("https://foto.berita.example/", "https://berita.example/", True),
        ("https://foto.berita.co.id/", "https://bola.berita.co.id/", True),
        ("https://berita.co.id/", "https://kabar.co.id/", False),
        ("https://satu.blogspot.com/", "https://dua.blogspot.com/", False),
        ("https://beritaexample.example/", "https://example/", False),
        ("https://berita.example/", "https://kabar.example/", False),
        ("http://127.0.0.1/", "http://127.0.0.1:81/", True),
        ("http://127.0.0.1/", "http://10.0.0.1/", False),
        ("file:a", "file:a", False),
    ],
)
def test_sites(one, other, same):
    assert same_site(one, other) is same
    assert same_site(other, one) is same


def test_the_name_of_a_site():
    assert site_name("https://www.berita.example/a") == "berita.example"
    assert site_name("file:a") is None


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.berita.co.id", "berita.co.id"),
        ("berita.example", "berita.example"),
        ("co.id", None),
        ("localhost", None),
        ("", None),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("www.xn--85x722f.com.cn", "xn--85x722f.com.cn"),
    ],
)
def test_what_somebody_registered(host, domain):
    assert registrable_domain(host) == domain
