"""The nouns. Values only: no input or output, no clock, no settings.

    Document ─clean→ Article ─condense→ Summary(Sentence…)
    Article + Summary = Report;  Reports of one event = Story;  Stories = Section;  Sections = Brief

Every time is aware and in UTC; every character offset counts Python characters of
`Article.text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

OTHER: Final = "other"
"""Slug of the section for stories that fit no topic; always last."""

Day = date
"""A date, under a name that a field called `date` does not hide."""

Stage = Literal["gather", "clean", "condense", "group", "render", "deliver", "store"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something expected that went wrong with one source, document or article.

    Attributes:
        stage: where it happened.
        subject: what it happened to: a source id, an address, a file.
        reason: a key from `REASONS`, translated where it is shown.
        detail: foreign or technical text, one line: a status code, a parser's words.
    """

    stage: Stage
    subject: str
    reason: str
    detail: str = ""


REASONS: Final = frozenset(
    {
        "missing",  # no such file, folder or host
        "unreadable",  # permission, or an error of the file system
        "empty",  # nothing in it
        "binary",  # not text
        "too-large",  # over the cap on bytes
        "not-a-feed",  # something else where a feed should be
        "broken-feed",  # a feed that cannot be parsed
        "http-status",  # the server answered with an error; detail is the code
        "timeout",  # no whole answer in time
        "unreachable",  # no connection; detail is the cause
        "redirects",  # from one address to the next without an end
        "password",  # the server refuses the user's name or password
        "no-text",  # a page without an article in it
        "too-slow",  # took more time than any honest document does
        "too-big",  # took more memory than any honest document does
        "crashed",  # ended the process that worked on it
        "unsupported",  # a media type or scheme that is not read
        "refused",  # an address or port that may not be connected to
        "robots",  # the host's robots.txt forbids it
        "gone",  # the server says it is gone for good; not asked again
        "moved",  # it has moved to another site; the settings have the old address
        "waits",  # the host asked to be left alone for now
        "unexpected",  # anything else; detail is the error
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """What a source gave, raw and never changed.

    Attributes:
        url: where it came from. Files of a folder source have ``file:SOURCE/RELATIVE/PATH``,
            so that the same folder gives the same ids on any machine.
        source: id of the source.
        body: the bytes as they came.
        media_type: ``text/html``, ``text/plain`` or ``text/markdown``.
        charset: as declared by the transport, None if undeclared.
        fetched: when.
        title: as the source states it (a feed entry's title), None if it does not.
        published: as the source states it, None if it does not.
        language: BCP 47 tag as the source states it, None if it does not.
        outlet: name of the outlet as configured for the source or stated by the feed.
        incomplete: not the whole article (a feed's excerpt of a page that could not be read,
            a page without text), so that its address is asked for again.
        unread: why no article came of it (a key from `REASONS`), None if one did; better
            rules can be tried on these again.
    """

    url: str
    source: str
    body: bytes
    media_type: str
    fetched: datetime
    charset: str | None = None
    title: str | None = None
    published: datetime | None = None
    language: str | None = None
    outlet: str | None = None
    incomplete: bool = False
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published.

    Attributes:
        moment: the moment; the local midnight that begins the day if `day_only`.
        day_only: only the day is known, not the time.
        inferred: worked out from the text ("Kamis (19/11)"), not stated as metadata.
    """

    moment: datetime
    day_only: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """An article without its text: what it is told apart, dated and credited by.

    Attributes:
        id: 16 hexadecimal digits, from the canonical address; the same for every revision.
        revision: 12 hexadecimal digits, from title and text.
        url: canonical address (see `Document.url` for files).
        link: an http(s) address a reader can open, None if there is none.
        source: id of the source.
        outlet: who published it.
        origin: the agency credited in the text (“Kantor berita Reuters”), None if none is.
        author: the persons who wrote it, joined by “, ”; None if none is named.
        title: None if the article has none.
        language: BCP 47 tag, ``und`` if it cannot be told.
        published: None if neither stated nor inferable.
        fetched: when its document was fetched.
        place: the place of the dateline (“Baghdad”), which is not part of the text.
        truncated: the text is known to be incomplete.
    """

    id: str
    revision: str
    url: str
    source: str
    outlet: str
    language: str
    fetched: datetime
    title: str | None = None
    link: str | None = None
    origin: str | None = None
    author: str | None = None
    published: Published | None = None
    place: str | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Article(Heading):
    """A cleaned article: no markup, no noise, nothing silently cut off.

    Attributes:
        text: paragraphs joined by a blank line; no other line breaks.
    """

    text: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Profiled:
    """What was counted of an article, as it is kept; `briefing.group` reads it.

    Attributes:
        article_id: the article.
        revision: its revision.
        recipe: what was counted, and how.
        terms: by which articles are grouped.
        shingles: by which copies are found, None where they were left out.
    """

    article_id: str
    revision: str
    recipe: str
    terms: bytes
    shingles: bytes | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, verbatim: ``article.text[start:end] == text``, always.

    Attributes:
        article_id: the article it stands in.
        start: offset of its first character in `Article.text`.
        end: offset behind its last character.
        position: number of the sentence in the article, from 0.
        text: the sentence itself.
    """

    article_id: str
    start: int
    end: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The sentences chosen from one article, in the article's order.

    Attributes:
        article_id: the article.
        revision: the article's revision.
        recipe: method, its version and its budget, as ``lead/1 words=66``: the same recipe
            and revision always give the same sentences.
        sentences: never empty for an article with text.
    """

    article_id: str
    revision: str
    recipe: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading that readers choose, with the rules that put articles under it.

    Attributes:
        slug: name in addresses.
        title: heading.
        any: terms that score; ``"penarikan pasukan^3"`` weighs 3, ``"serang*"`` matches any ending.
        need: of each list at least one term must occur.
        exclude: none of these may occur (``not`` in the settings).
        min_score: the least score that counts.
        yes: headlines or texts that belong under it, to try the rules on and to learn from.
        no: headlines or texts that do not.
    """

    slug: str
    title: str
    any: tuple[str, ...]
    need: tuple[tuple[str, ...], ...] = ()
    exclude: tuple[str, ...] = ()
    min_score: float = 1.0
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicHit:
    """How well something fits a topic, and the terms that say so."""

    slug: str
    score: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Which topics an article fits, as it is kept.

    Attributes:
        article_id: the article.
        revision: its revision.
        recipe: of the rules (`briefing.group.rules_recipe`).
        hits: the strongest first.
    """

    article_id: str
    revision: str
    recipe: str
    hits: tuple[TopicHit, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One article as a brief shows it: everything but its full text.

    Attributes:
        sentences: the summary's sentences.
        recipe: how they were chosen (`Summary.recipe`).
        copy_of: id of the article in the same story that carries the same text and stands
            for it, None if this one is no copy.
        Others as in `Article`.
    """

    article_id: str
    revision: str
    url: str
    source: str
    outlet: str
    language: str
    sentences: tuple[Sentence, ...]
    recipe: str
    title: str | None = None
    link: str | None = None
    origin: str | None = None
    author: str | None = None
    published: Published | None = None
    place: str | None = None
    truncated: bool = False
    copy_of: str | None = None


NameKind = Literal["person", "organisation", "place", ""]


@dataclass(frozen=True, slots=True)
class Name:
    """Whom or what a story names.

    Attributes:
        name: as most often written.
        kind: empty if that could not be told.
        articles: ids of the articles that have it.
        mentions: how often in all.
    """

    name: str
    kind: NameKind
    articles: tuple[str, ...]
    mentions: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that an outlet gives, and the sentence in which it does."""

    value: int
    outlet: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Dispute:
    """A thing for which outlets give different numbers.

    Attributes:
        what: what is counted, ``dead`` or ``rockets roket fired``: its first word is a key of
            `DISPUTED`.
        claims: the newest first, each outlet once.
    """

    what: str
    claims: tuple[Claim, ...]


DISPUTED: Final = frozenset(
    {"dead", "wounded", "missing", "arrested", "displaced", "rockets", "troops"}
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence that quotes somebody, and who that is, as the sentence names him."""

    speaker: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Episode:
    """What an edition told of a story.

    Attributes:
        edition: the edition's date.
        report: the article whose sentence it showed first, with that sentence; else the leading
            one, without sentences.
        outlets: how many reported it.
    """

    edition: Day
    report: Report
    outlets: int


StoryState = Literal[
    "new",  # no earlier edition has told it
    "developing",  # an earlier one has, and there is more to say
    "unchanged",  # an earlier one has, and its new articles say nothing new
]
"""How a story that has articles in an edition stands; of others see `Changes`."""


@dataclass(frozen=True, slots=True)
class Story:
    """Reports about one event.

    Attributes:
        id: 12 hexadecimal digits, from its earliest article: stays the same over days.
        reports: the leading one first.
        topics: the strongest first; empty if none fits.
        sentences: its summary, passages of several of its articles; empty where the leading
            report's sentences are all there is to say.
        disputes: numbers on which its outlets do not agree.
        names: whom and what it names most; empty for a single article.
        quotations: what people say in its articles, beside what its sentences show.
        state: new, developing or unchanged. If it is not new, reports have only those of their
            sentences that say something new, and `sentences` are all that do.
        since: the date of the first edition that told it; None if it is new.
        timeline: what earlier editions told of it, the oldest first.
    """

    id: str
    reports: tuple[Report, ...]
    topics: tuple[TopicHit, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    names: tuple[Name, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    state: StoryState = "new"
    since: Day | None = None
    timeline: tuple[Episode, ...] = ()

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that report it, each once, in the reports' order."""
        names = (report.outlet or report.source for report in self.reports)
        return _distinct(names)

    @property
    def origins(self) -> tuple[str, ...]:
        """The independent origins: agencies, and outlets that credit none; in the reports' order.

        Copies have the origin of the article that stands for them, or the agency that any of
        them credits.
        """
        credited = {
            report.copy_of or report.article_id: report.origin
            for report in self.reports
            if report.origin
        }
        standing = {report.article_id: report for report in self.reports}
        names = []
        for report in self.reports:
            first = standing.get(report.copy_of or "", report)
            names.append(
                report.origin
                or credited.get(first.article_id)
                or first.outlet
                or first.source
            )
        return _distinct(names)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, as first written, whatever its case."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that an edition showed, and what stands in its place; None: nothing did or does."""

    was: Sentence | None
    now: Sentence | None


@dataclass(frozen=True, slots=True)
class Correction:
    """An article that was edited after an edition had shown it.

    Attributes:
        edition: the date of that edition.
        before: the article as that edition showed it.
        after: the article as it is now; its sentences are those of the changes.
        fetched: when it was read again.
        changes: the sentences shown that the article no longer has, in their order.
        headline: its title says something else, too: see those of `before` and `after`.
        restored: it says again what that edition showed, after a correction of it was told:
            `before` and `was` have the words of that correction.
    """

    edition: Day
    before: Report
    after: Report
    fetched: datetime
    changes: tuple[Change, ...]
    headline: bool = False
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """A story of earlier editions of which this one has no article.

    Attributes:
        id: the story's id.
        since: the date of the first edition that told it.
        last: what the last one told of it.
        section: slug of the section that it stood in.
    """

    id: str
    since: Day
    last: Episode
    section: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the stories of earlier editions that this one has nothing of.

    Attributes:
        previous: the date of the last edition.
        unchanged: those that may still go on, as far as they are named.
        closed: those that are named for the last time.
        unnamed: how many more are unchanged.
    """

    previous: Day
    unchanged: tuple[Past, ...] = ()
    closed: tuple[Past, ...] = ()
    unnamed: int = 0


Shape = Literal["full", "line", "counted"]
"""How a story is shown: told, in one line, or in a number with others."""

RANKED: Final = (
    "pinned",  # the reader wants it first
    "origins",  # independent origins
    "source",  # weight of the best of its sources
    "topic",  # how well it fits its topic
    "recency",  # of its newest article
    "novelty",  # how much of it was not told before
    "centrality",  # share of the edition's sources that have it
    "crowding",  # better stories that the same source alone has
)
"""What the sum that ranks a story is made of, in the order told."""

CUT: Final = frozenset(
    {
        "",  # it was not
        "topic",  # its topic has had as many as the length allows
        "brief",  # the brief has
        "source",  # the source that alone has it has had its share, and others waited
        "words",  # the brief has had its words
        "unchanged",  # nothing of it is new
        "missed",  # it belonged to a due date that had no edition
    }
)
"""Why a story is not told in full."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a story stands in a brief, and why. Kept of all stories, shown or not.

    Attributes:
        story: its id.
        section: slug of the section it belongs to.
        headline: the leading article's, None if it has none.
        outlets: who reports it.
        terms: what its sum is made of, names of `RANKED` in that order.
        articles: id and revision of each, the leading one first.
        shape: how it is shown.
        cut: why it is not told in full, a key of `CUT`.
        alone: the source that alone has it, None if several have.
    """

    story: str
    section: str
    headline: str | None
    outlets: tuple[str, ...]
    terms: tuple[tuple[str, float], ...]
    articles: tuple[tuple[str, str], ...]
    shape: Shape = "full"
    cut: str = ""
    alone: str | None = None

    @property
    def score(self) -> float:
        """The sum by which it is ranked."""
        return sum(value for _, value in self.terms)


@dataclass(frozen=True, slots=True)
class Section:
    """The stories of one topic by rank; `slug` is `OTHER` for those without one.

    Attributes:
        stories: those told in full.
        noted: those told in one line; their reports have no sentences.
    """

    slug: str
    title: str
    stories: tuple[Story, ...]
    noted: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """What an edition covers, ``since < t <= until``; None: since the beginning.

    What came at the moment of the build belongs to the edition. The window is told to the
    reader and selects runs; which articles are in is decided by the editions' claims.
    """

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked, what answered and what became of it, in this edition's window.

    Attributes:
        sources: number of sources asked.
        answered: how many of them answered.
        documents: documents read.
        articles: articles that belong to the edition.
        left_out: why something that was read is not shown, with how many; keys from `LEFT_OUT`.
    """

    sources: int
    answered: int
    documents: int
    articles: int
    left_out: tuple[tuple[str, int], ...] = ()


LEFT_OUT: Final = frozenset(
    {
        "failed",  # could not be read or had no text (listed as failures)
        "earlier",  # already in an earlier edition
        "missed",  # belonged to a due date that had no edition
    }
)


@dataclass(frozen=True, slots=True)
class Brief:
    """The dated whole: all that a template may print.

    Attributes:
        title: the brief's name.
        language: BCP 47 tag of the interface's words.
        zone: IANA name of the reader's zone.
        date: the edition's date in that zone.
        window: which articles belong to it.
        top_lines: the most important sentences, each the first of its story.
        sections: in the topics' order, `OTHER` last; sections without stories included.
        coverage: figures for the footer.
        failures: what went wrong, in a fixed order.
        corrections: articles of earlier editions that were edited since.
        standings: of all its stories, shown or not, the first ranked first; empty in editions
            that showed all they had.
        changes: since the last edition; None if there is none.
    """

    title: str
    language: str
    zone: str
    date: Day
    window: Window
    top_lines: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    coverage: Coverage
    failures: tuple[Failure, ...] = ()
    corrections: tuple[Correction, ...] = ()
    standings: tuple[Standing, ...] = ()
    changes: Changes | None = None

    def reports(self) -> Iterator[Report]:
        """Yield each report of its stories, in the order shown."""
        for section in self.sections:
            for story in (*section.stories, *section.noted):
                yield from story.reports

    def claims(self) -> dict[str, tuple[str, str]]:
        """Return article id → revision and story of all that belongs to it, shown or not."""
        shown = {
            report.article_id: (report.revision, story.id)
            for section in self.sections
            for story in (*section.stories, *section.noted)
            for report in story.reports
        }
        ranked = {
            article: (revision, each.story)
            for each in self.standings
            for article, revision in each.articles
        }
        return shown | ranked


@dataclass(frozen=True, slots=True)
class Shown:
    """What an edition showed: of a `Brief` what later editions are compared with."""

    date: Day
    top_lines: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a feed says of how often it is written.

    Attributes:
        minutes: at least between two visits (RSS ttl, sy:updatePeriod), 0 if not said.
        hours: of the day in UTC, 0 to 23, in which nothing is new (RSS skipHours).
        days: of the week in UTC, Monday 0, in which nothing is new (RSS skipDays).
    """

    minutes: int = 0
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A page that could not be read yet.

    Attributes:
        url: its address.
        title: as its entry has it, None if not known.
        published: as its entry says, None if not known.
        language: BCP 47 tag, None if not known.
        outlet: who published it, None if not known.
        tries: readings in vain.
        due: not to be read before; None: it was given up.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    language: str | None = None
    outlet: str | None = None
    tries: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between visits.

    Attributes:
        source: its id.
        address: the address in the settings to which all the rest belongs.
        meaning: of that address in the settings, to which the rest belongs too: see
            `briefing.gather.visit.meaning`. Empty where it was not written down.
        feed: where the feed of a site was found, to which the validators belong then; None
            where none is looked for.
        etag: byte-exact ETag of the last answer, None if none.
        last_modified: byte-exact Last-Modified of the last answer, None if none.
        checked: last visit, None before the first.
        answered: last visit that brought an answer.
        failures: failed visits in a row.
        reason: why the last visit failed, a key from `REASONS`; None if it did not.
        detail: of that failure.
        due: not to be asked before; None: at any time.
        moved: where `address` says it has moved for good, None if nowhere.
        gone: when the server first said that it is gone for good, None if it did not.
        rhythm: as the last whole answer stated it.
        quiet: hosts (with port) that asked to be left alone, and until when.
        pending: pages that it has listed and that could not be read yet.
        listed: what its list said at the last visit: digests of addresses, and of entries.
    """

    source: str
    address: str = ""
    etag: str | None = None
    last_modified: str | None = None
    checked: datetime | None = None
    answered: datetime | None = None
    failures: int = 0
    reason: str | None = None
    detail: str | None = None
    due: datetime | None = None
    moved: str | None = None
    gone: datetime | None = None
    rhythm: Rhythm = Rhythm()
    quiet: tuple[tuple[str, datetime], ...] = ()
    pending: tuple[Pending, ...] = ()
    listed: Mapping[str, str] = field(default_factory=dict)
    meaning: str = ""
    feed: str | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one visit to one source brought.

    Attributes:
        source: its id.
        documents: the new or possibly changed ones.
        failures: what could not be read.
        state: to be kept together with the documents, never before them.
        answered: the source itself could be read; the last time, if it `waits`.
        waits: it was not asked because it is not due before; None if it was asked.
        rest: brings the next part of a visit too big for one; None after the last.
    """

    source: str
    documents: tuple[Document, ...]
    state: SourceState
    failures: tuple[Failure, ...] = ()
    answered: bool = True
    waits: datetime | None = None
    rest: Callable[[], Gathered] | None = None


@dataclass(frozen=True, slots=True)
class MailText:
    """The words of a mail: its subject on one line, its plain and its HTML part."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as all who get the same words get it, before it has an address.

    Attributes:
        kind: an edition's mail, or the one that asks whether a subscription is wanted.
        words: subject and parts; where the subscriber's own link belongs, `link` stands.
        link: an address that stands nowhere else in the words.
        sender: what From says, ``Kabar <kabar@contoh.example>``.
        moment: what Date says.
        language: BCP 47 tag of the interface's words.
        list_id: what List-Id says, without brackets.
        base: https address below which the subscribers' links are, None if there is none.
        reply: mail address that takes what subscribers answer instead.
        archive: where the whole brief is on the Web, None if it is not.
        empty: there is no news in it.
    """

    kind: Literal["edition", "confirm"]
    words: MailText
    link: str
    sender: str
    moment: datetime
    language: str
    list_id: str
    base: str | None
    reply: str
    archive: str | None = None
    empty: bool = False


SubscriberState = Literal["asked", "confirmed", "left"]
"""Whether a subscriber gets editions: was asked to confirm, did, or has left."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address on a list.

    Attributes:
        number: tells subscribers apart; 0 before it is kept.
        list: slug of the list.
        address: as mail is sent to it; domain in lower case and ASCII.
        state: whether it gets editions.
        since: when it came into that state.
        language: of the interface's words, None: the list's.
        topics: slugs of the sections that are wanted, empty: the list's.
    """

    number: int
    list: str
    address: str
    state: SubscriberState
    since: datetime
    language: str | None = None
    topics: tuple[str, ...] = ()


MailState = Literal[
    "pending",  # waits for its first try
    "in_flight",  # the server may have it, its answer is not known yet
    "accepted",  # the server has taken it over
    "deferred",  # refused for now, tried again at `due`
    "failed",  # refused for good, or for too long
    "uncertain",  # the connection broke before the answer; the server may have it or not
    "unsubscribed",  # the subscriber left before it was sent
    "nothing",  # there was nothing for this subscriber
]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One mail to one subscriber, as it stands in the outbox.

    Attributes:
        number: tells mails apart, in the order in which they were queued.
        occasion: what it is sent for: an edition's date, or ``confirm`` and a time. An
            occasion has at most one mail for a subscriber.
        subscriber: number of the subscriber.
        address: where it goes.
        letter: key of its letter in that occasion.
        message_id: without brackets; the same in every try.
        sha256: hash of its bytes, which are the same in every try.
        state: how far it is.
        attempts: tries that reached the final dot or an answer.
        reply: the server's last words, or why there were none; one line, foreign text.
        queued: since when it waits.
        first: when it was first tried, None if it was not.
        due: not to be tried before; None: at any time.
        fence: number of the claim that may send it; an older claim may not.
    """

    number: int
    occasion: str
    subscriber: int
    address: str
    letter: str
    message_id: str
    sha256: str
    state: MailState = "pending"
    attempts: int = 0
    reply: str = ""
    queued: datetime | None = None
    first: datetime | None = None
    due: datetime | None = None
    fence: int = 0


RunKind = Literal["collect", "clean"]
RunStatus = Literal["running", "done", "partial", "failed"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a verb; written down also when it crashed."""

    kind: RunKind
    started: datetime
    finished: datetime | None = None
    status: RunStatus = "running"
    counts: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = field(default=())
