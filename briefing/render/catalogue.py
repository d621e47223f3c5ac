"""What a site lists: each story as each edition told it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from briefing.model import OTHER, Brief, Day, Name, Report, Section, Story
from briefing.render.layout import named, story_view
from briefing.render.links import anchor
from briefing.render.shown import Item, StoryView
from briefing.text import digest, fold
from briefing.text.places import name_key

_RESERVED: Final = re.compile(
    r"con|prn|aux|nul|index|(com|lpt)\d|.*-[0-9a-f]{8}", re.ASCII
)
"""Names that Windows keeps for devices, whatever their ending; ours; and what looks like a mark."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as an edition told it.

    Attributes:
        edition: key of the edition.
        story: the story's id.
        anchor: its place on the edition's page.
        item: the leading report, named.
        outlets: slug → how that outlet reported.
        names: slug → whom or what it names.
        full: told in full, not in one line.
    """

    edition: str
    story: str
    anchor: str
    item: Item
    outlets: Mapping[str, Item]
    names: Mapping[str, Name]
    full: bool


@dataclass(frozen=True, slots=True)
class EditionCard:
    """An edition in a list.

    Attributes:
        key: its key.
        date: its date.
        stories: how many it tells in full.
        articles: how many it has.
    """

    key: str
    date: Day
    stories: int
    articles: int


@dataclass(slots=True)
class Shelf:
    """What stands under one topic, outlet or name.

    Attributes:
        slug: its name in addresses, the same for ever.
        title: its newest heading.
        tellings: in the order of editions, and on a page.
    """

    slug: str
    title: str
    tellings: list[Telling] = field(default_factory=list)

    @property
    def stories(self) -> int:
        """How many different stories there are."""
        return len({one.story for one in self.tellings})


@dataclass(slots=True)
class Catalogue:
    """All that a site lists; editions are added the oldest first.

    Attributes:
        editions: in their order.
        stories: id → tellings.
        topics: slug → shelf.
        outlets: slug → shelf.
        names: slug → shelf.
    """

    editions: list[EditionCard] = field(default_factory=list)
    stories: dict[str, list[Telling]] = field(default_factory=dict)
    topics: dict[str, Shelf] = field(default_factory=dict)
    outlets: dict[str, Shelf] = field(default_factory=dict)
    names: dict[str, Shelf] = field(default_factory=dict)

    def add(self, brief: Brief) -> None:
        """List the stories of one more edition."""
        stories = articles = 0
        for section, story, telling in told_in(brief):
            stories += telling.full
            articles += len(story.reports)
            self.stories.setdefault(story.id, []).append(telling)
            if section.slug != OTHER:
                self._put(self.topics, Shelf(section.slug, section.title), telling)
            for slug, item in telling.outlets.items():
                self._put(self.outlets, Shelf(slug, item.outlet), telling)
            for slug, name in telling.names.items():
                self._put(self.names, Shelf(slug, name.name), telling)
        self.editions.append(EditionCard(brief.key, brief.date, stories, articles))

    @staticmethod
    def _put(shelves: dict[str, Shelf], shelf: Shelf, telling: Telling) -> None:
        kept = shelves.setdefault(shelf.slug, shelf)
        kept.title = shelf.title
        kept.tellings.append(telling)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one edition told of a story."""

    edition: str
    view: StoryView


def chapters(briefs: Sequence[Brief], story: str) -> Iterator[Chapter]:
    """Yield what each of some editions told of a story."""
    for brief in briefs:
        for section in brief.sections:
            for one, _ in _told(section):
                if one.id == story:
                    yield Chapter(brief.key, story_view(one))


def told_in(brief: Brief) -> Iterator[tuple[Section, Story, Telling]]:
    """Yield the stories of an edition, each with its section and its place in the catalogue."""
    for section in brief.sections:
        for story, full in _told(section):
            yield section, story, _telling(brief.key, story, full=full)


def slug_of(name: str) -> str:
    """Return a name for addresses and files, of 60 letters at most, the same for ever.

    Two names have the same only if they differ in nothing but case. What is more than small
    letters and digits carries a mark of the whole.
    """
    low = name.strip().casefold()
    readable = re.sub("[^a-z0-9]+", "-", fold(low)).strip("-")[:50].rstrip("-")
    if readable and readable == low and not _RESERVED.fullmatch(low):
        return low
    return f"{readable}-{digest(low.encode())[:8]}".lstrip("-")


def name_slug(name: str) -> str:
    """Return `slug_of` what is the same for all ways to write a name."""
    return slug_of(name_key(name))


def _told(section: Section) -> Iterator[tuple[Story, bool]]:
    """Yield the stories of a section, and whether they are told in full."""
    yield from ((story, True) for story in section.stories)
    yield from ((story, False) for story in section.noted)


def _telling(edition: str, story: Story, *, full: bool) -> Telling:
    outlets: dict[str, Item] = {}
    for item in map(named, story.reports):
        outlets.setdefault(slug_of(item.outlet), item)
    return Telling(
        edition,
        story.id,
        anchor("story", story.id),
        named(_leading(story)),
        outlets,
        {name_slug(one.name): one for one in reversed(story.names)},
        full,
    )


def _leading(story: Story) -> Report:
    """Return the report that names a story, that of an earlier edition if it tells nothing."""
    lead = story.reports[0]
    if lead.title or lead.sentences or not story.timeline:
        return lead
    return story.timeline[-1].report
