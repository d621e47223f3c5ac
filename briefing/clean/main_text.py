"""The main text of a page: the element where running text outweighs links and menus.

Each block of text is worth its words, a block of links costs; the element whose blocks are
worth most together holds the article (after Pasternack & Roth 2009, “Extracting article
text from the web with maximum subsequence segmentation”). Names of elements only decide
where that leaves a choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from briefing.clean.blocks import UNREAD, Block, Blocks, Node, read_blocks
from briefing.clean.hints import holds_article, is_apart, is_beside, is_lead, is_unseen
from briefing.clean.holder import find_holder
from briefing.clean.paywall import keeps_rest_back
from briefing.clean.tables import Valued, with_rows

_UNREAD: Final = UNREAD | {
    *(
        "aside",
        "audio",
        "button",
        "canvas",
        "dialog",
        "figure",
        "footer",
        "input",
        "map",
    ),
    *("menu", "nav", "select", "textarea", "video"),
}
_CELLS: Final = frozenset({"caption", "dt", "figcaption", "legend", "td", "th"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLOSED: Final = re.compile(r"[.!?…:;。！？][\"'”’»)\]」』]*\Z")
_SIGNED: Final = re.compile(
    r"(?:[(\[][\w./ -]{1,40}[)\]]|\w/\w{1,12}|[-–—][a-z]{2,4}[-–—]|[-–—*]{2,})\.?\Z"
)
"""A sign-off at the end of an article: “(ab/cd)”, “[XY/z]”, “---”."""
_TAIL: Final = 60
"""Characters at the end of a text that tell how it ends."""
_NO_BLANKS: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that are written without blanks, or with few."""

# Chosen on extraction/scrapinghub (tests/quality/test_extraction.py) and tests/cases/pages;
# moved one at a time by 15 to 50 %, they leave the F1 within .966 to .968 (not tried:
# _SURE_SHARE).
_RUNNING: Final = 10
"""Words from which a block is running text."""
_COST: Final = 6
"""Words that a block must have before it is worth anything."""
_MENU_COST: Final = 12
"""Most words of a block of links that count against it."""
_BESIDE_SHARE: Final = 0.4
"""Share of the page's worth above which an element is not beside it, whatever its name."""
_SURE_SHARE: Final = 0.8
"""Share of the page's worth that must be in the chosen element, else it is not sure."""
_SURE_WORDS: Final = 20
_SAID: Final = 2
"""Words from which a closed paragraph beside running text is text."""
_ALONE: Final = 4
"""Words from which anything else that is closed is text."""
_UNCLOSED: Final = 3
"""Words from which the last paragraph beside running text is text without a full stop."""
_NEAR: Final = 8
"""Blocks before and behind the end of the article where a notice stands that others follow."""
_METERED: Final = 2
"""Paragraphs of running text from which a hidden element holds the rest of the article."""
_BEFORE_SHARE: Final = 0.2
"""Share of the worth above the first heading from which that is part of the article."""


@dataclass(frozen=True, slots=True)
class MainText:
    """What was chosen of a page.

    Attributes:
        paragraphs: in order; a line end for each ``br`` inside.
        sure: nearly all running text of the page is in it, and it is one article.
        partial: the page says that there is more for some readers, or hides it.
    """

    paragraphs: tuple[str, ...]
    sure: bool
    partial: bool = False


_Texts = list[Valued]


