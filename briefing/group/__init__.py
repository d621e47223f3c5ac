"""Articles → stories → sections.

articles ─group_articles→ one group an event ─story→ Stories ─arrange→ Sections ─top_lines→
   └──────── copies ↗     topic_hits ─────────────↗
"""

from __future__ import annotations

from briefing.group.copies import copies
from briefing.group.corrections import correction
from briefing.group.sections import arrange, report, story, top_lines
from briefing.group.stories import group_articles, story_id_of
from briefing.group.terms import check_term
from briefing.group.topics import check_topic, topic_hits

__all__ = [
    "arrange",
    "check_term",
    "check_topic",
    "copies",
    "correction",
    "group_articles",
    "report",
    "story",
    "story_id_of",
    "top_lines",
    "topic_hits",
]
