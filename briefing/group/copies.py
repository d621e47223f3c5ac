"""Articles that carry the same text, as outlets do that take it from one agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from briefing.group.agreement import SAME_DAY, same_event
from briefing.group.overlaps import overlaps, ranges
from briefing.group.profiles import LONG, Profile, profiles_of
from briefing.group.shingles import Shingles, shingles
from briefing.group.times import Times, earliness, times, together
from briefing.group.vectors import Matrix, order_of, starts_of
from briefing.model import Heading
from briefing.text import fold, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

JACCARD: Final = 0.5
"""Share of the shingles of two texts, taken together, from which they are copies. Texts with
5, 10 and 20 words in a hundred changed at random have .75, .57 and .35; articles of
different events at most .33 (all 140,000 pairs of id_stories.dev). Measured by
``pytest tests/quality/test_copies.py``."""

CONTAINED: Final = 0.7
"""Share of the shorter text's shingles from which it is an abridged copy, if it has `LONG`.
Articles of different events have at most .69. Measured by the same."""

SHORT_JACCARD: Final = 0.6
"""As `JACCARD`, for a text without `LONG` shingles. First sentences of different events, with
their titles, have at most .49. Measured by the same."""

LEAST: Final = min(2 * JACCARD / (1 + JACCARD), CONTAINED)
"""Share of the shorter text's shingles under which two texts are no copies, whatever else."""

FEWEST: Final = 5
"""Shingles under which nothing is a copy."""

COMMON: Final = 50
"""Different texts from which on a shingle is a formula ("scroll to continue"): it counts no
more, neither as shared nor as part of a text. Bounds the time: each shingle of an article
leads to at most so many others."""

WHOLE: Final = 0.9
"""Share of the longest text's shingles from which a copy is not abridged and may stand for
the others."""


def copies(
    articles: Sequence[Heading], profiles: Mapping[str, Profile] | None = None
) -> dict[str, str]:
    """Return article id → id of the article that stands for it, for each that is a copy.

    Two articles are copies if they share `JACCARD` of their shingles, or one contains
    `CONTAINED` of the other's, they tell of the same event (`same_event`), and they were
    published within `DAYS_APART`; one outlet does not copy on another day what it wrote
    itself, unless word for word. What contains several that are no copies of one another is a collection of them, not their original.

    One article stands for all its copies and is itself none: of those that are not abridged
    the agency's own, then the earliest published (undated last), the longest, the least id.

    The order of `articles` never matters: the longest come first, and each is compared with
    those before it that are no copies, by an inverted index: first by the rarest of its shingles,
    of which any text that it is a copy of has one. So the time grows with the
    number of articles, and a text whose every original is a copy itself is found under the
    longest only.

    Args:
        articles: in any order.
        profiles: article id → profile; if None, they are counted from the articles' texts.

    Source: Broder, On the resemblance and containment of documents (1997), on all shingles
    instead of a sample.
    """
    found: dict[str, str] = {}
    known = profiles_of(articles) if profiles is None else profiles
    for cluster in _clusters(shingles(articles, known)):
        members = [cluster.original, *cluster.whole, *cluster.parts]
        standing = _standing(members)
        found |= {
            one.article.id: standing.id
            for one in members
            if one.article.id != standing.id
        }
    return found


@dataclass(slots=True)
class _Cluster:
    """A text and its copies.

    Attributes:
        original: the longest.
        times: when the first and the last were published; empty if all are undated.
        whole: copies by `JACCARD`.
        parts: copies only by `CONTAINED`.
    """

    original: Shingles
    times: Times
    whole: list[Shingles] = field(default_factory=list)
    parts: list[Shingles] = field(default_factory=list)


