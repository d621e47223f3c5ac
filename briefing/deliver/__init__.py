"""pages → a folder or a stream, whole or not at all."""

from __future__ import annotations

from briefing.deliver.folder import Folder
from briefing.deliver.stream import Stream

__all__ = ["Folder", "Stream"]
