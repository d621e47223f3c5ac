"""The static site: what leads where, what programs read of it, and what foreign text may do."""

from __future__ import annotations

import csv
import json
import posixpath
import re
from dataclasses import replace
from io import StringIO
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from briefing.deliver.names import check_names
from briefing.model import Name, OutletCard, Section, Story
from briefing.render.citation import bibtex
from briefing.text import name_slug, slug_of
from tests.briefs import BRIDGE, report
from tests.desk import Desk
from tests.sites import SITE, editions, pages_of

pytestmark = pytest.mark.sqlite  # `tests/sites.py` copies a store's file

BASE = SITE.base or ""
HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return pages_of(editions())


def trees(pages: dict[str, str]) -> dict[str, html.HtmlElement]:
    return {
        name: html.document_fromstring(page)
        for name, page in pages.items()
        if name.endswith(".html")
    }


def links(tree: html.HtmlElement) -> set[str]:
    return {str(link) for link in tree.xpath("//a/@href | //link/@href")}


def test_every_link_within_the_site_leads_somewhere(pages):
    check_links(pages)


def check_links(pages: dict[str, str]) -> None:
    known = trees(pages)
    places = {
        name: {str(one) for one in tree.xpath("//@id")} for name, tree in known.items()
    }
    here = set(pages) | {
        name.replace(".html", ".json") for name in pages if name[:9] == "editions/"
    }
    for name, tree in known.items():
        for link in links(tree):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path) or posixpath.basename(name)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            assert target in here, f"{name}: {link}"
            if parts.fragment:
                assert parts.fragment in places[target], f"{name}: {link}"


def test_a_story_that_goes_on_has_one_page_with_all_its_days(pages):
    page = " ".join(trees(pages)["stories/999999999999.html"].text_content().split())
    assert page.index("Truk memutar") < page.index("Jembatan dibuka")
    assert "2 edisi" in page
    assert "Pena" in page


def test_an_edition_leads_to_those_around_it(pages):
    first, middle, last = (one.date for one in editions())
    tree = trees(pages)[f"editions/{middle}.html"]
    [around] = tree.xpath("//nav[@class='around']")
    assert around.xpath(".//@href") == [f"{first}.html", f"{last}.html"]


def test_the_first_page_is_the_newest_edition(pages):
    last = editions()[-1].date
    tree = trees(pages)["index.html"]
    assert tree.xpath("string(//time/@datetime)") == str(last)
    [canonical] = tree.xpath("//link[@rel='canonical']/@href")
    assert canonical == f"{BASE}editions/{last}.html"


def test_a_topic_with_few_editions_stands_whole_on_its_page(pages):
    tree = trees(pages)["topics/jalan.html"]
    assert len(tree.xpath("//section[@class='day']")) == 2
    assert not tree.xpath("//nav[@class='years']")
    assert not any(re.match(r"(topics|outlets|names)/.+/", name) for name in pages)


def test_what_has_more_editions_lists_its_stories_by_month():
    pages = pages_of(editions(), recent=1)
    years = sorted({str(one.date.year) for one in editions()}, reverse=True)
    known = trees(pages)
    for place in ("topics/jalan", f"names/{name_slug('Sungai Kapur')}"):
        assert known[f"{place}.html"].xpath("//nav[@class='years']/a/text()") == years
        [month] = known[f"{place}/{years[0]}.html"].xpath("//main//li/a/@href")
        assert "Truk memutar" in pages[f"{place}/{month}"]
        assert "Truk memutar" not in pages[f"{place}/2024-12.html"]
    assert "outlets/pena/2025.html" not in pages
    check_links(pages)


