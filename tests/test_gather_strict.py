"""The reader of well-formed feeds, and what is done to those that are nearly so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.gather import strict_feed
from briefing.gather.charset import decode
from briefing.gather.elements import absolute, is_whole
from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.identity import addressed
from briefing.gather.markup import plain
from briefing.gather.mending import mended
from briefing.gather.parsing import parse_feed
from briefing.gather.prolog import declared_entities, root_at
from briefing.gather.strict_feed import parse_strict
from briefing.gather.tree import tree
from briefing.gather.xml_feed import parse_xml

CASES = Path(__file__).parent / "cases" / "feeds"
URL = "https://warta.example/rss/feed.xml"
RSS = "<rss version='2.0'><channel><title>Warta</title>{}</channel></rss>"

OTHERWISE = {
    "ampersands-bare.xml",  # feedparser makes “©” of “&copy” and “R&D;” of “R&D”
    "control-characters.xml",  # feedparser keeps them
    "entities-of-the-document-type.xml",  # feedparser is not given the document type
    "id-that-is-the-link.xml",  # an empty link is no link
}
"""Cases of which feedparser says something else, and is wrong."""


def said(feed: ParsedFeed) -> list[tuple[Any, ...]]:
    return [
        (one.id, one.link, one.title, one.stamp, plain(one.content), plain(one.summary))
        for one in feed.entries
    ]


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*.xml")), ids=lambda path: path.stem
)
def test_both_readers_say_the_same(path: Path) -> None:
    text = decode(path.read_bytes(), None)
    quick = parse_strict(text.encode("utf-8", "replace"), url=URL)
    slow = parse_xml(text, url=URL)
    if path.name in OTHERWISE:
        assert quick is not None
        assert said(quick) != said(slow)
    elif quick is not None:
        assert said(quick) == said(slow)


@pytest.mark.parametrize(
    "item",
    [
        "<title type='application/octet-stream'>QQ==</title>",
        "<title mode='base64'>QQ==</title>",
        "<description>Satu <b>dua</b> tiga</description>",
        "<link><b>x</b></link>",
        "<guid><b>x</b></guid>",
        "<title>Satu</title><pubDate><b>x</b></pubDate>",
        "<satu><dua><title>Tiga</title></dua></satu>",
        "<image><title>Gambar</title><url>/a.png</url></image>",
    ],
)
def test_what_is_unusual_is_left_to_feedparser(item: str) -> None:
    assert parse_strict(RSS.format(f"<item>{item}</item>").encode(), url=URL) is None


def test_base64_in_the_title_of_the_feed_is_left_to_feedparser() -> None:
    body = RSS.replace("<title>", "<title mode='base64'>")
    assert parse_strict(body.format("<item/>").encode(), url=URL) is None


def test_base64_that_nobody_reads_is_none_of_our_business() -> None:
    item = "<title>A</title><author mode='base64'>QQ==</author>"
    feed = parse_strict(RSS.format(f"<item>{item}</item>").encode(), url=URL)
    assert feed is not None
    assert [entry.title for entry in feed.entries] == ["A"]


def test_base_and_language_count_for_what_is_within() -> None:
    items = (
        "<item xml:base='c/' xml:lang='su'><title>1</title><link>x</link></item>"
        "<item><title xml:lang='jv'>2</title><link xml:base='d/'>x</link></item>"
        "<item><media:group xml:base='e/' xml:lang='ms'><title>3</title><link>x</link>"
        "</media:group><guid>y</guid></item>"
        "<item xml:lang=''><title>4</title><link>x</link></item>"
    )
    channel = f"<channel xml:base='b/' xml:lang='id'>{items}</channel>"
    media = "xmlns:media='http://search.yahoo.com/mrss/'"
    body = f"<rss version='2.0' {media} xml:base='/a/'>{channel}</rss>"
    feed = parse_strict(body.encode(), url=URL)
    assert feed is not None
    base = "https://warta.example/a/b/"
    assert [(one.language, one.link, one.id) for one in feed.entries] == [
        ("su", f"{base}c/x", ""),
        ("jv", f"{base}d/x", ""),
        ("ms", f"{base}e/x", f"{base}y"),
        (None, f"{base}x", ""),
    ]


@given(
    st.from_regex(
        r"(https?:(//[a-c.]{1,5}(/[a-c/.=:&]{0,5})?|/?[a-c]{1,5})(\?[a-c=]{1,5})?(#[a-c]{1,5})?"
        r"|(tag|urn):[a-c:/]{0,5})",
        fullmatch=True,
    )
)
def test_an_address_in_full_is_what_joining_makes_of_it(link: str) -> None:
    if is_whole(link):
        assert absolute(link, URL) == urljoin(URL, link) == link


@pytest.mark.parametrize(
    "body", ["", "Isi", "<rss/>", "<html><item/></html>", "<rss><channel><item></rss>"]
)
def test_what_is_no_feed_is_left_to_feedparser(body: str) -> None:
    assert parse_strict(body.encode(), url=URL) is None


def test_too_many_tags_are_not_held_as_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_feed, "MAX_TAGS", 10)
    body = RSS.format("<item><title>A</title></item>" * 3)
    assert parse_strict(body.encode(), url=URL) is None
    assert len(parse_feed(body.encode(), url=URL).entries) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rugi & laba", "Rugi &amp; laba"),
        ("&amp; &lt; &#38; &#x26;", "&amp; &lt; &#38; &#x26;"),
        ("&nbsp;&eacute;&LT;&kota;", "\xa0é&lt;Kota"),
        ("&tiada; &; &#; &#x; &a b;", "&amp;tiada; &amp;; &amp;#; &amp;#x; &amp;a b;"),
        ("a\x0bb&#11;c&#xFFFF;d&#9999999;", "a b c d "),
        (
            "<![CDATA[a & b &nbsp;]]> & <!-- & -->",
            "<![CDATA[a & b &nbsp;]]> &amp; <!-- & -->",
        ),
        ("<![CDATA[a & b", "<![CDATA[a & b"),
    ],
)
def test_mending(text: str, expected: str) -> None:
    assert mended(text, entities={"kota": "Kota"}) == expected


@given(st.text(st.sampled_from("&;#x1<>![]CDAT-\0\ud800nbsp \u2028é")))
def test_mending_twice_is_mending_once(text: str) -> None:
    once = mended(text, entities={})
    assert mended(once, entities={}) == once


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<a/>", "<a/>"),
        ("\ufeff\n <?xml version='1.0'?><!-- <b> --><?x y?>\n<a>", "<a>"),
        ("<!DOCTYPE rss SYSTEM 'x'><a>", "<a>"),
        ("<!doctype rss [<!ENTITY a 'b>'> ] ><a>", "<a>"),
        ("<!-- <a>", None),
        ("<!DOCTYPE rss [<a>", None),
        ("<?xml <a>", None),
        ("Isi <a>", None),
        ("", None),
    ],
)
def test_where_the_root_begins(text: str, root: str | None) -> None:
    at = root_at(text)
    assert (text[at:] if at >= 0 else None) == root


@given(st.text(st.sampled_from("<>!-?[]DOCTYPExml 'a")))
def test_the_root_of_any_text(text: str) -> None:
    at = root_at(text)
    assert at == -1 or text[at] == "<"


def test_entities_that_could_expand_are_not_taken() -> None:
    text = "<!ENTITY a 'satu'><!ENTITY b \"&a;&a;\"><!ENTITY c SYSTEM 'x'><!ENTITY d '<b/>'>"
    assert declared_entities(text) == {"a": "satu"}


@pytest.mark.parametrize("place", ["feed", "entry"])
def test_a_base_without_end_is_joined_to_no_link(place: str) -> None:
    base = f"xml:base='http://a.example/{'b' * 100_000}/'"
    own = {place: f"{place} {base}"}
    feed = (
        f"<{own.get('feed', 'feed')} xmlns='http://www.w3.org/2005/Atom'>"
        f"<{own.get('entry', 'entry')}><id>1</id><title>A</title><link href='c'/>"
        "</entry></feed>"
    )
    parsed = parse_strict(feed.encode(), url=URL)
    assert parsed is not None
    assert [one.link for one in parsed.entries] == [""]


@pytest.mark.parametrize(
    "piece",
    ["&", "&a", "&#1", "<![CDATA[", "<!--", "<!ENTITY a '", "<!DOCTYPE [", "<?a", "]",
     "<script>", "<style>x</script>", "<item>", "<item><title>", "</", "&amp;amp;", "<!"],
)  # fmt: skip
def test_hostile_repetition_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    mended(text, entities={}), root_at(text), declared_entities(text), plain(text)
    tree(text.encode())
    parse_strict(RSS.format(f"<item><title>{text}").encode(), url=URL)


TIMES = st.integers(0, 9).map(lambda day: datetime(2024, 11, 1 + day, tzinfo=UTC))
ENTRIES = st.builds(
    Entry,
    id=st.sampled_from(["", "1", "2", "3"]),
    link=st.sampled_from(["", "https://a.example/", "https://a.example/x", "mailto:a"]),
    title=st.sampled_from([None, "A", "B"]),
    stamp=st.sampled_from(["", "2024-11-01", "2024-11-02"]),
    summary=st.sampled_from(["", "Isi.", "Lain."]),
)


def moment(entry: Entry) -> datetime | None:
    return (
        datetime.fromisoformat(entry.stamp).replace(tzinfo=UTC) if entry.stamp else None
    )


@settings(max_examples=300)
@given(st.lists(ENTRIES, max_size=8))
def test_no_two_entries_have_one_address(entries: list[Entry]) -> None:
    feed = ParsedFeed(link="https://a.example/", entries=tuple(entries))
    found = addressed(feed, source="warta", moment=moment)
    urls = [url for _, url in found if url is not None]
    assert len(urls) == len(set(urls))
    assert {one.title for one, _ in found} == {one.title for one in entries}


@given(st.lists(ENTRIES, max_size=6))
def test_a_feed_given_twice_is_given_once(entries: list[Entry]) -> None:
    once = addressed(ParsedFeed(entries=tuple(entries)), source="w", moment=moment)
    twice = addressed(ParsedFeed(entries=tuple(entries * 2)), source="w", moment=moment)
    texts = [url for _, url in once if url is not None]
    assert [url for _, url in twice if url is not None] == texts


def test_later_entries_of_a_shared_link_leave_the_earlier_ones_alone() -> None:
    link = "https://a.example/langsung"
    posts = [
        Entry(id=str(at), link=link, title=f"Kabar {at}", summary="Isi.",
              stamp=(datetime(2024, 11, 1) + timedelta(days=at)).date().isoformat())
        for at in range(5)
    ]  # fmt: skip
    seen: dict[str, str] = {}
    for count in range(1, 6):
        feed = ParsedFeed(entries=tuple(reversed(posts[:count])))
        for entry, url in addressed(feed, source="w", moment=moment):
            assert url is not None
            assert seen.setdefault(entry.id, url) == url
    assert len(set(seen.values())) == 5
