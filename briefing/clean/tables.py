"""Tables that hold data: each of their rows is a paragraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from briefing.clean.blocks import Block, Node

Valued = tuple[Block, float]
"""A block and what it is worth."""
_CELLS: Final = frozenset({"td", "th"})
_LEAST: Final = 2
"""Rows, and cells in each, from which a table holds data: others arrange the page."""


def with_rows(blocks: Iterable[Valued]) -> list[Valued]:
    """Return the blocks with those of a row of data as one, a blank between the cells."""
    runs = [(row, list(cells)) for row, cells in groupby(blocks, key=_row)]
    rows: dict[Node, list[str]] = defaultdict(list)
    for row, cells in runs:
        if row is not None and _is_data(cells):
            rows[_table(row)].append(_text(cells))
    data = {table for table, texts in rows.items() if _figures(texts)}
    return list(_joined(runs, data))


def _joined(
    runs: Iterable[tuple[Node | None, list[Valued]]], data: set[Node]
) -> Iterator[Valued]:
    for row, cells in runs:
        if row is not None and _table(row) in data and _is_data(cells):
            yield Block(row, _text(cells), 0.0), 1.0
        else:
            yield from cells


def _row(valued: Valued) -> Node | None:
    """Return the row that the block is a cell of, None if it is none."""
    node = valued[0].node
    return node.parent if node.tag in _CELLS else None


def _table(row: Node) -> Node:
    table = row
    while table.tag in {"tr", "tbody", "thead", "tfoot"} and table.parent is not None:
        table = table.parent
    return table


def _is_data(cells: list[Valued]) -> bool:
    linked = any(block.linked > 0.5 for block, _ in cells)
    return len({block.node for block, _ in cells}) >= _LEAST and not linked


def _text(cells: list[Valued]) -> str:
    return " ".join(" ".join(block.text.split()) for block, _ in cells)


def _figures(rows: list[str]) -> bool:
    return len(rows) >= _LEAST and any(map(str.isdigit, "".join(rows)))
