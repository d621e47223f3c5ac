from __future__ import annotations

import pytest

from tests.browser.chromium import chromium


@pytest.fixture(scope="package")
def browser():
    """One Chromium for all tests here."""
    with chromium() as running:
        yield running
