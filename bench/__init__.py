"""Seconds and peak memory of each stage; run ``python -m bench``."""
