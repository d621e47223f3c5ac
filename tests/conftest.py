"""Property tests try the same examples in every run; ``--hypothesis-profile=default`` tries others."""

from __future__ import annotations

import atexit
import os
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Tests have caches of their own, which begin empty.
    CACHES = mkdtemp(prefix="caches-")
    os.environ["XDG_CACHE_HOME"] = CACHES
    atexit.register(rmtree, CACHES, ignore_errors=True)

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgresql",
        action="store_true",
        help="keep in a PostgreSQL server what tests would keep in files",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--postgresql"):
        from tests.postgres import instead_of_files

        instead_of_files()


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.getoption("--postgresql"):
        of_files = pytest.mark.skip(reason="of a store in a file")
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(of_files)