def main_text(root: HtmlElement) -> MainText:
    """Return the running text that `root` is about."""
    page = read_blocks(root, unread=_UNREAD)
    titled = _titled(page.nodes)
    out = _marked_out(page.nodes, lambda node: is_apart(node.element), titled)
    worth = _without([_worth(block) for block in page.texts], page.texts, out)
    before = _sums(page, [max(0.0, each) for each in worth])
    most = _BESIDE_SHARE * before[0]
    beside = _marked_out(
        page.nodes,
        lambda node: (
            out[node.number]
            or (before[node.number] <= most and is_beside(node.element))
        ),
        titled,
    )
    worth = _without(worth, page.texts, beside)
    total = _sums(page, worth)
    running = _sums(page, [max(0.0, each) for each in worth])
    if not running[0]:
        return MainText((), sure=False)
    holder = find_holder(page.nodes, total, running, beside)
    chosen = holder.node
    values = zip(page.texts, worth, strict=True)
    seen = (each for each in values if not beside[each[0].node.number])
    above, inside = _split_at(chosen, seen)
    lead = _lead(above, inside)
    paragraphs = _paragraphs([*lead, *_below_title(inside)])
    share = (running[chosen.number] + sum(each for _, each in lead)) / running[0]
    lost = 1 - running[chosen.number] / (before[chosen.number] or 1)
    words = sum(map(_words, paragraphs))
    sure = share >= _SURE_SHARE and lost <= 1 - _SURE_SHARE and words >= _SURE_WORDS
    return MainText(
        paragraphs,
        sure=sure and not holder.several,
        partial=_kept_back(page.texts, chosen) or _hides_text(chosen),
    )


def _kept_back(blocks: Sequence[Block], chosen: Node) -> bool:
    """Return whether the page says that not all readers are shown all of the article."""
    inside = [
        at
        for at, block in enumerate(blocks)
        if chosen.number <= block.node.number < chosen.stop
    ]
    end = inside[-1] + 1 if inside else 0
    after = blocks[max(0, end - _NEAR) : end + _NEAR]
    return keeps_rest_back(block.text for block in blocks) or keeps_rest_back(
        (block.text for block in after), behind=True
    )


def _hides_text(chosen: Node) -> bool:
    """Return whether running text stands in `chosen` that browsers do not show."""
    hidden = (one for one in chosen.element.iter("div", "section") if is_unseen(one))
    return any(_is_metered(one) for one in hidden)


def _is_metered(element: HtmlElement) -> bool:
    """Return whether the element holds paragraphs of running text."""
    if is_beside(element) and not holds_article(element):
        return False
    texts = (" ".join(one.text_content().split()) for one in element.iter("p"))
    running = (text for text in texts if _words(text) >= _RUNNING and _is_closed(text))
    return len(list(islice(running, _METERED))) == _METERED


def _worth(block: Block) -> float:
    """Return what a block adds to the element it stands in, about one a word."""
    words = _words(block.text)
    if block.linked > 0.5:
        return -min(words, _MENU_COST) - 3
    if words < _RUNNING:
        return 0 if _is_closed(block.text) else -2
    return float(words * (1 - block.linked) ** 2 - _COST)


