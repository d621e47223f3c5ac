"""Which names pages may have."""

from __future__ import annotations

from collections.abc import Iterable

from briefing.errors import DeliveryError


def check_names(names: Iterable[str]) -> None:
    """Raise unless every name is a path inside a folder, and none lies below another.

    Raises:
        DeliveryError: a name is absolute, climbs out, has an empty part or one that
            begins with a dot, a backslash or a character that is not printable.
    """
    parts = {tuple(_parts(name)) for name in names}
    for path in parts:
        if any(path[:length] in parts for length in range(1, len(path))):
            raise DeliveryError(f"page {'/'.join(path)} lies below another page")


def _parts(name: str) -> list[str]:
    parts = name.split("/")
    hidden = any(not part or part.startswith(".") for part in parts)
    if hidden or "\\" in name or not name.isprintable():
        raise DeliveryError(f"a page cannot be named {name!a}")
    return parts
