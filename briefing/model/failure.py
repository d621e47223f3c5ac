"""What went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Stage = Literal["gather", "clean", "condense", "group", "render", "deliver", "store"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something expected that went wrong with one source, document or article.

    Attributes:
        stage: where it happened.
        subject: what it happened to: a source id, an address, a file.
        reason: a key from `REASONS`, translated where it is shown.
        detail: foreign or technical text, one line: a status code, a parser's words.
    """

    stage: Stage
    subject: str
    reason: str
    detail: str = ""


REASONS: Final = frozenset(
    {
        "missing",  # no such file, folder or host
        "unreadable",  # permission, or an error of the file system
        "empty",  # nothing in it
        "binary",  # not text
        "too-large",  # over the cap on bytes
        "not-a-feed",  # something else where a feed should be
        "broken-feed",  # a feed that cannot be parsed
        "http-status",  # the server answered with an error; detail is the code
        "timeout",  # no whole answer in time
        "unreachable",  # no connection; detail is the cause
        "redirects",  # from one address to the next without an end
        "password",  # the server refuses the user's name or password
        "no-text",  # a page without an article in it
        "too-slow",  # took more time than any honest document does
        "too-big",  # took more memory than any honest document does
        "crashed",  # ended the process that worked on it
        "unsupported",  # a media type or scheme that is not read
        "refused",  # an address or port that may not be connected to
        "robots",  # the host's robots.txt forbids it
        "gone",  # the server says it is gone for good; not asked again
        "moved",  # it has moved to another site; the settings have the old address
        "waits",  # the host asked to be left alone for now
        "unexpected",  # anything else; detail is the error
    }
)

UNREACHED: Final = frozenset(
    {"missing", "http-status", "timeout", "unreachable", "waits"}
)
"""Reasons that say that there was no answer, which the next visit may bring."""
