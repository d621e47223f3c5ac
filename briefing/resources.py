"""Where the files lie that come with the program."""

from __future__ import annotations

from pathlib import Path


def resource(name: str) -> Path:
    """Return the folder or file `name` (``templates``, ``seeds``) that came along.

    A wheel carries them inside the package; a checkout has them beside it.
    """
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.exists() else package.parent / name
