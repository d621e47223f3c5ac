"""TOML → one frozen value, checked once; an error names file, line and key."""

from __future__ import annotations

from briefing.settings.load import (
    load_settings,
    starter_settings,
    with_length,
    with_site,
    with_summary,
)
from briefing.settings.mail import InboxSettings, MailSettings
from briefing.settings.shape import BriefLength, ListSettings, Settings
from briefing.settings.sources import SourceSettings
from briefing.settings.summary import SummarySettings
from briefing.settings.values import check_language, check_zone

__all__ = [
    "BriefLength",
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
    "with_length",
    "with_site",
    "with_summary",
]
