"""Foreign text without what no page may carry."""

from __future__ import annotations

from typing import Final

_REPLACED: Final[dict[int, str | None]] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys(map(ord, "\f\r\v\x85"), " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
    **{ord(kept): kept for kept in "\t\n"},
}


def plain(text: str) -> str:
    r"""Return `text` without control characters and lone surrogates, type and all.

    Tabs and line feeds stay, other white space among the controls becomes a blank.
    Python-Markdown keeps its place with ``\x02`` and ``\x03``; UTF-8 has no surrogates.
    """
    return text.translate(_REPLACED)
