"""TOML → one frozen value, checked once; an error names file, line and key."""

from __future__ import annotations

from briefing.settings.load import load_settings, starter_settings, with_summary
from briefing.settings.shape import (
    InboxSettings,
    ListSettings,
    MailSettings,
    Settings,
    SourceSettings,
    SummarySettings,
    check_language,
    check_zone,
)

__all__ = [
    "InboxSettings",
    "ListSettings",
    "MailSettings",
    "Settings",
    "SourceSettings",
    "SummarySettings",
    "check_language",
    "check_zone",
    "load_settings",
    "starter_settings",
    "with_summary",
]
