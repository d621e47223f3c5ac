"""What several stages need to know about text: sentences, words, dates, fingerprints.

Everything here is pure. What is particular to a language stands in ``languages/*.toml``.
"""

from __future__ import annotations

from briefing.text.clauses import headline_end
from briefing.text.dates import find_published, parse_date
from briefing.text.fingerprints import (
    article_id,
    digest,
    place_id,
    place_name,
    revision,
    story_id,
)
from briefing.text.lexicon import Language, cues, language
from briefing.text.lines import one_line
from briefing.text.mailboxes import folded, mailbox
from briefing.text.sentences import sentences_of, split_sentences
from briefing.text.slugs import is_kept, name_slug, slug_of
from briefing.text.stamps import EARLIEST
from briefing.text.terms import (
    cased_words,
    fold,
    folded_words,
    has_unspaced,
    stem,
    stop_words,
    unspaced,
    words,
)
from briefing.text.timestamps import moment_of

__all__ = [
    "EARLIEST",
    "Language",
    "article_id",
    "cased_words",
    "cues",
    "digest",
    "find_published",
    "fold",
    "folded",
    "folded_words",
    "has_unspaced",
    "headline_end",
    "is_kept",
    "language",
    "mailbox",
    "moment_of",
    "name_slug",
    "one_line",
    "parse_date",
    "place_id",
    "place_name",
    "revision",
    "sentences_of",
    "slug_of",
    "split_sentences",
    "stem",
    "stop_words",
    "story_id",
    "unspaced",
    "words",
]
