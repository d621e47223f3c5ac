"""Patterns that operators write: they match in linear time, whatever they and the text say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol


class Match(Protocol):
    """Where a pattern was found; both `re` and RE2 give it."""

    def start(self, group: int = ..., /) -> int:
        """Return where the group begins."""

    def end(self, group: int = ..., /) -> int:
        """Return where the group ends."""


class Pattern(Protocol):
    """A compiled regular expression; both `re` and RE2 have it."""

    @property
    def groupindex(self) -> Mapping[str, int]:
        """The number of each named group."""

    def match(self, string: str, /) -> Match | None:
        """Return the match at the beginning."""

    def fullmatch(self, string: str, /) -> Match | None:
        """Return the match of the whole."""

    def search(self, string: str, /) -> Match | None:
        """Return the first match."""

    def finditer(self, string: str, /) -> Iterator[Match]:
        """Give each match."""


def linear(pattern: str) -> Pattern:
    """Return `pattern` compiled by RE2, which knows no pattern that takes long.

    Raises:
        re.error: it is none of RE2's.
    """
    import re2

    quiet = re2.Options()
    quiet.log_errors = False
    try:
        compiled: Pattern = re2.compile(pattern, quiet)
    except re2.error as error:
        [told] = error.args
        end = "; the end of a text is \\z" if r"\Z" in pattern else ""
        raise re.error(told.decode("utf-8", "replace") + end) from error
    return compiled
