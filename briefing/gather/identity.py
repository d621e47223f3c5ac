"""Which address each entry of a feed has: every entry one, no two the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from briefing.gather.address import web_address
from briefing.gather.entries import Entry, ParsedFeed
from briefing.gather.markup import has_text
from briefing.text import digest

Moment = Callable[[Entry], datetime | None]
_LATEST = datetime.max.replace(tzinfo=UTC)


def addressed(
    feed: ParsedFeed, *, source: str, moment: Moment
) -> list[tuple[Entry, str | None]]:
    """Return each entry with the address of its document, in the feed's order.

    That is its link, whatever its id says: ids change. Of several entries that share a
    link, and of those that link to the site's front page, the ids tell which is which: the
    oldest keeps the link, so that it has the same address at every visit; the others, like
    entries without a link, have one made of their id. Ids that stand on entries with
    different links tell nothing; then title and date do. What stands in the feed twice
    is given once.

    Args:
        feed: as parsed.
        source: the source's id.
        moment: returns when an entry was published.

    Returns:
        None in place of an address where an entry has neither a link that can be asked for
        nor a text.
    """
    links = [web_address(entry.link) for entry in feed.entries]
    named = _Names(feed.entries, links, source)
    once = [at for at, link in enumerate(links) if link is None or named.is_first(at)]
    holders = _holders(feed.entries, links, once, moment)
    holders.pop(web_address(feed.link) or "", None)
    found: dict[object, tuple[Entry, str | None]] = {}
    for at in once:
        holds = holders.get(links[at] or "") == at
        url = links[at] if holds else named.address(at)
        found.setdefault(url or at, (feed.entries[at], url))
    return list(found.values())


def _holders(
    entries: Sequence[Entry],
    links: Sequence[str | None],
    once: Sequence[int],
    moment: Moment,
) -> dict[str, int]:
    """Return which entry keeps each link: the oldest, else the last in the feed."""
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for at in once:
        sharing[links[at] or ""].append(at)
    holders = {}
    for link, places in sharing.items():
        holders[link] = places[0]
        if len(places) > 1:
            holders[link] = min(
                places, key=lambda at: (moment(entries[at]) or _LATEST, -at)
            )
    holders.pop("", None)
    return holders


class _Names:
    """What tells the entries of one feed from one another, other than their links."""

    def __init__(
        self, entries: Sequence[Entry], links: Sequence[str | None], source: str
    ) -> None:
        self._entries = entries
        self._source = source
        places: defaultdict[str, set[object]] = defaultdict(set)
        for entry, link in zip(entries, links, strict=True):
            places[entry.id].add((link, entry.title, None if link else entry.text))
        self._telling = {
            key for key, where in places.items() if len(where) == 1 and key
        }
        seen: set[object] = set()
        self._first: list[bool] = []
        for place, link in enumerate(links):
            same = [(link, name) for name in self._same(place)]
            self._first.append(seen.isdisjoint(same))
            seen.update(same)

    def is_first(self, place: int) -> bool:
        """Tell whether no entry before has the same link and the same id, or title and date."""
        return self._first[place]

    def address(self, place: int) -> str | None:
        """Return an address made of an entry's name; None if it has no text."""
        entry = self._entries[place]
        if not has_text(entry.text):
            return None
        told = entry.id if entry.id in self._telling else ""
        name = told or "\n".join((entry.title or "", entry.stamp)).strip() or entry.text
        return f"feed:{self._source}/{digest(name.encode('utf-8', 'replace'))[:16]}"

    def _same(self, place: int) -> list[object]:
        entry = self._entries[place]
        names: list[object] = [entry.id] if entry.id in self._telling else []
        if entry.title and entry.stamp:
            names.append((entry.title, entry.stamp))
        return names or [(entry.title, entry.text)]
