"""An edition's mails: who gets which, and their way out.

freeze    Brief + subscribers ─render→ letters ──→ outbox, in the edition's transaction
send      outbox ─deliver→ mail server
"""

from __future__ import annotations

from briefing.mailing.links import Purpose, follow, holder
from briefing.mailing.queueing import ask, mails_of, previews
from briefing.mailing.sending import Uncertain, composed, send
from briefing.mailing.server import mail_settings

__all__ = [
    "Purpose",
    "Uncertain",
    "ask",
    "composed",
    "follow",
    "holder",
    "mail_settings",
    "mails_of",
    "previews",
    "send",
]
