"""Entries that a source has changed since they were read, and what is remembered to see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from briefing.gather.entries import Entry
from briefing.text import digest

MOST: Final = 10
"""Changed entries that are read again in one visit, the first ones in the list."""

_FEW: Final = 4
"""Of so few entries even all may have been edited."""

_DIGITS: Final = 12


def edited(
    listed: Sequence[tuple[Entry, str]], before: Mapping[str, str]
) -> tuple[set[str], dict[str, str]]:
    """Return the addresses of entries to be read again, and what to remember of all.

    Where more than half of what is still listed says something else, it is the source's
    habit (dates that are always now, counters of comments), not an edit.

    Args:
        listed: the entries with their addresses.
        before: what was remembered at the last visit.
    """
    marks = {_mark(url): _mark(_said(entry)) for entry, url in listed}
    still = [mark for mark in marks if mark in before]
    changed = [mark for mark in still if marks[mark] != before[mark]]
    if len(still) > _FEW and 2 * len(changed) > len(still):
        return set(), marks
    chosen = set(changed[:MOST])
    marks.update((mark, before[mark]) for mark in changed[MOST:])
    return {url for _, url in listed if _mark(url) in chosen}, marks


def _said(entry: Entry) -> str:
    return "\n".join((entry.title or "", entry.stamp, entry.text))


def _mark(text: str) -> str:
    return digest(text.encode("utf-8", "surrogatepass"))[:_DIGITS]
