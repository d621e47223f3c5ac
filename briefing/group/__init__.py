"""Articles → stories → sections.

articles ─profiled→ profiles ─copies, continued→ one group an event
articles ─judged→ topic hits; groups ─candidate→ ranked, cut → in_full ─arrange→ Sections ─top_lines→
earlier Briefs ─courses→ what they told of each story ─gone_on→ Stories, ─changes→ Changes
"""

from __future__ import annotations

from briefing.group.copies import copies
from briefing.group.corrections import as_shown, corrections
from briefing.group.courses import Course, changes, courses, gone_on, only
from briefing.group.examples import ENOUGH, sides
from briefing.group.missed import counts_from, missed
from briefing.group.profiles import RECIPE, Profile, profile_from, profiled
from briefing.group.ranking import PER_SOURCE, ROOM, Room, cut, ranked, within
from briefing.group.sections import arrange, candidate, in_full, report, top_lines
from briefing.group.stories import continued, group_articles, story_id_of
from briefing.group.terms import check_term, plain
from briefing.group.times import DAYS_APART
from briefing.group.topics import (
    Verdict,
    check_topic,
    judged,
    parted,
    rules_recipe,
    topic_hits,
    verdicts,
)
from briefing.group.windows import story_ids

__all__ = [
    "DAYS_APART",
    "ENOUGH",
    "PER_SOURCE",
    "RECIPE",
    "ROOM",
    "Course",
    "Profile",
    "Room",
    "Verdict",
    "arrange",
    "as_shown",
    "candidate",
    "changes",
    "check_term",
    "check_topic",
    "continued",
    "copies",
    "corrections",
    "counts_from",
    "courses",
    "cut",
    "gone_on",
    "group_articles",
    "in_full",
    "judged",
    "missed",
    "only",
    "parted",
    "plain",
    "profile_from",
    "profiled",
    "ranked",
    "report",
    "rules_recipe",
    "sides",
    "story_id_of",
    "story_ids",
    "top_lines",
    "topic_hits",
    "verdicts",
    "within",
]
