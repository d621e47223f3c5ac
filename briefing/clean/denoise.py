"""Paragraphs without noise."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from briefing.clean.paragraphs import (
    LIST_MARK,
    TITLE_WORDS,
    Paragraph,
    ends_sentence,
    like_title,
)
from briefing.clean.rules import Rule, Rules
from briefing.text import fold

LINE_LENGTH: Final = 300
"""Characters from which a line is never noise as a whole; keeps every pattern's work small."""
WINDOW: Final = 240
"""Characters at either end of a paragraph in which noise is looked for."""
_ABOVE: Final = 5
"""Paragraphs in which the text under a title begins."""
_HEADLINE_WORDS: Final = 3
"""Words from which a first line is a title, though a label stands before it."""
Dropped = tuple[Rule, str]
"""A rule and what it dropped."""
_REPEATED_LENGTH: Final = 20
"""Characters from which a line that occurs again is a repeated caption, not a label."""


def is_noise_line(text: str, *, rules: Rules) -> bool:
    """Return whether the whole of `text` is noise."""
    return _line_rule(text, rules) is not None


def ends_in_noise(text: str, *, rules: Rules) -> bool:
    """Return whether noise stands at the end of `text`."""
    return _suffix_rule(text[-WINDOW:], rules, last=False) is not None


def without_noise(
    kept: list[Paragraph],
    *,
    rules: Rules,
    outlet: str | None = None,
    titled: bool = True,
) -> tuple[list[Paragraph], list[Dropped]]:
    """Return the paragraphs that are left, and what was dropped by which rule.

    Applying this to its own result changes nothing.

    Args:
        kept: the paragraphs of a text.
        rules: what is noise.
        outlet: who published it, if known.
        titled: the title is known; else the first line may be one.
    """
    dropped: list[Dropped] = []
    while True:
        before = kept
        kept = _without_tail(kept, rules, outlet, dropped)
        kept = _without_lines(kept, rules, dropped, titled=titled)
        kept = [part for paragraph in kept for part in _split(paragraph, rules)]
        kept = [
            _trimmed(paragraph, rules, dropped, last=at == len(kept) - 1)
            for at, paragraph in enumerate(kept)
        ]
        kept = _without_repeats([paragraph for paragraph in kept if len(paragraph)])
        if kept == before:
            return kept, dropped


@lru_cache(maxsize=4096)  # each line is looked at once a pass
def _line_rule(text: str, rules: Rules) -> Rule | None:
    """Return the rule that says the whole of `text` is noise."""
    if len(text) > LINE_LENGTH:
        return None
    for rule in rules.of("line"):
        if rule.find(text):
            return rule
    return None


def _without_lines(
    paragraphs: list[Paragraph],
    rules: Rules,
    dropped: list[Dropped],
    *,
    titled: bool,
) -> list[Paragraph]:
    """Drop lines that are noise, and the titles under them."""
    headline = not titled and _begins_with_headline(paragraphs, rules)
    kept = paragraphs[:headline]
    taking = 0
    for paragraph in paragraphs[headline:]:
        short = paragraph.head(LINE_LENGTH + 1)
        rule = _line_rule(short, rules)
        if rule is not None:
            taking = rule.takes
            dropped.append((rule, short))
        elif taking and _title_under_heading(short):
            taking -= 1
        else:
            taking = 0
            kept.append(paragraph)
    return kept


def _begins_with_headline(paragraphs: list[Paragraph], rules: Rules) -> bool:
    """Return whether the first line is the only one that may be the title, label and all."""
    lines = [paragraph.head(LINE_LENGTH + 1) for paragraph in paragraphs[:_ABOVE]]
    if not lines or not _like_headline(lines[0]):
        return False
    rule = _line_rule(lines[0], rules)
    if rule is None or not rule.label:
        return False
    for line in lines[1:]:
        if ends_sentence(line):
            return len(line) > len(lines[0])
        if _like_headline(line) and not _line_rule(line, rules):
            return False
    return False


