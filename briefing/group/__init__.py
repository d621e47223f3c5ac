"""Articles → stories → sections.

articles ─profiled→ profiles ─copies, continued→ one group an event
                                      └─story, topic_hits→ Stories ─arrange→ Sections ─top_lines→
"""

from __future__ import annotations

from briefing.group.copies import copies
from briefing.group.corrections import as_shown, correction
from briefing.group.profiles import RECIPE, Profile, profile_from, profiled
from briefing.group.sections import arrange, report, story, top_lines
from briefing.group.stories import continued, group_articles, story_id_of
from briefing.group.terms import check_term, plain
from briefing.group.topics import Verdict, check_topic, topic_hits, verdicts

__all__ = [
    "RECIPE",
    "Profile",
    "Verdict",
    "arrange",
    "as_shown",
    "check_term",
    "check_topic",
    "continued",
    "copies",
    "correction",
    "group_articles",
    "plain",
    "profile_from",
    "profiled",
    "report",
    "story",
    "story_id_of",
    "top_lines",
    "topic_hits",
    "verdicts",
]
