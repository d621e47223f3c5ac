"""The nouns. Values only: no input or output, no clock, no settings.

    Document ─clean→ Article ─condense→ Summary(Sentence…)
    Article + Summary = Report;  Reports of one event = Story;  Stories = Section;  Sections = Brief

Every time is aware and in UTC; every character offset counts Python characters of
`Article.text`.
"""

from __future__ import annotations

from briefing.model.article import Article, Heading, Profiled
from briefing.model.brief import (
    LEFT_OUT,
    Brief,
    Coverage,
    Day,
    EarlierBrief,
    Section,
    Window,
)
from briefing.model.change import Change, Changes, Correction, Past
from briefing.model.document import Document, Published
from briefing.model.failure import REASONS, UNREACHED, Failure, Stage
from briefing.model.key import date_of, is_key, key_of, schedule_of, time_of
from briefing.model.mail import (
    Letter,
    MailState,
    MailText,
    Recipient,
    Subscriber,
    SubscriberState,
)
from briefing.model.outlet import OutletCard
from briefing.model.report import Report
from briefing.model.run import Run, RunKind, RunStatus
from briefing.model.schedule import Policy, Schedule
from briefing.model.source import Gathered, Pending, Rhythm, SourceState
from briefing.model.standing import CUT, RANKED, Shape, Standing
from briefing.model.story import (
    DISPUTED,
    Claim,
    Dispute,
    Episode,
    Name,
    NameKind,
    Quotation,
    Story,
    StoryState,
)
from briefing.model.summary import Sentence, Span, Summary
from briefing.model.told import ToldEdition, ToldMonth, ToldStory, told_stories
from briefing.model.topic import OTHER, Judged, Topic, TopicHit

__all__ = [
    "CUT",
    "DISPUTED",
    "LEFT_OUT",
    "OTHER",
    "RANKED",
    "REASONS",
    "UNREACHED",
    "Article",
    "Brief",
    "Change",
    "Changes",
    "Claim",
    "Correction",
    "Coverage",
    "Day",
    "Dispute",
    "Document",
    "EarlierBrief",
    "Episode",
    "Failure",
    "Gathered",
    "Heading",
    "Judged",
    "Letter",
    "MailState",
    "MailText",
    "Name",
    "NameKind",
    "OutletCard",
    "Past",
    "Pending",
    "Policy",
    "Profiled",
    "Published",
    "Quotation",
    "Recipient",
    "Report",
    "Rhythm",
    "Run",
    "RunKind",
    "RunStatus",
    "Schedule",
    "Section",
    "Sentence",
    "Shape",
    "SourceState",
    "Span",
    "Stage",
    "Standing",
    "Story",
    "StoryState",
    "Subscriber",
    "SubscriberState",
    "Summary",
    "ToldEdition",
    "ToldMonth",
    "ToldStory",
    "Topic",
    "TopicHit",
    "Window",
    "date_of",
    "is_key",
    "key_of",
    "schedule_of",
    "time_of",
    "told_stories",
]
