"""Articles to measure on: 1,000 recombined from the samples in seeds/, the same every run."""

from __future__ import annotations

import json
import lzma
import re
from html import escape
from pathlib import Path

from briefing.text import split_sentences

REAL_PAGES = (
    Path(__file__).parents[2]
    / "shared"
    / "data"
    / "extraction"
    / "scrapinghub.jsonl.xz"
)
"""Pages of the extraction benchmark, read from beside the project where they are."""
SEEDS = Path(__file__).parent.parent / "seeds" / "artikel"
SENTENCES = 18
"""Sentences an article: the mean of Indonesian news (IndoSum, 18.3)."""


def texts(count: int) -> list[str]:
    """Return `count` plain texts, each with a title line and its own number in it."""
    pool = [
        text[span.start : span.end]
        for path in sorted(SEEDS.glob("*.txt"))
        for text in [path.read_text("utf-8")]
        for span in split_sentences(text, language="id")
        if span.end - span.start > 60
    ]
    return [_text(pool, number) for number in range(count)]


EVENTS = 300
"""Events that the articles report; long words are made particular to the event."""


def _text(pool: list[str], number: int) -> str:
    step = 1 + number % 5
    chosen = [pool[(number * 7 + at * step) % len(pool)] for at in range(SENTENCES)]
    chosen = [_about(sentence, number % EVENTS) for sentence in chosen]
    paragraphs = [" ".join(chosen[at : at + 2]) for at in range(0, SENTENCES, 2)]
    noise = "Baca Juga: Harga Beras Naik Lagi"
    return f"Laporan nomor {number} dari Baghdad\n\n" + "\n\n".join(
        [*paragraphs, noise]
    )


def _about(sentence: str, event: int) -> str:
    mark = chr(97 + event % 26) + chr(97 + event // 26)
    return re.sub(r"\b([a-z]{6,})\b", rf"\1{mark}", sentence)


def pages(count: int) -> list[str]:
    """Return `count` HTML pages around the same texts."""
    return [_page(text) for text in texts(count)]


def real_pages() -> list[str]:
    """Return the HTML of the benchmark's pages."""
    with lzma.open(REAL_PAGES, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["html"] for line in lines]


def huge_page(size: int) -> str:
    """Return one page of about `size` characters."""
    bodies = "".join(
        f"<p>{escape(part)}</p>" for text in texts(100) for part in text.split("\n\n")
    )
    body = bodies * (size // len(bodies))
    return f"<html><body><article><h1>Laporan</h1>{body}</article></body></html>"


def _page(text: str) -> str:
    title, *paragraphs = text.split("\n\n")
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    menu = "".join(f'<li><a href="/{at}">Rubrik {at}</a></li>' for at in range(40))
    return (
        f'<html lang="id"><head><title>{escape(title)} - Kabar Contoh</title></head><body>'
        f"<nav><ul>{menu}</ul></nav><article><h1>{escape(title)}</h1>{body}</article>"
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )
