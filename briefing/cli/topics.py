"""topics test: what a settings file's topics make of articles, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.filtering import filtered
from briefing.cli.filters import language_option
from briefing.cli.printing import say, say_json
from briefing.cli.rows import Row, checked
from briefing.cli.wiring import leave

if TYPE_CHECKING:
    from briefing.group import Verdict
    from briefing.model import Topic


@click.group()
def topics() -> None:
    """Try out the topics of a settings file."""


@topics.command()
@click.argument("place", default="-", metavar="[FILE|-]")
@click.option("--jsonl", is_flag=True, help="Write JSON Lines.")
@language_option
@click.option(
    "--topics",
    "rules",
    type=click.Path(path_type=Path),
    default="briefing.toml",
    show_default=True,
    help="A settings file whose topics are tried.",
)
def test(*, place: str, jsonl: bool, language: str, rules: Path) -> None:
    """Say what topics make of articles: scores, terms that hit, and why not.

    JSON Lines in: id, title, text, language. The examples of each topic are tried too. At the
    end, rules that never hit or always do, and topics whose examples are too few to learn from.
    """
    from briefing.settings import load_settings

    tried = load_settings(rules).topics
    tally = _Tally(tried)
    wrong = list(_wrong_examples(tried, language))
    work = partial(checked, needs=("id", "text"))

    def judge(row: Row) -> None:
        found = _verdicts(row, tried, row.get("language") or language)
        tally.add(found)
        if jsonl:
            say_json({"id": row["id"], "topics": [_as_row(each) for each in found]})
        else:
            say(str(row.get("title") or row["text"][:80] or row["id"]))
            for each in found:
                say(f"  {_line(each)}")

    status = filtered(place, work, sink=judge)
    for warning in [*wrong, *_too_few(tried), *tally.warnings()]:
        say(warning, err=True)
    leave(status)


def _verdicts(row: Row, tried: Sequence[Topic], language: str) -> tuple[Verdict, ...]:
    from briefing.group import verdicts

    return verdicts(row.get("title"), row["text"], tried, language=language)


def _line(verdict: Verdict) -> str:
    """Return a verdict in words: ``+ slug 4.20: serang 3.00, roket 1.20``."""
    terms = ", ".join(f"{term} {score:.2f}" for term, score in verdict.scores)
    if verdict.examples:
        terms += f"{', ' if terms else ''}[examples] {verdict.examples:+.2f}"
    why = "; ".join(_reasons(verdict))
    sign = "+" if verdict.fits else "-"
    told = f"{sign} {verdict.topic.slug} {verdict.score:.2f}: {terms or 'no term'}"
    return f"{told} ({why})" if why else told


def _reasons(verdict: Verdict) -> Iterator[str]:
    """Yield why an article does not fit."""
    for terms in verdict.lacking:
        yield f"needs one of {', '.join(terms)}"
    if verdict.excluded:
        yield f"not with {', '.join(verdict.excluded)}"
    if verdict.scores and verdict.score < verdict.topic.min_score:
        yield f"less than {verdict.topic.min_score:g}"


def _as_row(verdict: Verdict) -> Row:
    return {
        "slug": verdict.topic.slug,
        "fits": verdict.fits,
        "score": round(verdict.score, 4),
        "terms": [
            {"term": term, "score": round(score, 4)} for term, score in verdict.scores
        ],
        "examples": round(verdict.examples, 4),
        "why_not": list(_reasons(verdict)),
    }


def _wrong_examples(tried: Sequence[Topic], language: str) -> Iterator[str]:
    """Yield a warning for each example that the rules alone put elsewhere."""
    from briefing.group import parted, verdicts

    rules = [replace(topic, yes=(), no=()) for topic in tried]
    for topic, alone in zip(tried, rules, strict=True):
        for example, wanted in [
            *((text, True) for text in topic.yes),
            *((text, False) for text in topic.no),
        ]:
            (found,) = verdicts(*parted(example), [alone], language=language)
            if found.fits != wanted:
                asked = "should fit" if wanted else "should not fit"
                yield f"{topic.slug}: {asked}: {example[:80]!r}: {_line(found)}"


def _too_few(tried: Sequence[Topic]) -> Iterator[str]:
    """Yield a warning for each topic whose examples are not learned from."""
    from briefing.group import ENOUGH, sides

    for topic, yes, no in sides(tried):
        if (topic.yes or topic.no) and min(len(yes), len(no)) < ENOUGH:
            yield (
                f"{topic.slug}: {len(yes)} examples, and {len(no)} of what it is not "
                f"(its own no, other topics' yes): learned from {ENOUGH} and {ENOUGH} on"
            )


class _Tally:
    """Counts what hits, to tell what never or always does."""

    def __init__(self, tried: Sequence[Topic]) -> None:
        self._tried = tried
        self._articles = 0
        self._fits: Counter[str] = Counter()
        self._terms: Counter[tuple[str, str]] = Counter()

    def add(self, found: Sequence[Verdict]) -> None:
        self._articles += 1
        for each in found:
            self._fits[each.topic.slug] += each.fits
            self._terms.update((each.topic.slug, term) for term, _ in each.scores)

    def warnings(self) -> Iterator[str]:
        """Yield what a person who wrote the rules should look at."""
        from briefing.group import plain

        if self._articles == 0:
            return
        for topic in self._tried:
            count = self._fits[topic.slug]
            if count == 0:
                yield f"{topic.slug}: fits none of {self._articles} articles"
            elif count == self._articles > 1:
                yield f"{topic.slug}: fits all {self._articles} articles"
            terms = [plain(term) for term in topic.any]
            never = [one for one in terms if not self._terms[topic.slug, one]]
            always = [
                one
                for one in terms
                if self._terms[topic.slug, one] == self._articles > 1
            ]
            if never:
                yield f"{topic.slug}: never hit: {', '.join(never)}"
            if always:
                yield f"{topic.slug}: always hit: {', '.join(always)}"
