from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest) -> Path:
    """The folder that tools are kept in from one run of the tests to the next."""
    return Path(request.config.cache.mkdir("npm"))
