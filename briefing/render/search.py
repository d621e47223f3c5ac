"""The index of a site's search: parts that a page loads as it needs them, from a folder too.

Each part is a script that hands over one value, for a page that was opened as a file may load
scripts and nothing else. Words are parted by their first two letters, stories by number:

    search/index.js    the parts there are, editions, topics, outlets
    search/me.js       forms of words that begin with “me” → stems; stems → stories
    search/facets.js   topics and outlets → stories
    search/d0.js       the first thousand stories

A posting is the distance from the number before, doubled, and one more if the title has the word;
in base 36.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any, Final

from briefing.model import Brief, Section, Story
from briefing.render.catalogue import Telling, told_in
from briefing.render.text import plain
from briefing.text import fold, stem, stop_words, words
from briefing.text.affixes import affixes

CHUNK: Final = 1_000
"""Stories of a part."""

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


class SearchIndex:
    """What is found on a site whose readers read `language` (BCP 47).

    A story is numbered anew in each edition that tells it.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._stories: list[list[str]] = []
        self._editions: list[tuple[str, int]] = []
        self._stems: defaultdict[str, dict[int, bool]] = defaultdict(dict)
        self._forms: dict[str, str] = {}
        self._topics: defaultdict[str, list[int]] = defaultdict(list)
        self._outlets: defaultdict[str, list[int]] = defaultdict(list)
        self._titles: dict[str, dict[str, str]] = {"topics": {}, "outlets": {}}

    def add(self, brief: Brief) -> None:
        """Add the stories of one more edition, the oldest edition first."""
        self._editions.append((str(brief.date), len(self._stories)))
        for section, story, telling in told_in(brief):
            number = len(self._stories)
            self._stories.append(_listed(telling))
            self._read(number, _title(telling), title=True)
            for text in _said(story):
                self._read(number, text, title=False)
            self._file(number, section, telling)

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield name and text of each part; the one that names the others last."""
        parts = self._words()
        for name, part in sorted(parts.items()):
            yield f"search/{name}.js", _handed(name, part)
        yield "search/facets.js", _handed("facets", self._facets())
        for at in range(0, len(self._stories), CHUNK):
            name = f"d{at // CHUNK}"
            some = self._stories[at : at + CHUNK]
            yield f"search/{name}.js", _handed(name, some)
        index = {
            "parts": sorted(parts),
            "editions": self._editions,
            "stories": len(self._stories),
            "chunk": CHUNK,
            "affixes": asdict(known) if (known := affixes(self._language)) else None,
            **{kind: sorted(one.items()) for kind, one in self._titles.items()},
        }
        yield "search/index.js", _handed("index", index)

    def _read(self, number: int, text: str, *, title: bool) -> None:
        stops = stop_words(self._language)
        for word in words(fold(plain(text))):
            if word not in stops:
                root = stem(word, self._language)
                self._forms[word] = root
                found = self._stems[root]
                found[number] = found.get(number, False) or title

    def _file(self, number: int, section: Section, telling: Telling) -> None:
        self._topics[section.slug].append(number)
        self._titles["topics"][section.slug] = section.title
        for slug, item in telling.outlets.items():
            self._outlets[slug].append(number)
            self._titles["outlets"][slug] = item.outlet

    def _words(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return the parts of words: forms and stems by their first two letters."""
        parts: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(
            lambda: {"forms": {}, "stems": {}}
        )
        for form, root in sorted(self._forms.items()):
            if form != root:
                parts[part_of(form)]["forms"][form] = root
        for root, found in sorted(self._stems.items()):
            parts[part_of(root)]["stems"][root] = _coded(found)
        return dict(parts)

    def _facets(self) -> dict[str, dict[str, str]]:
        return {
            kind: {
                slug: _coded(dict.fromkeys(one, False)) for slug, one in filed.items()
            }
            for kind, filed in (("topics", self._topics), ("outlets", self._outlets))
        }


def part_of(word: str) -> str:
    """Return the name of the part that a word stands in, of plain letters and digits."""
    name = "".join(one if one.isascii() and one.isalnum() else "_" for one in word[:2])
    return f"w-{name.lower()}"


def _listed(telling: Telling) -> list[str]:
    """Return what a result shows: the story's id, heading, language and outlets."""
    outlets = ", ".join(plain(one.outlet) for one in telling.outlets.values())
    return [telling.story, _title(telling), telling.item.report.language, outlets]


def _title(telling: Telling) -> str:
    item = telling.item
    if item.title:
        return plain(item.title)
    return plain(item.heading.sentence.text) if item.heading else ""


def _said(story: Story) -> Iterable[str]:
    for one in story.sentences or story.reports[0].sentences:
        yield one.text
    for report in story.reports:
        yield report.title or ""
    for name in story.names:
        yield name.name


def _coded(numbers: Mapping[int, bool]) -> str:
    ordered = sorted(numbers)
    steps = [
        2 * (after - before) + numbers[after]
        for before, after in pairwise([0, *ordered])
    ]
    return " ".join(map(_base36, steps))


def _base36(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found or "0"


def _handed(name: str, value: Any) -> str:
    """Return a script that hands `value` over; none of its strings ends a script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    safe = text.replace("<", "\\u003c")
    return f'briefing("{name}",{safe});\n'