def test_an_outlet_has_the_card_that_the_operator_states():
    card = OutletCard("PENA", "Indonesia", citation="https://pena.example/tentang")
    pages = pages_of(editions(), replace(SITE, cards=(card,)))
    known = trees(pages)
    shown = [
        " ".join(one.text_content().split())
        for one in known["outlets/pena.html"].xpath("//dl[@class='card']/dd")
    ]
    assert shown == ["Indonesia", "tidak dinyatakan", "https://pena.example/tentang"]
    assert "https://pena.example/tentang" in links(known["outlets/pena.html"])
    [other] = known[f"outlets/{slug_of('Warta Kapur')}.html"].xpath(
        "//dl[@class='card']"
    )
    assert " ".join(other.text_content().split()).count("tidak dinyatakan") == 3


def test_a_name_has_a_page_with_the_stories_that_name_it(pages):
    known = trees(pages)
    name = f"names/{name_slug('Sungai Kapur')}.html"
    days = [
        (day.xpath("string(.//time/@datetime)"), day.xpath(".//li/a/@href"))
        for day in known[name].xpath("//section[@class='day']")
    ]
    bridge, rain = (f"../stories/{one * 12}.html" for one in "92")
    assert days == [
        (str(editions()[-1].date), [bridge]),
        (str(editions()[0].date), [bridge, rain]),
    ]
    assert f"../{name}" in links(known[bridge[3:]])
    listed = known["names/index.html"].xpath("//ul//a/bdi/text()")
    assert listed == ["Sungai Kapur"], "of several stories alone"
    assert name_slug("AS") == name_slug("Amerika Serikat")


def test_the_names_of_an_edition_lead_to_their_pages():
    first = editions()[0]
    named = Name("AS", "place", ("1" * 16,), 1)
    stories = tuple(
        Story(
            letter * 12,
            (report(letter * 16, "Isi.", title=letter),),
            names=(named,) if letter in "ab" else (),
        )
        for letter in "abcd"
    )
    pages = pages_of([replace(first, sections=(Section("jalan", "Jalan", stories),))])
    [entry] = trees(pages)["index.html"].xpath("//section[@class='index']//li")
    assert entry.xpath("./a/bdi/text()")[0] == "AS"
    assert entry.xpath("./a/@href")[0] == f"names/{name_slug('AS')}.html"


def test_the_archive_is_a_calendar(pages):
    first = editions()[0].date
    tree = trees(pages)[f"archive/{first.year}.html"]
    [day] = tree.xpath(f"//td/a[@href='../editions/{first}.html']/b/text()")
    assert day == str(first.day)


