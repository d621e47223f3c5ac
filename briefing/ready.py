"""Importing this reads all that work on texts needs: libraries, noise rules, models, place names.

It takes a second or two. The process from which workers are copied does it once, for all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from briefing.clean import clean
from briefing.condense import condense
from briefing.group import profiled
from briefing.model import Article, Document

_PAGE: Final = b"""\
<html><body><article><h1>Jembatan lama di kota ini ditutup</h1>
<p>London, Inggris - Jembatan lama di tepi utara ditutup pada Kamis (28/11), kata juru bicara.</p>
<p>Warga diminta memutar lewat jalan lain sampai pekerjaan itu selesai tahun depan.</p>
<p>Perbaikannya memakan waktu empat belas bulan, dua bulan lebih lama dari rencana kota itu.</p>
</article></body></html>"""

_read = clean(
    Document(
        "https://contoh.example/",
        "contoh",
        _PAGE,
        "text/html",
        datetime(2024, 1, 1, tzinfo=UTC),
    ),
    zone=ZoneInfo("UTC"),
    language="id",
)
if isinstance(_read, Article):
    condense(_read)
    profiled(_read)
