"""What mail programs do not know, of what stands in an HTML mail (data of caniemail.com)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import html

PROGRAMS: Final = ("apple-mail", "gmail", "outlook")

_ENDED: Final = frozenset({"windows-mail"})
"""Platforms that are no more: Windows Mail ended in 2024."""

_AT_RULE: Final = re.compile(r"@([\w-]+)\s*([^{]*)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}")
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMBINATORS: Final = {">": "child", "+": "adjacent-sibling", "~": "general-sibling"}
_UNITS: Final = r"%|[a-z]+"

_SAME: Final = {
    **{f"h{level}": "html-h1-h6" for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol", "dl", "li", "dt", "dd"), "html-lists"),
    **dict.fromkeys(
        (
            *(
                "article",
                "aside",
                "details",
                "figcaption",
                "figure",
                "footer",
                "header",
            ),
            *("main", "mark", "nav", "section", "summary", "time"),
        ),
        "html-semantics",
    ),
}


def unsupported(page: str, listed: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return what of a page which platforms do not know: ``{feature: {"gmail ios", …}}``.

    What stands inside of an at-rule is asked of those only that know the at-rule.

    Args:
        page: the HTML of a mail.
        listed: caniemail's features by slug.
    """
    missing: dict[str, set[str]] = defaultdict(set)
    for slug in {*_of_elements(page)}:
        missing[slug] |= _without(listed, slug)
    for around, inside in _of_sheets(page):
        outside = set().union(*(_without(listed, slug) for slug in around))
        for slug in around:
            missing[slug] |= _without(listed, slug)
        for slug in inside:
            missing[slug] |= _without(listed, slug) - outside
    return {slug: programs for slug, programs in missing.items() if programs}


def constructs(page: str) -> set[str]:
    """Return what a page is made of, by the names that caniemail gives."""
    sheets = (around | inside for around, inside in _of_sheets(page))
    return {*_of_elements(page)}.union(*sheets)


def _without(listed: Mapping[str, Any], slug: str) -> set[str]:
    """Return the platforms whose newest version that was tried does not know a feature."""
    stats = listed[slug]["stats"] if slug in listed else {}
    return {
        f"{program} {platform}"
        for program in PROGRAMS
        for platform, versions in stats.get(program, {}).items()
        if platform not in _ENDED and [*versions.values()][-1].startswith("n")
    }


def _of_elements(page: str) -> Iterator[str]:
    for element in html.fromstring(page).iter("*"):
        yield _SAME.get(element.tag, f"html-{element.tag}")
        for name, value in ((str(name), str(value)) for name, value in element.items()):
            yield f"html-{name}"
            if name == "href" and value.startswith("#"):
                yield "html-anchor-links"
            if element.tag == "meta" and value == "color-scheme":
                yield "html-meta-color-scheme"
        yield from _of_declarations(element.get("style", ""))


def _of_sheets(page: str) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the at-rules around rules, and what is inside."""
    for element in html.fromstring(page).iter("style"):
        sheet = re.sub(r"/\*.*?\*/", "", element.text or "", flags=re.DOTALL)
        for name, condition, inside in _AT_RULE.findall(sheet):
            features = re.findall(r"\(\s*([\w-]+)", condition)
            around = {f"css-at-{name}", *(f"css-at-{name}-{one}" for one in features)}
            yield around, {*_of_rules(inside)}
        yield set(), {*_of_rules(_AT_RULE.sub("", sheet))}


def _of_rules(rules: str) -> Iterator[str]:
    for selectors, declarations in _RULE.findall(rules):
        yield from _of_selectors(selectors)
        yield from _of_declarations(declarations)


def _of_selectors(selectors: str) -> Iterator[str]:
    if "," in selectors:
        yield "css-selector-grouping"
    for selector in selectors.split(","):
        for sign, name in _COMBINATORS.items():
            if sign in selector:
                yield f"css-selector-{name}"
        parts = re.split(r"\s*[>+~]\s*|\s+", selector.strip())
        if len(parts) > 1 and not re.search("[>+~]", selector):
            yield "css-selector-descendant"
        for part in parts:
            yield from _of_simple(part)


def _of_simple(selector: str) -> Iterator[str]:
    for sign, name in {".": "class", "#": "id", "[": "attribute"}.items():
        if sign in selector:
            yield f"css-selector-{name}"
    if re.search(r"\.[\w-]+\.", selector):
        yield "css-selector-chaining"
    for colons, name in re.findall(r"(::?)([\w-]+)", selector):
        yield f"css-pseudo-{'element' if len(colons) > 1 else 'class'}-{name}"


def _of_declarations(text: str) -> Iterator[str]:
    for name, colon, value in (one.partition(":") for one in text.split(";")):
        if not colon:
            continue
        yield from _of_property(name.strip().lower())
        yield f"css-{name.strip()}-{value.strip()}"  # display: none
        if "!important" in value:
            yield "css-important"
        if "var(" in value:
            yield "css-variables"
        for function in re.findall(r"([\w-]+)\(", value):
            yield from (f"css-{function}", f"css-function-{function}")
            yield f"css-unit-{function}"
        for unit in re.findall(rf"\d({_UNITS})", re.sub(r"#\w+|'[^']*'", "", value)):
            yield f"css-unit-{'percent' if unit == '%' else unit}"


def _of_property(name: str) -> Iterator[str]:
    yield f"css-{name}"
    if re.search("block|inline", name):
        base, _, end = name.rpartition("-")
        side = "start-end" if end in {"start", "end"} else ""
        kind = base if side else name
        both = re.sub("-(block|inline)$", r"-inline-block", name)
        yield from (f"css-{kind}-{side}", f"css-{both}")
    if name in {"left", "right", "top", "bottom"}:
        yield "css-left-right-top-bottom"
    if re.match("border-(top|right|bottom|left)", name):
        yield "css-border"
