"""Seconds and peak memory of each stage; run ``python -m bench``."""

from __future__ import annotations

from briefing.tuning import tune

tune()  # as the command line does
