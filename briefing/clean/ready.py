"""Importing this reads all that cleaning needs: libraries, noise rules, the language model.

It takes a second or two. The process from which workers are copied does it once, for all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from briefing.clean.article import clean
from briefing.model import Document

_PAGE: Final = b"""\
<html><body><article><h1>Jembatan lama di kota ini ditutup</h1>
<p>Jembatan lama di tepi utara ditutup pada Kamis (28/11), kata juru bicara kota itu.</p>
<p>Warga diminta memutar lewat jalan lain sampai pekerjaan itu selesai tahun depan.</p>
</article></body></html>"""

clean(
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
