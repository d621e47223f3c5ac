"""Linked articles become groups, the strongest link first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from briefing.group.times import Times, together
from briefing.group.vectors import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSE: Final = 0.15
"""Mean cosine, over all pairs of articles of two groups, under which no link joins them: a
chain of links, each sure, leads from one event to the next. B-cubed of uci_headlines.dev with 0,
.05, .1 and .15: .24, .81, .82, .82; nothing changes on id_stories.dev up to .2."""

Link = tuple[float, int, int]
"""Negative likeness and the places of two articles, the lower first."""


def joined(
    parts: Sequence[Times],
    links: Sequence[Link],
    texts: Matrix,
    *,
    apart: Collection[tuple[int, int]],
    told: Sequence[Sequence[int]] = (),
) -> list[list[int]]:
    """Return the places of `parts` by group, ascending in each.

    A link that would join what was published more than `DAYS_APART`, or groups whose mean
    cosine is below `CLOSE`, waits for the next round, and is passed over if nothing changes
    any more. A link that would bring together two places that are `apart` is passed over.

    Args:
        parts: when the articles at each place were published.
        links: the strongest first, so that the order of the input never matters.
        texts: a row of length 1 for each place.
        apart: pairs of places, the lower first.
        told: groups that stay together whatever links there are, and apart from each other.
    """
    kept = {group[0]: group for group in told}
    foes = defaultdict[int, set[int]](set)
    for one, other in apart:
        foes[one].add(other)
        foes[other].add(one)
    groups: list[list[int]] = []
    for places, inside in _components(len(parts), links, told):
        if inside:
            joining = _Joining(parts, _Sums(texts, places), places, foes)
            for place in places:
                if place in kept:
                    joining.keep(kept[place])
            joining.join(inside)
            groups += joining.groups()
        else:
            groups.append(places)
    return sorted(groups)


class _Roots:
    """Which group each of some places belongs to, by its least place."""

    def __init__(self, places: Iterable[int]) -> None:
        self._parents = {place: place for place in places}

    def root(self, place: int) -> int:
        parents = self._parents
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    def unite(self, one: int, other: int) -> None:
        """Unite two groups, by their roots, the lower first."""
        self._parents[other] = one

    def groups(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for place in self._parents:
            found[self.root(place)].append(place)
        return list(found.values())


def _components(
    count: int, links: Sequence[Link], told: Sequence[Sequence[int]]
) -> Iterator[tuple[list[int], list[Link]]]:
    """Yield the places that links lead between, with these links; their order is kept."""
    roots = _Roots(range(count))
    ties = [(group[0], place) for group in told for place in group[1:]]
    for one, other in chain((link[1:] for link in links), ties):
        first, second = roots.root(one), roots.root(other)
        if first != second:
            roots.unite(min(first, second), max(first, second))
    inside: defaultdict[int, list[Link]] = defaultdict(list)
    for link in links:
        inside[roots.root(link[1])].append(link)
    for places in roots.groups():
        yield places, inside[roots.root(places[0])]


class _Sums:
    """The sum of the vectors of each group, by its root."""

    def __init__(self, texts: Matrix, places: Sequence[int]) -> None:
        import numpy as np

        rows = {place: texts.row(place) for place in places}
        terms = np.concatenate([each for each, _ in rows.values()])
        numbers, self._width = _numbered(terms, texts.width)
        ends = np.cumsum([len(each) for each, _ in rows.values()])[:-1]
        self._rows = {
            place: (each, weights)
            for (place, (_, weights)), each in zip(
                rows.items(), np.split(numbers, ends), strict=True
            )
        }
        self._sums: dict[int, NDArray[Any]] = {}
        self.sizes = dict.fromkeys(places, 1)

    def mean(self, one: int, other: int) -> float:
        """Return the mean cosine over all pairs of articles of two groups."""
        import numpy as np

        if one not in self._sums:
            one, other = other, one
        terms, weights = self._rows[other]
        # einsum, unlike @, is the same whatever the number of threads.
        if other in self._sums:
            product = np.einsum("i,i->", self._sum(one), self._sums[other])
        else:
            product = np.einsum("i,i->", self._sum(one)[terms], weights)
        return float(product) / (self.sizes[one] * self.sizes[other])

    def unite(self, one: int, other: int) -> None:
        total = self._sum(one)
        if other in self._sums:
            total += self._sums[other]
        else:
            terms, weights = self._rows[other]
            total[terms] += weights
        self._sums[one] = total
        self._sums.pop(other, None)
        self.sizes[one] += self.sizes[other]

    def _sum(self, root: int) -> NDArray[Any]:
        import numpy as np

        if root in self._sums:
            return self._sums[root]
        terms, weights = self._rows[root]
        total = np.zeros(self._width)
        total[terms] = weights
        return total


def _numbered(terms: NDArray[Any], width: int) -> tuple[NDArray[Any], int]:
    """Return `terms` numbered from 0, ascending as they do, and how many different ones there are."""
    import numpy as np

    if len(terms) <= width:
        known, numbers = np.unique(terms, return_inverse=True)
        return numbers, len(known)
    there = np.zeros(width, np.intp)  # many need not be sorted
    there[terms] = 1
    numbered = np.cumsum(there) - 1
    return numbered[terms], int(numbered[-1]) + 1


class _Joining:
    """The places of one component, as far as they are joined."""

    def __init__(
        self,
        parts: Sequence[Times],
        sums: _Sums,
        places: Sequence[int],
        foes: Mapping[int, set[int]],
    ) -> None:
        self._roots = _Roots(places)
        self._sums = sums
        self._spans = {place: parts[place] for place in places}
        self._members = {place: [place] for place in places}
        self._foes = {place: set(foes[place]) for place in places if place in foes}
        self._refused: set[tuple[int, int, int, int]] = set()
        self._told: set[int] = set()

    def keep(self, group: Sequence[int]) -> None:
        """Join the places of a group that was told before."""
        for place in group[1:]:
            self._unite(*sorted((self._roots.root(group[0]), self._roots.root(place))))
        self._told.add(self._roots.root(group[0]))

    def join(self, links: Sequence[Link]) -> None:
        """Join what `links` may join, the strongest first, until nothing changes any more."""
        waiting, before = list(links), -1
        while len(waiting) != before:
            before = len(waiting)
            waiting = [link for link in waiting if self._waits(link[1], link[2])]

    def groups(self) -> list[list[int]]:
        return self._roots.groups()

    def _waits(self, one: int, other: int) -> bool:
        """Join two places if they may be; return whether they may be joined later."""
        first, second = sorted((self._roots.root(one), self._roots.root(other)))
        if first == second:
            return False
        span = together(self._spans[first], self._spans[second])
        if span is None or self._kept_apart(first, second):
            return False
        if first in self._told and second in self._told:
            return False
        if not self._close(first, second):
            return True
        self._unite(first, second)
        self._spans[first] = span
        return False

    def _unite(self, first: int, second: int) -> None:
        """Unite two groups, by their roots, the lower first."""
        self._roots.unite(first, second)
        self._sums.unite(first, second)
        if second in self._told:
            self._told.add(first)
        self._members[first] += self._members.pop(second)
        if second in self._foes:
            self._foes.setdefault(first, set()).update(self._foes.pop(second))

    def _kept_apart(self, first: int, second: int) -> bool:
        foes = self._foes.get(first)
        return foes is not None and not foes.isdisjoint(self._members[second])

    def _close(self, first: int, second: int) -> bool:
        sizes = self._sums.sizes
        if sizes[first] == sizes[second] == 1:
            return True
        asked = (first, second, sizes[first], sizes[second])
        if asked in self._refused:
            return False
        close = round(self._sums.mean(first, second), 9) >= CLOSE
        if not close:
            self._refused.add(asked)
        return close
