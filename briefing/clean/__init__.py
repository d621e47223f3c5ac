"""clean."""

from __future__ import annotations
