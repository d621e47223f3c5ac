"""pages → a folder or a stream, whole or not at all; mails → their server, each once; alerts."""

from __future__ import annotations

from briefing.deliver.alert import alert, beat, check_alert
from briefing.deliver.folder import Folder
from briefing.deliver.key import Key, open_key
from briefing.deliver.mail import check, compose
from briefing.deliver.postman import deliver
from briefing.deliver.smtp import Server
from briefing.deliver.stream import Stream

__all__ = [
    "Folder",
    "Key",
    "Server",
    "Stream",
    "alert",
    "beat",
    "check",
    "check_alert",
    "compose",
    "deliver",
    "open_key",
]
