"""What is known of each language, read once from ``languages/TAG.toml``."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent / "languages"
_UNDETERMINED: Final = "und"


@dataclass(frozen=True, slots=True)
class Language:
    """What the text stages know of one language; all words in lower case.

    Names of months, weekdays and zones are folded and without apostrophes
    ("jumat"); abbreviations lack their last stop ("s.h").

    Attributes:
        tag: BCP 47 tag of the data file, ``und`` for the general one.
        country: code (ISO 3166) of the country that speaks it; empty if several do.
        complete: the abbreviations here are all that count; otherwise the
            splitting library's own count as well.
        titles: abbreviations that a name follows ("jl"), never the end of a sentence.
        closing: abbreviations that may end a sentence ("dll").
        numbered: abbreviations, and words written like them, that end a sentence unless
            a number follows ("hal").
        attributions: words that continue a sentence after a quotation ("ujarnya").
        domains: endings of web addresses that are written like names ("Kompas.Com").
        openers: words or phrases that lean on the sentence before ("sementara itu").
        announcing: words that begin a sentence which only announces what follows ("berikut").
        pronouns: words for persons that a name comes before ("dia", "katanya").
        pointers: words that follow a noun named before ("keputusan tersebut").
        deictic: phrases with a pointer that name a time by themselves ("hari ini").
        endings: of words for what is somebody's ("kasusnya"), that are no `unowned` ones.
        unowned: words with such an ending that mean nobody ("biasanya").
        indefinite: words for speakers and things without a name ("seorang").
        limits: words of a part that a sentence may not lose: sources, conditions,
            contrasts, denials ("menurut", "jika", "tetapi", "tidak").
        additions: words that begin a part that it may lose ("setelah", "termasuk").
        numbers: words that are a number by themselves ("lima").
        parts: words that are one only where a count is read: they are other words too
            ("satu"), a part of larger ones ("belas", 10), or were never tried alone.
        times: words that multiply the number before them ("puluh", "juta").
        thousands: the mark that parts thousands in figures; empty if it is not known.
        labels: what stands before a colon and makes a line no sentence ("Baca juga").
        months: number of each month's names, from 1.
        weekdays: number of each weekday's names, Monday 0.
        zones: hours east of UTC, or the name of a zone in the IANA database.
        units: seconds in each unit of time.
        halves: the first of the twelve hours that ``am`` or ``pm`` names.
        ago: phrases after an amount of time gone by ("yang lalu").
        days: phrases for a day, with how many days ago it was.
        clock: phrases for a moment, with how many seconds ago it was.
        fillers: words in a time stamp that say nothing ("pukul").
        day_first: 3/11 is the third of November.
        stop: stop words beyond the general list.
        cues: folded words that tell the language from its near relations ("karena", in
            Malay "kerana"); empty if it has none that are known.
    """

    tag: str
    country: str
    complete: bool
    titles: frozenset[str]
    closing: frozenset[str]
    numbered: frozenset[str]
    attributions: frozenset[str]
    domains: frozenset[str]
    openers: frozenset[str]
    announcing: frozenset[str]
    pronouns: frozenset[str]
    pointers: frozenset[str]
    deictic: frozenset[str]
    endings: tuple[str, ...]
    unowned: frozenset[str]
    indefinite: frozenset[str]
    limits: frozenset[str]
    additions: frozenset[str]
    numbers: Mapping[str, int]
    parts: Mapping[str, int]
    times: Mapping[str, int]
    thousands: str
    labels: frozenset[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    zones: Mapping[str, int | str]
    units: Mapping[str, int]
    halves: Mapping[str, int]
    ago: frozenset[str]
    days: Mapping[str, int]
    clock: Mapping[str, int]
    fillers: frozenset[str]
    day_first: bool
    stop: frozenset[str]
    cues: frozenset[str]


def language(tag: str) -> Language:
    """Return what is known of the language `tag` (BCP 47, any case).

    Region and script are ignored ("id-ID" is "id"); a language without a data
    file, or a tag that is none, gives the general one, whose tag is ``und``.
    """
    return _known(base(tag))


def base(tag: str) -> str:
    """Return the language part of a BCP 47 tag in lower case; ``und`` if there is none."""
    match = re.match(r"[A-Za-z]{2,8}(?![^-_])", tag)
    return match[0].lower() if match else _UNDETERMINED


@cache
def cues() -> Mapping[str, str]:
    """Return the cue words of all languages: word → tag, without those that several have."""
    found = [(word, tag) for tag in sorted(_tags()) for word in _known(tag).cues]
    often = Counter(word for word, _ in found)
    return MappingProxyType({word: tag for word, tag in found if often[word] == 1})


@cache
def _tags() -> frozenset[str]:
    return frozenset(path.stem for path in _FOLDER.glob("*.toml"))


def _known(tag: str) -> Language:
    return _read(tag if tag in _tags() else _UNDETERMINED)


@cache
def _read(tag: str) -> Language:
    general, own = _tables(_UNDETERMINED), _tables(tag)
    sentences = {**general["sentences"], **own.get("sentences", {})}
    extracts, general_extracts = own.get("extracts", {}), general["extracts"]
    numbers = own.get("numbers", {})
    dates, general_dates = own.get("dates", {}), general["dates"]

    def mapping(key: str) -> Mapping[str, int]:
        return MappingProxyType({**general_dates.get(key, {}), **dates.get(key, {})})

    def both(key: str) -> frozenset[str]:
        return frozenset(general_dates.get(key, ())) | frozenset(dates.get(key, ()))

    return Language(
        tag=tag,
        country=own.get("country", ""),
        complete=sentences["complete"],
        titles=frozenset(sentences["titles"]),
        closing=frozenset(sentences["closing"]),
        numbered=frozenset(sentences["numbered"]),
        attributions=frozenset(sentences["attributions"]),
        domains=frozenset(sentences["domains"]),
        openers=frozenset(sentences["openers"]),
        announcing=frozenset(extracts.get("announcing", ())),
        pronouns=frozenset(extracts.get("pronouns", ())),
        pointers=frozenset(extracts.get("pointers", ())),
        deictic=frozenset(extracts.get("deictic", ())),
        endings=tuple(extracts.get("endings", ())),
        unowned=frozenset(extracts.get("unowned", ())),
        indefinite=frozenset(extracts.get("indefinite", ())),
        limits=frozenset(extracts.get("limits", ())),
        additions=frozenset(extracts.get("additions", ())),
        numbers=MappingProxyType(numbers.get("alone", {})),
        parts=MappingProxyType(numbers.get("parts", {})),
        times=MappingProxyType(numbers.get("times", {})),
        thousands=numbers.get("thousands", ""),
        labels=frozenset([*general_extracts["labels"], *extracts.get("labels", ())]),
        months=mapping("months"),
        weekdays=mapping("weekdays"),
        zones=mapping("zones"),
        units=mapping("units"),
        halves=mapping("halves"),
        ago=both("ago"),
        days=mapping("days"),
        clock=mapping("clock"),
        fillers=both("fillers"),
        day_first=dates.get("day_first", general_dates["day_first"]),
        stop=frozenset(own["words"]["stop"]),
        cues=frozenset(own.get("detection", {}).get("cues", ())),
    )


@cache
def _tables(tag: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{tag}.toml").read_text(encoding="utf-8"))
