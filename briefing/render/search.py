"""The index of a site's search: parts that a page loads as it needs them, from a folder too.

Each part is a script that hands over one value, for a page that was opened as a file may load
scripts and nothing else. Words are parted by their first two letters; which stories have a word
also by year, so that a day more changes nothing of the years before:

    search/index.js                 years, parts of words, topics, outlets
    search/w-me.js                  words that begin with “me” → their stems; "" for a stem itself
    search/2024/index.js            the year's parts, and its editions with how many stories each has
    search/2024/w-me.js             stems that begin with “me” → stories of the year
    search/2024/facets.js           topics and outlets → stories of the year
    search/editions/2024-12-01.js   what a result shows of the stories of an edition

Stories are numbered within their year, anew in each edition that tells them. Postings stand in base
36, the newest first: its number, then the distance from each to the one before it, all doubled, and
one more if the title has the word. So what a day adds is put in front of what there is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any, Final

from briefing.model import OTHER, Brief, Report, Story, ToldStory, told_stories
from briefing.render.catalogue import Catalogue
from briefing.render.reports import named
from briefing.render.text import plain
from briefing.text import fold, slug_of, stem, stop_words, words
from briefing.text.affixes import affixes

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


class DamagedIndexError(Exception):
    """A part that is to be added to is not there, or is not what was written."""


class SearchIndex:
    """What is found on a site whose readers read `language` (BCP 47).

    Args:
        language: of the readers.
        kept: gives the text of a part that there is and that is to be added to, else None.

    Raises:
        DamagedIndexError: by all its methods.
    """

    def __init__(self, language: str, kept: Callable[[str], str | None]) -> None:
        self._language = language
        self._kept = kept
        self._parts: dict[str, dict[str, Any]] = {}
        self._stems: dict[str, str] = {}

    def add(self, brief: Brief) -> Iterator[tuple[str, str]]:
        """Add one more edition, in the order of time; yield the part that is its alone."""
        year = f"{brief.date.year:04}"
        editions = self._part(f"{year}/index").setdefault("editions", [])
        first = sum(count for _, count in editions)
        told = list(told_stories(brief))
        editions.append([brief.key, len(told)])
        stories = (
            story
            for section in brief.sections
            for story in (*section.stories, *section.noted)
        )
        found: defaultdict[str, dict[int, bool]] = defaultdict(dict)
        for number, (one, story) in enumerate(zip(told, stories, strict=True), first):
            self._read(one, story, number, found)
            self._file(year, one, number)
        for root, numbers in found.items():
            part = self._part(f"{year}/{part_of(root)}")
            part[root] = _coded(numbers, part.get(root))
        name = f"editions/{brief.key}"
        yield f"search/{name}.js", _handed(name, list(map(_result, told)))

    def year(self, year: int) -> Iterator[tuple[str, str]]:
        """Yield name and text of the parts of a year, which then are forgotten."""
        here = f"{year:04}/"
        parts = {
            name: self._parts.pop(name)
            for name in list(self._parts)
            if name.startswith(here)
        }
        index = parts.get(f"{here}index", {})
        names = {name.removeprefix(here) for name in parts} - {"index"}
        index["parts"] = sorted({*index.get("parts", ()), *names})
        for name, part in parts.items():
            yield f"search/{name}.js", _handed(name, part)

    def files(self, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
        """Yield name and text of all other parts; the one that names the others last."""
        names = {*self._part("index").get("parts", ()), *self._parts} - {"index"}
        for name, part in self._parts.items():
            if name != "index":
                yield f"search/{name}.js", _handed(name, part)
        known = affixes(self._language)
        index = {
            "parts": sorted(names),
            "years": [year for year, _ in catalogue.years()],
            "affixes": asdict(known) if known else None,
            **{
                kind: [(one.slug, one.title) for one in catalogue.labels(kind)]
                for kind in ("topics", "outlets")
            },
        }
        yield "search/index.js", _handed("index", index)

    def _part(self, name: str) -> dict[str, Any]:
        if name not in self._parts:
            text = self._kept(f"search/{name}.js")
            self._parts[name] = {} if text is None else _taken(name, text)
            if text is None and self._listed(name):
                raise DamagedIndexError(f"{name} is not there")
        return self._parts[name]

    def _listed(self, name: str) -> bool:
        """Tell whether the index names a part."""
        folder, slash, last = name.rpartition("/")
        return last != "index" and last in self._part(f"{folder}{slash}index").get(
            "parts", ()
        )

    def _read(
        self,
        told: ToldStory,
        story: Story,
        number: int,
        found: Mapping[str, dict[int, bool]],
    ) -> None:
        for root in self._roots(_title(told.lead)):
            found[root][number] = True
        for text in _said(story):
            for root in self._roots(text):
                found[root].setdefault(number, False)

    def _roots(self, text: str) -> Iterator[str]:
        """Yield the stems of the words of a text, and learn which forms they have."""
        stops = stop_words(self._language)
        for word in words(fold(plain(text))):
            if word in stops:
                continue
            if word not in self._stems:
                root = self._stems[word] = stem(word, self._language)
                # A stem may be a word itself, with a stem of its own ("menteri").
                self._part(part_of(root)).setdefault(root, "")
                self._part(part_of(word))[word] = "" if word == root else root
            yield self._stems[word]

    def _file(self, year: str, told: ToldStory, number: int) -> None:
        facets = self._part(f"{year}/facets")
        outlets = {slug_of(one.outlet or one.source) for one in told.reports}
        topics = {told.topic[0]} - {OTHER}
        for kind, slugs in (("topics", topics), ("outlets", outlets)):
            filed = facets.setdefault(kind, {})
            for slug in slugs:
                filed[slug] = _coded({number: False}, filed.get(slug))


def part_of(word: str) -> str:
    """Return the name of the part that a word stands in, of plain letters and digits."""
    name = "".join(one if one.isascii() and one.isalnum() else "_" for one in word[:2])
    return f"w-{name.lower()}"


def _result(told: ToldStory) -> list[str]:
    """Return what a result shows: the story's id, heading, language and outlets."""
    outlets = ", ".join(plain(one.outlet or one.source) for one in told.reports)
    return [told.id, _title(told.lead), told.lead.language, outlets]


def _title(lead: Report) -> str:
    return plain(named(lead).name)


def _said(story: Story) -> Iterable[str]:
    for one in story.sentences or story.reports[0].sentences:
        yield one.text
    for report in story.reports:
        yield report.title or ""
    for name in story.names:
        yield name.name


def _coded(numbers: Mapping[int, bool], older: str | None) -> str:
    """Return postings with `numbers`, all higher than those there are, in front of these."""
    ordered = sorted(numbers, reverse=True)
    after = [2 * (one - other) + numbers[other] for one, other in pairwise(ordered)]
    steps = [2 * ordered[0] + numbers[ordered[0]], *after]
    if not older:
        return " ".join(map(_base36, steps))
    head, *rest = older.split(" ", 1)
    newest, titled = divmod(int(head, 36), 2)
    steps.append(2 * (ordered[-1] - newest) + titled)
    return " ".join([*map(_base36, steps), *rest])


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


def _taken(name: str, text: str) -> dict[str, Any]:
    """Return what `_handed` handed over.

    Raises:
        DamagedIndexError: it is something else.
    """
    before, after = f'briefing("{name}",', ");\n"
    try:
        if text.startswith(before) and text.endswith(after):
            value = json.loads(text[len(before) : -len(after)])
            if isinstance(value, dict):
                return value
    except ValueError:
        pass
    raise DamagedIndexError(f"{name} is not what was written")