def _like_headline(text: str) -> bool:
    """Return whether `text` may be a title and is no date."""
    dated = any(word.isdigit() and len(word) == 4 for word in text.split())
    return len(text.split()) >= _HEADLINE_WORDS and like_title(text) and not dated


def _title_under_heading(text: str) -> bool:
    return len(text.split()) <= TITLE_WORDS and like_title(text)


def _split(paragraph: Paragraph, rules: Rules) -> list[Paragraph]:
    """Return what stands before, between and after noise inside the paragraph."""
    text = paragraph.text
    parts: list[Paragraph] = []
    at = paragraph.start
    found = (stretch for rule in rules.of("inside") for stretch in rule.find(text))
    for start, end in sorted(found):
        parts.append(paragraph.cut(start=at, end=paragraph.start + start))
        at = max(at, paragraph.start + end)
    return [*parts, paragraph.cut(start=at)]


def _trimmed(
    paragraph: Paragraph, rules: Rules, dropped: list[Dropped], *, last: bool
) -> Paragraph:
    """Return the paragraph without noise at its ends."""
    while True:
        before = len(paragraph)
        paragraph = _without_prefix(paragraph, rules)
        paragraph = _without_suffix(paragraph, rules, dropped, last=last)
        if len(paragraph) == before:
            return paragraph


def _without_prefix(paragraph: Paragraph, rules: Rules) -> Paragraph:
    window = paragraph.head(WINDOW)
    for rule in rules.of("prefix"):
        for _, end in rule.find(window):
            return paragraph.cut(start=paragraph.start + end)
    return paragraph


def _without_suffix(
    paragraph: Paragraph, rules: Rules, dropped: list[Dropped], *, last: bool
) -> Paragraph:
    window = paragraph.tail(WINDOW)
    found = _suffix_rule(window, rules, last=last)
    if found is None:
        return paragraph
    rule, at = found
    dropped.append((rule, window[at:]))
    return paragraph.cut(end=paragraph.end - len(window) + at)


@lru_cache(maxsize=4096)
def _suffix_rule(window: str, rules: Rules, *, last: bool) -> tuple[Rule, int] | None:
    """Return the rule whose noise ends `window`, and where that begins."""
    for rule in rules.of("suffix"):
        if rule.last and not last:
            continue
        for start, _ in rule.find(window):
            return rule, start
    return None


def _without_repeats(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Drop what stands there again word for word, keeping the first."""
    seen: set[str] = set()
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        text = paragraph.text
        if text in seen:
            continue
        listed = LIST_MARK.match(text)  # two rulings may have an item in common
        if len(text) >= _REPEATED_LENGTH and not text.endswith(":") and not listed:
            seen.add(text)
        kept.append(paragraph)
    return kept


def _without_tail(
    paragraphs: list[Paragraph],
    rules: Rules,
    outlet: str | None,
    dropped: list[Dropped],
) -> list[Paragraph]:
    """Drop everything from a heading on after which only short lines follow."""
    end = len(paragraphs)
    for at in range(len(paragraphs) - 1, -1, -1):
        text = paragraphs[at].head(LINE_LENGTH)
        if len(text) == LINE_LENGTH:
            break
        rule = _tail_rule(text, rules)
        if rule is not None:
            dropped.append((rule, text))
            end = at
        elif outlet and end == at + 1 and fold(text) == fold(outlet):
            end = at
        elif not _may_follow(text, rules):
            break
    return paragraphs[:end]


def _tail_rule(text: str, rules: Rules) -> Rule | None:
    """Return the rule that says the text ends before this line."""
    for rule in rules.of("tail"):
        if rule.pattern.fullmatch(text):
            return rule
    return None


def _may_follow(text: str, rules: Rules) -> bool:
    """Return whether a line may stand behind the text: noise, or a title of another one."""
    if _line_rule(text, rules):
        return True
    open_ended = not ends_sentence(text) or like_title(text)
    return open_ended and len(text.split()) <= TITLE_WORDS
