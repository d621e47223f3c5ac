"""Source → Document: folders, files, feeds and pages, each behind the same port.

Cheap to import: the libraries for feeds and the network are loaded at the first visit.
"""

from __future__ import annotations

from briefing.gather.address import public, same_site
from briefing.gather.feed import Feed
from briefing.gather.folder import File, Folder
from briefing.gather.guard import names_private
from briefing.gather.http import Http
from briefing.gather.page import Page
from briefing.gather.pending import settled
from briefing.gather.round import due, gather
from briefing.gather.visit import was_ahead

__all__ = [
    "Feed",
    "File",
    "Folder",
    "Http",
    "Page",
    "due",
    "gather",
    "names_private",
    "public",
    "same_site",
    "settled",
    "was_ahead",
]
