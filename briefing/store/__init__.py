"""articles, summaries, source state, editions, runs → kept: the only SQL there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from briefing.store.records import Claims, Edition, EditionRow, Health

if TYPE_CHECKING:
    from briefing.store.post import Post
    from briefing.store.store import Store

__all__ = [
    "Claims",
    "Edition",
    "EditionRow",
    "Health",
    "Post",
    "Store",
    "open_store",
]

TIMEOUT: Final = 5.0
"""Seconds to wait for another program's write; a write of ours takes well under one."""


def open_store(
    place: str | Path, *, create: bool = True, timeout: float | None = None
) -> Store:
    """Return the store at `place`, its schema brought up to date.

    Args:
        place: a file of SQLite, or an SQLAlchemy URL (``sqlite:////var/briefing.db``).
        create: make the file and its folder if they are not there.
        timeout: seconds to wait while another program writes; None: `TIMEOUT`.

    Raises:
        StoreError: it is absent (without `create`), locked, foreign, damaged, newer than
            this program, or cannot be written. Nothing was changed then.
    """
    from briefing.store.store import open_store as opened

    wait = TIMEOUT if timeout is None else timeout
    return opened(place, create=create, timeout=wait)


def __getattr__(name: str) -> type[Store] | type[Post]:
    # SQLAlchemy takes a fifth of a second to import: only when one of these is asked for.
    if name == "Post":
        from briefing.store.post import Post

        return Post
    if name == "Store":
        from briefing.store.store import Store

        return Store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
