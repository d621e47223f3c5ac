"""A daily news briefing: every sentence verbatim, nothing lost, nothing repeated.

    collect   Source ─gather→ Document ─clean→ Article ─condense→ Summary ──→ store
    build     store ─→ articles + summaries ─group→ Stories, Sections ──→ Brief
    publish   Brief ─render→ pages ─deliver→ folder, terminal

`briefing.pipeline` holds these three; read it first.
"""

from __future__ import annotations

__version__ = "0.1.0"