class _Index:
    """Which texts, counted from 0, a bunch of shingles stands in, as long as they are few.

    Args:
        texts: all that may be added.
    """

    def __init__(self, texts: Sequence[Shingles]) -> None:
        import numpy as np

        often = np.bincount(
            np.concatenate([np.empty(0, np.intp), *(each.bunches for each in texts)])
        )
        self._starts = starts_of(np.minimum(often, COMMON))
        self._texts = np.zeros(self._starts[-1], np.intp)
        self._filled = np.zeros(len(often), np.intp)
        self._sizes = np.zeros(len(texts))
        self._count = 0

    def near(self, text: Shingles) -> tuple[float, list[tuple[int, float, float]]]:
        """Return how many of its shingles are no formulas, and the texts it may be a copy of.

        Of each its number, its shingles that are no formulas, and those that both have.
        """
        import numpy as np

        few = self._filled[text.bunches] < COMMON
        size = text.size - int(text.counts[~few].sum())
        sizes = self._sizes[: self._count]
        common = self._met(text.bunches[few], text.counts[few])
        (near,) = np.nonzero(common >= np.maximum(LEAST * np.minimum(size, sizes), 1))
        return size, list(
            zip(
                *(each.tolist() for each in (near, sizes[near], common[near])),
                strict=True,
            )
        )

    def add(self, texts: Sequence[Shingles]) -> None:
        """Add `texts` in their order."""
        import numpy as np

        lengths = [len(each.bunches) for each in texts]
        bunches = np.concatenate([each.bunches for each in texts])
        order = order_of(bunches)
        bunches = bunches[order]
        counts = np.concatenate([each.counts for each in texts])[order]
        numbers = np.repeat(np.arange(len(texts)), lengths)[order]
        place = np.arange(len(bunches)) - np.searchsorted(bunches, bunches)
        place += self._filled[bunches]
        few = place < COMMON
        self._texts[self._starts[bunches[few]] + place[few]] = (
            numbers[few] + self._count
        )
        self._filled[bunches[few]] = place[few] + 1
        formulas = np.bincount(numbers[~few], counts[~few], len(texts))
        added = slice(self._count, self._count + len(texts))
        self._sizes[added] = [each.size for each in texts] - formulas
        self._count = added.stop
        full = place == COMMON - 1
        self._sizes[: self._count] -= self._met(bunches[full], counts[full])

    def _met(self, bunches: NDArray[Any], counts: NDArray[Any]) -> NDArray[Any]:
        """Return how many shingles of `bunches` stand in each text."""
        import numpy as np

        filled = self._filled[bunches]
        places = ranges(self._starts[bunches], filled)
        return np.bincount(self._texts[places], np.repeat(counts, filled), self._count)


def _clusters(texts: Sequence[Shingles]) -> Iterator[_Cluster]:
    """Yield each text that is no copy of a longer one, with its copies."""
    ordered = sorted(texts, key=_longest)
    index, clusters, waiting = _Index(texts), list[_Cluster](), list[Shingles]()
    for text, suspected in zip(ordered, _suspected(ordered), strict=True):
        found = []
        if suspected:
            if waiting:
                index.add(waiting)
                waiting = []
            size, near = index.near(text)
            found = [
                (common / (size + other - common), -number)
                for number, other, common in near
                if _are_copies(
                    text, clusters[number], size=size, other=other, common=common
                )
            ]
        if found:
            likeness, number = max(found)
            _join(clusters[-number], text, part=likeness < JACCARD)
        else:
            waiting.append(text)
            clusters.append(_Cluster(text, times(text.article)))
    for cluster in clusters:
        yield from _taken_apart(cluster)


