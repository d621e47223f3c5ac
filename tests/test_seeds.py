from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
STARTER = ROOT / "seeds"
REAL = ROOT.parent / "shared" / "seeds"

SAMPLES = sorted((STARTER / "artikel").iterdir())
PLAIN = [path for path in SAMPLES if path.suffix == ".txt"]
PAGES = [path for path in SAMPLES if path.suffix == ".html"]
NOTES = [path for path in SAMPLES if path.suffix == ".md"]

NOISE = {
    "an image file's caption": r"\A[^\n]+\.jpg\n",
    "share counters on lines of their own": r"^0\n\d{2,3}$",
    "a cross-link in the middle": r"^Baca Juga: .+\n\s*\w",
    "a cross-link with a blank before the colon": r"^Baca Juga : .+\n\s*\w",
    "a list of links at the end": r"^Baca juga:\n+.+\n+.+",
    "a story code": r"^Story Code : \d{7}$",
    "the mark of a comment box": r"^DISKUSI:$",
    "a sign-off in square brackets": r"\[[A-Z]+/r\]$",
    "a sign-off of an agency": r"\(T/[A-Z]+-\d/P\d\)$",
    "a sign-off of initials": r"\([a-z]{2}/[a-z]+/[a-z]+\)$",
    "a dateline of place and site": r"^Baghdad, SuaraContoh\.com –",
    "a dateline of a place in capitals": r"^BAGHDAD - ",
    "a dateline of an outlet": r"^KabarContoh - ",
    "an agency's line at the end": r"^[\w ]+ News Agency \([A-Z]+\)$",
    "no blank after a full stop": r"[a-z]\.[A-Z][a-z]",
    "no blank between full stop and quotation mark": r"[a-z]\.\"[A-Z]",
    "a line broken in mid-sentence": r"[a-z]\n[a-z]",
    "a no-break space": "\u00a0",
    "a day without its year": r"Kamis \(15/7\)",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    """Return what a reader sees: no markup, scripts or styles."""
    hidden = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
    return html.unescape(hidden.sub(" ", text_of(path)))


def runs(text: str, *, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return tomllib.loads(text_of(STARTER / "briefing.toml"))


def test_the_starter_names_the_brief_and_its_places(settings: dict[str, Any]) -> None:
    assert settings["title"]
    assert settings["language"] == "id"
    assert settings["zone"] == "Asia/Jakarta"
    assert settings["store"] == {"path": "../briefing.db"}
    assert settings["output"] == {"folder": "../briefs"}


def test_the_starter_has_its_two_topics_in_order(settings: dict[str, Any]) -> None:
    titles = [topic["title"] for topic in settings["topic"]]
    assert titles == ["Penarikan pasukan", "Serangan"]


def test_the_starter_reads_the_folder_of_samples(settings: dict[str, Any]) -> None:
    (source,) = settings["source"]
    assert (source["id"], source["kind"]) == ("contoh", "folder")
    assert STARTER / source["path"] == SAMPLES[0].parent


def test_there_are_samples_of_every_kind_of_file() -> None:
    assert len(SAMPLES) >= 10
    assert len(SAMPLES) == len(PLAIN) + len(PAGES) + len(NOTES)
    assert PLAIN
    assert PAGES
    assert NOTES


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_a_short_article_in_utf8(path: Path) -> None:
    assert 120 <= len(prose_of(path).split()) <= 350


@pytest.mark.parametrize("kind", NOISE)
def test_the_samples_hold_every_kind_of_noise(kind: str) -> None:
    pattern = re.compile(NOISE[kind], re.MULTILINE)
    assert any(pattern.search(text_of(path)) for path in PLAIN)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "part",
    [
        '"NewsArticle"',
        r'"datePublished":\s*"[\d-]+T[\d:]+\+07:00"',
        'property="og:site_name"',
        'rel="canonical" href="https://contoh.example/',
        "Bagikan",
        "Baca Juga: ",
    ],
)
def test_a_page_has_what_news_pages_have(path: Path, part: str) -> None:
    assert re.search(part, text_of(path))


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.name)
@pytest.mark.parametrize("key", ["title", "date", "url", "outlet"])
def test_a_note_says_in_its_front_matter_what_it_is(path: Path, key: str) -> None:
    front = text_of(path).split("---\n")[1]
    assert re.search(rf"^{key}: .+$", front, re.MULTILINE)


def test_some_samples_have_a_title_and_some_have_none() -> None:
    caption = re.compile(r"\A[^\n]+\.jpg\n+")
    first = [caption.sub("", text_of(path)).splitlines()[0] for path in PLAIN]
    titled = [line for line in first if not line.endswith(".")]
    assert 0 < len(titled) < len(first)


def test_one_sample_has_no_date() -> None:
    undated = [
        path.name
        for path in PLAIN
        if not re.search(r"\(\d{1,2}/\d{1,2}[/)]", text_of(path))
    ]
    assert undated == ["04-komisi-militer.txt"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_shares_no_run_of_words_with_the_real_ones(path: Path) -> None:
    if not REAL.is_dir():
        pytest.skip("needs the real articles in ../shared/seeds")
    own = f"{prose_of(path)} {text_of(path)}"
    theirs = {
        run for real in REAL.glob("*.txt") for run in runs(text_of(real), length=6)
    }
    assert not runs(own, length=6) & theirs
