"""Articles → stories → sections.

articles ─continued→ one group an event ─candidate→ ranked, cut → in_full ─arrange→ Sections
   └───── copies ↗         topic_hits ─────↗
"""

from __future__ import annotations

from briefing.group.copies import copies
from briefing.group.corrections import as_shown, correction
from briefing.group.examples import ENOUGH, sides
from briefing.group.ranking import PER_SOURCE, ROOM, Room, cut, ranked, within
from briefing.group.sections import arrange, candidate, in_full, report, top_lines
from briefing.group.stories import continued, group_articles, story_id_of
from briefing.group.terms import check_term, plain
from briefing.group.topics import Verdict, check_topic, parted, topic_hits, verdicts

__all__ = [
    "ENOUGH",
    "PER_SOURCE",
    "ROOM",
    "Room",
    "Verdict",
    "arrange",
    "as_shown",
    "candidate",
    "check_term",
    "check_topic",
    "continued",
    "copies",
    "correction",
    "cut",
    "group_articles",
    "in_full",
    "parted",
    "plain",
    "ranked",
    "report",
    "sides",
    "story_id_of",
    "top_lines",
    "topic_hits",
    "verdicts",
    "within",
]