def _suspected(texts: Sequence[Shingles]) -> list[bool]:
    """Return which of `texts`, the longest first, may be a copy of one before it.

    That is so if it shares enough with another even though all that may become formulas is
    shared too. Most texts are not, and need not be compared one after the other.
    """
    import numpy as np

    lengths = np.array([len(each.bunches) for each in texts], np.intp)
    bunches = np.concatenate([np.empty(0, np.intp), *(each.bunches for each in texts)])
    counts = np.concatenate([np.empty(0), *(each.counts for each in texts)])
    matrix = Matrix(
        starts_of(lengths), bunches, counts, int(bunches.max(initial=-1)) + 1
    )
    often = np.bincount(bunches)
    rare = often[bunches] <= COMMON
    formulas = np.bincount(matrix.rows[~rare], counts[~rare], len(texts))
    sizes = [each.size for each in texts] - formulas
    few = matrix.having(rare)
    once = replace(few, weights=np.ones(len(few.terms)))
    # Of the shingles of a text, of which most may be left out, any copy has so many.
    fewest = np.minimum(SHORT_JACCARD * sizes, LEAST * LONG)
    found = formulas >= fewest
    for part in overlaps(
        [(few, once)],
        firsts=np.zeros(len(texts)),
        least=1,
        within=0,
        new=np.ones(len(texts), bool),
    ):
        one, other = part.one, part.other
        need = np.where(
            sizes[other] >= LONG,
            LEAST * np.minimum(sizes[one], sizes[other]),
            fewest[one],
        )
        known = part.sums[0] + np.minimum(formulas[one], formulas[other])
        found[one[known >= need]] = True
    return [bool(each) for each in found]


def _longest(text: Shingles) -> tuple[int, datetime, str, str]:
    """Return the key that sorts the longest text first, then the earliest."""
    return -text.size, *earliness(text.article), text.article.revision


def _are_copies(
    text: Shingles, cluster: _Cluster, *, size: float, other: float, common: float
) -> bool:
    """Return whether `text` is a copy of the cluster's original.

    Args:
        text: the shorter text.
        cluster: of the longer text.
        size: shingles of the shorter one without formulas.
        other: those of the longer one.
        common: those that both have.
    """
    if text.profile.short or cluster.original.profile.short or min(size, other) < LONG:
        alike = common >= max(FEWEST, SHORT_JACCARD * (size + other - common))
    else:
        alike = common >= min(
            JACCARD * (size + other - common), CONTAINED * min(size, other)
        )
    return (
        alike
        and together(cluster.times, times(text.article)) is not None
        and (
            common == size == other
            or not _next_of_its_kind(text.article, cluster.original.article)
        )
        and same_event(
            text.profile,
            cluster.original.profile,
            abridged=common < JACCARD * (size + other - common),
        )
    )


def _next_of_its_kind(one: Heading, other: Heading) -> bool:
    """Return whether one outlet published the two, but on another day."""
    moments = times(one) + times(other)
    return (
        one.outlet == other.outlet != ""
        and len(moments) > 1
        and max(moments) - min(moments) >= SAME_DAY
    )


def _join(cluster: _Cluster, text: Shingles, *, part: bool) -> None:
    (cluster.parts if part else cluster.whole).append(text)
    cluster.times = together(cluster.times, times(text.article)) or ()


def _taken_apart(cluster: _Cluster) -> Iterator[_Cluster]:
    """Yield `cluster`, or what it is a collection of and the rest."""
    parts = list(_clusters(cluster.parts)) if len(cluster.parts) > 1 else []
    if len(parts) > 1:
        cluster.parts = []
        yield from parts
    yield cluster


def _standing(members: Sequence[Shingles]) -> Heading:
    """Return the article that stands for all `members`, of which the first is the longest."""
    origins = {frozenset(words(fold(one.article.origin or ""))) for one in members}

    def standing(one: Shingles) -> tuple[bool, bool, datetime, int, str, str]:
        article = one.article
        outlet = frozenset(words(fold(article.outlet)))
        own = any(origin and origin <= outlet for origin in origins)
        moment, ident = earliness(article)
        return (
            article.truncated,
            not own,
            moment,
            -one.profile.length,
            ident,
            article.revision,
        )

    whole = [one for one in members if one.size >= WHOLE * members[0].size]
    return min(whole, key=standing).article
