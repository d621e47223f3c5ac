"""pages → a folder or a stream, whole or not at all; mails → their server, each once; alerts."""

from __future__ import annotations

from briefing.deliver.alert import alert, beat, check_alert
from briefing.deliver.folder import Folder, Renewal
from briefing.deliver.key import Key, open_key, secret_text
from briefing.deliver.listing import Listing
from briefing.deliver.mail import bodies_of, check, compose
from briefing.deliver.postman import deliver
from briefing.deliver.signature import Signer, open_signer
from briefing.deliver.smtp import Server
from briefing.deliver.stream import Stream
from briefing.deliver.trace import in_archive, taken_by_postfix

__all__ = [
    "Folder",
    "Key",
    "Listing",
    "Renewal",
    "Server",
    "Signer",
    "Stream",
    "alert",
    "beat",
    "bodies_of",
    "check",
    "check_alert",
    "compose",
    "deliver",
    "in_archive",
    "open_key",
    "open_signer",
    "secret_text",
    "taken_by_postfix",
]