def _words(text: str) -> int:
    """Return about how many words `text` has; two characters where none are told apart."""
    words = text.count(" ") + text.count("\n") + 1
    if len(text) > 8 * words:
        words = max(words, len(_NO_BLANKS.findall(text)) // 2)
    return words


def _sums(page: Blocks, values: Iterable[float]) -> list[float]:
    """Return for each node the sum of the values of the blocks inside it."""
    sums = [0.0] * len(page.nodes)
    for block, value in zip(page.texts, values, strict=True):
        sums[block.node.number] += value
    for node in reversed(page.nodes):
        if node.parent is not None:
            sums[node.parent.number] += sums[node.number]
    return sums


def _marked_out(
    nodes: Sequence[Node], names: Callable[[Node], bool], titled: Sequence[bool]
) -> list[bool]:
    """Return for each node whether it, or one around it, is named as no part of the article.

    What holds the page's main heading is never left out.
    """
    marked = [False] * len(nodes)
    for node in nodes[1:]:
        around = node.parent is not None and marked[node.parent.number]
        marked[node.number] = around or (not titled[node.number] and names(node))
    return marked


def _without(
    worth: Sequence[float], blocks: Sequence[Block], left_out: Sequence[bool]
) -> list[float]:
    """Return the values, 0 for blocks in nodes that are left out."""
    pairs = zip(blocks, worth, strict=True)
    return [0.0 if left_out[block.node.number] else each for block, each in pairs]


def _titled(nodes: Sequence[Node]) -> list[bool]:
    """Return for each node whether a main heading is inside it."""
    titled = [False] * len(nodes)
    for node in reversed(nodes):
        titled[node.number] = titled[node.number] or node.tag == "h1"
        if titled[node.number] and node.parent is not None:
            titled[node.parent.number] = True
    return titled


def _split_at(chosen: Node, blocks: Iterable[Valued]) -> tuple[_Texts, _Texts]:
    """Return the blocks above `chosen` and those inside it."""
    above, inside = [], []
    for valued in blocks:
        number = valued[0].node.number
        if chosen.number <= number < chosen.stop:
            inside.append(valued)
        elif not inside:
            above.append(valued)
    return above, inside


def _paragraphs(blocks: _Texts) -> tuple[str, ...]:
    """Return the texts that are no links, cells or headings at the ends."""
    kept = [
        (block, each)
        for block, each in with_rows(blocks)
        if block.node.tag != "h1"
        and not _is_link(block)
        and (each > 0 or block.node.tag not in _CELLS)
    ]
    return tuple(_distinct(block.text for block, _ in _without_ends(kept)))


def _lead(above: _Texts, inside: _Texts) -> _Texts:
    """Return the lead of the text `inside` that stands between the main heading and it."""
    headings = [at for at, (one, _) in enumerate(above) if one.node.tag == "h1"]
    if not headings or any(one.node.tag == "h1" for one, _ in inside):
        return []
    opening = next((one.text for one, each in inside if each > 0), "")
    return [
        (one, each)
        for one, each in above[headings[-1] :]
        if each > 0
        and _holds_lead(one.node)
        and not opening.startswith(one.text.rstrip(" .…"))
    ]


def _holds_lead(node: Node) -> bool:
    return any(
        each is not None and is_lead(each.element) for each in (node, node.parent)
    )


def _is_link(block: Block) -> bool:
    """Return whether a block leads elsewhere; a sentence that is a link is still text."""
    if block.linked <= 0.5:
        return False
    return _words(block.text) < _RUNNING or not _is_closed(block.text)


def _is_closed(text: str) -> bool:
    return _CLOSED.search(text[-_TAIL:]) is not None


def _below_title(blocks: _Texts) -> _Texts:
    """Return the blocks below the main heading, all if much of the text stands above it."""
    at = next((n for n, (one, _) in enumerate(blocks) if one.node.tag == "h1"), 0)
    above = sum(each for _, each in blocks[:at] if each > 0)
    whole = sum(each for _, each in blocks if each > 0)
    return blocks[at:] if above < _BEFORE_SHARE * whole else blocks


def _without_ends(blocks: _Texts) -> _Texts:
    """Return the blocks from the first to the last that is text.

    The last may lack its full stop, if it is a paragraph beside running text.
    """
    around = {block.node.parent for block, each in blocks if each > 0}

    def is_sibling(block: Block) -> bool:
        node = block.node
        return node.tag == "p" and not block.linked and node.parent in around

    def is_text(valued: Valued) -> bool:
        block, each = valued
        least = _SAID if is_sibling(block) else _ALONE
        closed = _is_closed(block.text) or _SIGNED.search(block.text[-_TAIL:])
        said = bool(closed) and block.text.count(" ") + 1 >= least
        return each > 0 or block.node.tag == "li" or said

    first = next((at for at, one in enumerate(blocks) if is_text(one)), len(blocks))
    end = len(blocks)
    while end > first and not is_text(blocks[end - 1]):
        block = blocks[end - 1][0]
        if is_sibling(block) and block.text.count(" ") + 1 >= _UNCLOSED:
            break
        end -= 1
    return blocks[first:end]


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    """Give the texts without running text that stood there before."""
    seen = set()
    for text in texts:
        if text not in seen or _words(text) < _RUNNING:
            yield text
        seen.add(text)
