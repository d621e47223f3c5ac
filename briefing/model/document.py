"""What a source gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Document:
    """What a source gave, raw and never changed.

    Attributes:
        url: where it came from. Files of a folder source have ``file:SOURCE/RELATIVE/PATH``,
            so that the same folder gives the same ids on any machine.
        source: id of the source.
        body: the bytes as they came.
        media_type: ``text/html``, ``text/plain`` or ``text/markdown``.
        charset: as declared by the transport, None if undeclared.
        fetched: when.
        title: as the source states it (a feed entry's title), None if it does not.
        published: as the source states it, None if it does not.
        language: BCP 47 tag as the source states it, None if it does not.
        outlet: name of the outlet as configured for the source or stated by the feed.
        incomplete: not the whole article (a feed's excerpt of a page that could not be read,
            a page without text), so that its address is asked for again.
        unread: why no article came of it (a key from `REASONS`), None if one did; better
            rules can be tried on these again.
    """

    url: str
    source: str
    body: bytes
    media_type: str
    fetched: datetime
    charset: str | None = None
    title: str | None = None
    published: datetime | None = None
    language: str | None = None
    outlet: str | None = None
    incomplete: bool = False
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published.

    Attributes:
        moment: the moment; the local midnight that begins the day if `day_only`.
        day_only: only the day is known, not the time.
        inferred: worked out from the text ("Kamis (19/11)"), not stated as metadata.
    """

    moment: datetime
    day_only: bool = False
    inferred: bool = False
