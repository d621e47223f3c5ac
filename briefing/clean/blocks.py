"""A page as a tree of block elements and the texts that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from briefing.clean.hints import is_caption, is_unseen

UNREAD: Final = frozenset(
    {
        *("head", "iframe", "math", "noscript", "object", "script", "style", "svg"),
        "template",
    }
)
"""Elements whose text is not for readers."""
INLINE: Final = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del",
        "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp",
        "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_UNPARTING: Final = INLINE | {"math", "noscript", "script", "style", "svg", "template"}
"""Elements that stand inside a paragraph when they are passed over."""


@dataclass(slots=True, eq=False)
class Node:
    """A block element.

    Attributes:
        element: the element.
        parent: the block element around it, None for the root.
        stop: number behind its last descendant; the nodes inside are ``nodes[number:stop]``.
        number: its place in document order.
    """

    element: HtmlElement
    parent: Node | None
    number: int
    stop: int = 0

    @property
    def tag(self) -> str:
        """Name of the element."""
        return str(self.element.tag)


@dataclass(frozen=True, slots=True)
class Block:
    """A text between two ends of block elements.

    Attributes:
        node: the innermost block element around it.
        text: white space folded; a line end for each ``br`` inside.
        linked: share of its characters that are links.
    """

    node: Node
    text: str
    linked: float


@dataclass(frozen=True, slots=True)
class Blocks:
    """The block elements and texts of a tree, both in document order."""

    nodes: Sequence[Node]
    texts: Sequence[Block]


def read_blocks(root: HtmlElement, *, unread: frozenset[str] = UNREAD) -> Blocks:
    """Return what stands in `root`, without elements in `unread` and unseen ones."""
    reader = _Reader()
    walk = etree.iterwalk(root, events=("start", "end"))
    passed_over = None
    for event, element in walk:
        if event == "end":
            reader.leave(element, passed_over=element is passed_over)
            passed_over = None
        elif element is not root and (element.tag in unread or is_unseen(element)):
            passed_over = element
            walk.skip_subtree()
        else:
            reader.enter(element)
    return Blocks(reader.nodes, reader.texts)


def text_lines(root: HtmlElement) -> list[str]:
    """Return the lines of text in `root` in order, none of them empty."""
    return [
        line for block in read_blocks(root).texts for line in block.text.split("\n")
    ]


@dataclass(slots=True)
class _Reader:
    """Gathers texts until the end of a block element is met."""

    nodes: list[Node] = field(default_factory=list)
    texts: list[Block] = field(default_factory=list)
    open: list[Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0

    def enter(self, element: HtmlElement) -> None:
        """Go into an element."""
        if element.tag == "a":
            self.links += 1
        elif element.tag == "br":
            self.parts.append("\n")
        elif _is_block(element):
            self.close_text()
            parent = self.open[-1] if self.open else None
            node = Node(element, parent, len(self.nodes))
            self.nodes.append(node)
            self.open.append(node)
        self.add(element.text)

    def leave(self, element: HtmlElement, *, passed_over: bool) -> None:
        """Go out of an element; one that was passed over was never entered."""
        if not passed_over:
            if element.tag == "a":
                self.links -= 1
            elif element.tag != "br" and _is_block(element):
                self.close_text()
                self.open.pop().stop = len(self.nodes)
        elif element.tag not in _UNPARTING:
            self.close_text()
        self.add(element.tail)

    def add(self, text: str | None) -> None:
        """Take the text of an element or behind one."""
        if text and self.open:
            self.parts.append(text.replace("\n", " "))
            if self.links:
                self.linked += len(text.strip())

    def close_text(self) -> None:
        """Make a block of what was gathered; two line ends part paragraphs."""
        text = "".join(self.parts)
        if text and not text.isspace():
            found = list(_paragraphs(text))
            share = min(1.0, self.linked / sum(map(len, found)))
            node = self.open[-1]
            self.texts.extend(Block(node, paragraph, share) for paragraph in found)
        self.parts.clear()
        self.linked = 0


def _is_block(element: HtmlElement) -> bool:
    return element.tag not in INLINE or is_caption(element)


def _paragraphs(text: str) -> Iterator[str]:
    """Give what stands between empty lines, white space folded."""
    if "\n" not in text:
        yield " ".join(text.split())
        return
    gathered: list[str] = []
    for line in [*text.split("\n"), ""]:
        folded = " ".join(line.split())
        if folded:
            gathered.append(folded)
        elif gathered:
            yield "\n".join(gathered)
            gathered = []
