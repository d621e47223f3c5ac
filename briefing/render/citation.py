"""How an edition is cited."""

from __future__ import annotations

from typing import Final

from briefing.model import Brief
from briefing.render.text import plain

_LATEX: Final = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "#$%&_{}"},
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "\n": " ",
        "\t": " ",
    }
)
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
"""BibTeX's own names, which each style writes in its way."""


def bibtex(brief: Brief, *, day: str, url: str | None) -> str:
    """Return an entry of a BibTeX file, in UTF-8.

    Args:
        brief: the edition.
        day: its date in words, which stands in the title.
        url: its address, None if that is not known.
    """
    fields = {
        "title": f"{{{{{_latex(brief.title)}: {_latex(day)}}}}}",
        "year": f"{{{brief.date.year}}}",
        "month": _MONTHS[brief.date.month - 1],
        "day": f"{{{brief.date.day}}}",
        "language": f"{{{_latex(brief.language)}}}",
        **({"howpublished": f"{{\\url{{{url}}}}}", "url": f"{{{url}}}"} if url else {}),
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items())
    return f"@misc{{briefing-{brief.key},\n{lines}}}\n"


def _latex(text: str) -> str:
    return plain(text).translate(_LATEX)
