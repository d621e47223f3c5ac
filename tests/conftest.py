"""Property tests try the same examples in every run; ``--hypothesis-profile=default`` tries others."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
