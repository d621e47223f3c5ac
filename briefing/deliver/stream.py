"""Pages on a stream: standard output, mostly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from briefing.errors import DeliveryError

HARMLESS: Final = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}
"""Control characters that could steer a terminal → pictures of them (Unicode, U+2400)."""


class Stream:
    """Prints pages, a blank line between them; control characters become visible."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def send(self, pages: Mapping[str, str]) -> Sequence[Path]:
        """Print `pages`; return nothing, for they are nowhere.

        Raises:
            DeliveryError: the stream cannot be written.
        """
        text = "\n".join(_ended(page) for page in pages.values())
        coding = self._file.encoding or "utf-8"
        shown = text.translate(HARMLESS).encode(coding, "replace").decode(coding)
        try:
            self._file.write(shown)
            self._file.flush()
        except OSError as error:
            raise DeliveryError(
                f"the page cannot be printed: {error.strerror}"
            ) from error
        return ()


def _ended(page: str) -> str:
    return page if page.endswith("\n") else f"{page}\n"
