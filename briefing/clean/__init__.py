"""Document → Article: text without markup and noise, and what is known about it.

`clean_text` does the same for a plain text alone, as a choice of spans of it. The
noise rules are files in ``noise/``; see `briefing.clean.rules`.
"""

from __future__ import annotations

from briefing.clean.article import clean
from briefing.clean.identity import told_apart
from briefing.clean.plain import CleanText, clean_text
from briefing.clean.rules import own_rules

__all__ = ["CleanText", "clean", "clean_text", "own_rules", "told_apart"]
