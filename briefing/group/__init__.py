"""Articles → stories → sections.

articles ─group_articles→ one group an event ─story→ Stories ─arrange→ Sections ─top_lines→
   └──────── copies ↗     topic_hits ─────────────↗
earlier Briefs ─courses→ what they told of each story ─gone_on→ Stories, ─changes→ Changes
"""

from __future__ import annotations

from briefing.group.copies import copies
from briefing.group.corrections import as_shown, corrections
from briefing.group.courses import Course, changes, courses, gone_on, only
from briefing.group.sections import arrange, report, story, top_lines
from briefing.group.stories import continued, group_articles, story_id_of
from briefing.group.terms import check_term, plain
from briefing.group.times import DAYS_APART
from briefing.group.topics import Verdict, check_topic, topic_hits, verdicts

__all__ = [
    "DAYS_APART",
    "Course",
    "Verdict",
    "arrange",
    "as_shown",
    "changes",
    "check_term",
    "check_topic",
    "continued",
    "copies",
    "corrections",
    "courses",
    "gone_on",
    "group_articles",
    "only",
    "plain",
    "report",
    "story",
    "story_id_of",
    "top_lines",
    "topic_hits",
    "verdicts",
]
