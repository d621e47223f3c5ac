"""Lines of a page that tell in words who wrote: “Oleh Budi Contoh”, “Penulis: Budi Contoh”."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Final

from lxml.html import HtmlElement

from briefing.clean.blocks import INLINE
from briefing.clean.names import begins_with_role, is_role, is_signature
from briefing.clean.signs import VOID, is_beside, lines

_MOST: Final = 50
"""Most roles that are looked at."""
_BEGINNING: Final = 60
"""Characters of a text in which its role must stand."""
_LINE_LENGTH: Final = 120
_LINES: Final = 1_000
"""Most lines of one block that are looked at."""
_LEVELS: Final = 3
"""Levels up from a role to what holds the name as well."""


def signatures(
    elements: Iterable[HtmlElement], *, around: frozenset[HtmlElement]
) -> Iterator[list[str]]:
    """Give the lines that a writer's role and a name begin.

    A role that stands alone is given with the line after it.

    Args:
        elements: those below the heading, in document order.
        around: the elements around the heading.
    """
    seen: list[HtmlElement] = []
    for element in islice(filter(_begins_with_role, elements), _MOST):
        block = _block(element)
        if block not in seen and not is_beside(block, around):
            seen.append(block)
            yield from _signed(list(islice(lines(block), _LINES)))


def _begins_with_role(element: HtmlElement) -> bool:
    text = element.tail if element.tag in VOID else element.text
    return bool(text) and begins_with_role(text.lstrip()[:_BEGINNING])


def _block(element: HtmlElement) -> HtmlElement:
    """Return the block in which a role stands; what is around it, if it stands alone."""
    block = element.getparent() if element.tag in VOID else element
    while block.tag in INLINE and block.getparent() is not None:
        block = block.getparent()
    for outer in [block, *islice(block.iterancestors(), _LEVELS)]:
        if not is_role(outer.text_content()):
            return outer
    return block


def _signed(found: list[str]) -> Iterator[list[str]]:
    for line, following in pairwise([*found, ""]):
        if is_role(line) and begins_with_role(line):
            yield [f"{line}\n{following}"]
        elif len(line) <= _LINE_LENGTH and line[-1] not in ".!?" and is_signature(line):
            yield [line]
