"""The element of a page that holds its article."""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from briefing.clean.blocks import Node
from briefing.clean.hints import holds_article, is_article, is_lead

HOLDERS: Final = frozenset(
    {"article", "body", "center", "div", "form", "html", "main", "section", "td"}
)
"""Elements that can hold an article; paragraphs and lists hold parts of one."""
_ROOTS: Final = frozenset({"body", "html"})
"""Their names are those of the kind of page."""
_MARKED: Final = HOLDERS - _ROOTS

# Chosen as those in main_text.py.
_MARKED_SHARE: Final = 0.7
"""Share of the best element's worth from which a marked element inside is the article."""
_WHOLE_SHARE: Final = 0.9
"""Share of what the largest marked element holds that an inner one must hold as well."""
_PART_SHARE: Final = 0.25
"""Share from which a marked element inside may be one of several articles."""
_TOGETHER_SHARE: Final = 0.5
"""Share of the best element's worth from which parts of one name are the article."""
_BETWEEN_SHARE: Final = 0.8
"""Share of the element around them that parts must hold: little stands between them."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Where the article stands.

    Attributes:
        node: the element.
        several: it may hold other articles as well, or not all of this one.
    """

    node: Node
    several: bool


def find_holder(
    nodes: Sequence[Node],
    total: Sequence[float],
    running: Sequence[float],
    beside: Sequence[bool],
) -> Holder:
    """Return the element that is worth most, or one marked as article inside it.

    Args:
        nodes: the page's, at least one.
        total: of each node, what its blocks are worth together.
        running: the same without blocks that are worth less than nothing.
        beside: of each node, whether it is no part of the article.
    """
    holders = (node for node in nodes if node.tag in HOLDERS)
    best = max(holders, key=lambda node: total[node.number], default=nodes[0])
    marked = [
        node
        for node in nodes[best.number + 1 : best.stop]
        if running[node.number] > 0
        and not beside[node.number]
        and node.tag in _MARKED
        and holds_article(node.element)
    ]
    around = _around_parts(nodes, best, marked, running)
    if around is not None:
        return Holder(around, several=False)
    least = _PART_SHARE * running[best.number]
    large = [node for node in marked if running[node.number] >= least]
    lead = _lead(nodes[best.number + 1 : large[0].number], running) if large else 0.0
    return _marked(best, large, running, whole=running[best.number] - lead)


def _lead(above: Sequence[Node], running: Sequence[float]) -> float:
    """Return what is in elements named as lead."""
    stop = 0
    found = 0.0
    for node in above:
        if node.number >= stop and running[node.number] > 0 and is_lead(node.element):
            stop = node.stop
            found += running[node.number]
    return found


def _marked(
    best: Node, marked: Sequence[Node], running: Sequence[float], *, whole: float
) -> Holder:
    """Return the innermost of `marked` that holds nearly all of `whole`, else `best`."""
    most = max((running[node.number] for node in marked), default=0.0)
    if not marked or most < _MARKED_SHARE * whole:
        return Holder(best, several=bool(marked))
    chosen = [node for node in marked if running[node.number] >= _WHOLE_SHARE * most][
        -1
    ]
    inside = (chosen.number < node.number < chosen.stop for node in marked)
    return Holder(chosen, several=any(inside))


def _around_parts(
    nodes: Sequence[Node],
    best: Node,
    marked: Sequence[Node],
    running: Sequence[float],
) -> Node | None:
    """Return the innermost element around an article that stands in several of one name.

    They lie beside each other, with no main heading and little else between them; where
    one of them is an article of its own, they are none of one.
    """
    named: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in marked:
        if not is_article(node.element):
            name = node.element.get("class") or node.element.get("itemprop") or ""
            named[node.tag, name].append(node)
    for parts in named.values():
        together = sum(running[part.number] for part in parts)
        if len(parts) > 1 and together >= _TOGETHER_SHARE * running[best.number]:
            around = _around(parts[0], parts[-1])
            enough = together >= _BETWEEN_SHARE * running[around.number]
            if enough and _of_one(parts, nodes[around.number + 1 : around.stop]):
                return around
    return None


def _around(first: Node, last: Node) -> Node:
    """Return the innermost element around both."""
    around = first
    while around.stop < last.stop and around.parent is not None:
        around = around.parent
    return around


def _of_one(parts: Sequence[Node], inside: Sequence[Node]) -> bool:
    """Return whether `parts` lie beside each other, none of them in another article.

    `inside` is what the element around them holds.
    """
    if any(one.stop > other.number for one, other in pairwise(parts)):
        return False
    numbers = [part.number for part in parts]
    first, last = parts[0].number, parts[-1].stop
    for node in inside:
        if node.tag == "h1" and first < node.number < last:
            return False
        holds = bisect(numbers, node.number) < bisect_left(numbers, node.stop)
        if holds and node.tag in _MARKED and is_article(node.element):
            return False
    return True