def test_feeds_are_read_by_others(pages):
    newest = editions()[-1].date
    read = feedparser.parse(pages["feed.xml"])
    assert not read.bozo
    assert read.entries[0].id == f"{BASE}editions/{newest}.html"
    assert "Truk di atas delapan ton" in read.entries[0].content[0].value
    listed = json.loads(pages["feed.json"])
    assert listed["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["id"] for one in listed["items"]] == [one.id for one in read.entries]
    of_topic = feedparser.parse(pages["topics/jalan.xml"])
    assert not of_topic.bozo
    assert len(of_topic.entries) == 2
    assert of_topic.feed.link == f"{BASE}topics/jalan.html"


def test_a_story_has_feeds_of_its_own(pages):
    page = "stories/999999999999.html"
    days = [f"{BASE}{page}#{one.date}" for one in (editions()[-1], editions()[0])]
    read = feedparser.parse(pages["stories/999999999999.xml"])
    assert not read.bozo
    assert [one.id for one in read.entries] == days
    assert read.feed.link == f"{BASE}{page}"
    assert BRIDGE[2] in read.entries[0].content[0].value
    listed = json.loads(pages["stories/999999999999.json"])
    assert [one["url"] for one in listed["items"]] == days
    offered = trees(pages)[page].xpath("//link[@rel='alternate']/@href")
    assert offered[:2] == [
        "../stories/999999999999.xml",
        "../stories/999999999999.json",
    ]


def test_an_edition_can_be_cited(pages):
    day = editions()[0].date
    tree = trees(pages)[f"editions/{day}.html"]
    [cited] = tree.xpath("//section[@class='citation']")
    address = f"{BASE}editions/{day}.html"
    assert " ".join(cited.text_content().split()).endswith(
        f"Kabar Lembah Kapur. Minggu, 1 Desember 2024. {address}"
    )
    entry = pages[f"editions/{day}.bib"]
    assert entry.startswith(f"@misc{{briefing-{day},\n")
    assert "title = {{Kabar Lembah Kapur: Minggu, 1 Desember 2024}}," in entry
    assert f"url = {{{address}}}," in entry


@given(st.text())
def test_no_title_gets_out_of_its_citation(title: str) -> None:
    entry = bibtex(replace(editions()[0], title=title), day="hari ini", url=None)
    lines = entry.split("\n")
    assert len(lines) == 8
    bare = re.sub(r"\\(?:text\w+\{\}|.)", "", lines[1])
    assert bare.startswith("  title = {{")
    assert bare.endswith("}},")
    assert not set(bare[12:-3]) & set("{}\\#$%&_^~")


def test_pages_say_what_they_are_to_those_who_pass_them_on(pages):
    for name, tree in trees(pages).items():
        said = {
            one.get("property"): one.get("content")
            for one in tree.xpath("//meta[starts-with(@property, 'og:')]")
        }
        wanted = {"og:type", "og:title", "og:description", "og:site_name", "og:url"}
        assert wanted == said.keys(), name
        assert all(said.values()), name


def test_the_sitemaps_name_pages_that_are_there(pages):
    def named(sitemap: str) -> list[str]:
        root = ElementTree.fromstring(pages[sitemap])
        found = [one.text or "" for one in root.iter() if one.tag.endswith("}loc")]
        assert all(one.startswith(BASE) for one in found)
        return [one.removeprefix(BASE) or "index.html" for one in found]

    parts = named("sitemap.xml")
    assert parts == [
        "sitemap-lists.xml",
        "sitemap-2024-12.xml",
        "sitemap-2025-01.xml",
    ]
    found = [one for part in parts for one in named(part)]
    assert set(found) <= set(pages)
    assert len(set(found)) == len(found)
    stories = {one for one in pages if re.fullmatch(r"stories/.+\.html", one)}
    assert stories <= set(found)
    assert f"Sitemap: {BASE}sitemap.xml" in pages["robots.txt"]


def test_without_an_address_there_are_pages_and_no_feeds(pages):
    found = pages_of(editions(), replace(SITE, base=None))
    left_out = {"feed.xml", "feed.json", "robots.txt"}
    assert pages.keys() - found.keys() == {
        *left_out,
        *(
            name
            for name in pages
            if re.fullmatch(r"(topics|stories)/.+\.(xml|json)|sitemap.*\.xml", name)
        ),
    }
    assert BASE not in "".join(found.values())


def test_linked_data_says_what_the_page_is(pages):
    tree = trees(pages)[f"editions/{editions()[-1].date}.html"]
    [told] = tree.xpath("//script[@type='application/ld+json']/text()")
    data = json.loads(told)
    assert data["@type"] == "CollectionPage"
    [one] = data["mainEntity"]["itemListElement"]
    assert one["item"]["headline"] == "Truk memutar"


def hostile() -> dict[str, str]:
    one = report(
        "3" * 16,
        f"Sebuah kalimat {HOSTILE}.",
        title=HOSTILE,
        outlet=HOSTILE,
        author=f"={HOSTILE}",
        link=f"javascript:alert(1)//{HOSTILE}",
    )
    story = Story("8" * 12, (one,), names=(Name(HOSTILE, "", ("3" * 16,), 1),))
    twin = replace(story, id="7" * 12)
    brief = replace(
        editions()[0],
        title=HOSTILE,
        sections=(Section("jahat", HOSTILE, (story, twin)),),
        top_lines=one.sentences,
    )
    card = OutletCard(HOSTILE, HOSTILE, HOSTILE, f"javascript:alert(1)//{HOSTILE}")
    return pages_of([brief], replace(SITE, title=HOSTILE, cards=(card,)))


def test_foreign_text_stays_text():
    pages = hostile()
    for name, tree in trees(pages).items():
        scripts = tree.xpath("//script")
        own = {"search.js"} if name == "search.html" else set()
        assert all(
            one.get("type") == "application/ld+json" or one.get("src") in own
            for one in scripts
        ), name
        assert not tree.xpath("//img | //@onerror | //@onload"), name
        assert not any(link.startswith("javascript:") for link in links(tree)), name
    parts = [page for name, page in pages.items() if name.startswith("search/")]
    assert not any("</script" in one for one in parts)
    for name in ("feed.xml", "topics/jahat.xml", "stories/888888888888.xml"):
        ElementTree.fromstring(pages[name])
        assert "<script" not in pages[name]
    assert "<script" not in json.loads(pages["feed.json"])["items"][0]["content_html"]
    rows = list(csv.reader(StringIO(pages[f"editions/{editions()[0].date}.csv"])))
    assert all(not cell.startswith("=") for row in rows for cell in row)


@given(st.text(min_size=1))
def test_a_slug_is_a_safe_name_for_ever(name: str) -> None:
    slug = slug_of(name)
    assert re.fullmatch("[a-z0-9][a-z0-9-]{0,63}", slug)
    assert slug == slug_of(name.casefold())
    check_names([f"outlets/{slug}.html"])


@pytest.mark.parametrize(
    "name", ["con", "NUL", "index", "../etc", "a b", "محطة", "..", "LPT1", "a-0123abcd"]
)
def test_names_that_mean_more_than_their_letters_get_a_mark(name: str) -> None:
    assert re.fullmatch("([a-z0-9-]+-)?[0-9a-f]{8}", slug_of(name))
    assert slug_of(name) != name


def test_plain_names_stay_as_they_are():
    assert slug_of("detikcom") == slug_of("Detikcom") == "detikcom"


def test_the_same_editions_give_the_same_bytes(pages):
    assert pages_of(editions()) == pages


def test_the_command_writes_what_is_published(tmp_path):
    desk = Desk.with_articles(tmp_path)
    assert desk.run("site").exit_code == 1
    assert desk.run("build", now="2024-11-30T06:00+07:00").exit_code == 0
    assert desk.run("publish", now="2024-11-30T06:00+07:00").exit_code == 0
    result = desk.run("site", "--base", "https://kabar.example/kapur")
    assert result.exit_code == 0, result.output
    feed = (tmp_path / "site/feed.xml").read_text()
    assert urljoin("https://kabar.example/kapur/", "editions/2024-11-30.html") in feed
    before = {one: one.stat().st_mtime_ns for one in (tmp_path / "site").rglob("*")}
    assert (
        desk.run("site", "--base", "https://kabar.example/kapur/", "--json").exit_code
        == 0
    )
    assert before == {
        one: one.stat().st_mtime_ns for one in (tmp_path / "site").rglob("*")
    }
    assert desk.run("site", "--base", "ftp://x").exit_code == 2


def test_editions_of_several_schedules_stand_side_by_side():
    morning, *_ = editions()
    evening = replace(morning, edition="2024-12-01-1800")
    weekly = replace(morning, edition="pekan-2024-12-01")
    pages = pages_of([morning, evening, weekly])
    tree = trees(pages)["archive/2024.html"]
    found = tree.xpath("//td/a/@href")
    keys = ("2024-12-01", "2024-12-01-1800", "pekan-2024-12-01")
    assert found == [f"../editions/{key}.html" for key in keys]
    around = trees(pages)["editions/pekan-2024-12-01.html"]
    assert not around.xpath("//nav[@class='around']")
    assert "2024-12-01-1800.html" in links(trees(pages)["editions/2024-12-01.html"])
