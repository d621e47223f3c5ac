"""Kill -9 anywhere in a day: the next start finishes it, as if nothing had been."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.days import NEWS, Days, live, undisturbed
from tests.faults import EARLY, run
from tests.smtp import smtp_server

PEOPLE = ("ani", "budi", "citra", "dewi")
DAYS = 2


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The pages of days without a kill."""
    return undisturbed(tmp_path_factory.mktemp("tenang"), DAYS).pages()


@pytest.mark.slow
@pytest.mark.parametrize(
    "kills",
    [
        [("kept", 0), ("keep", 1), ("kept", 1)],
        [(point, 0) for point in EARLY if point not in {"kept", "list"}],
        [("paged", 1), ("list", 0), ("frozen", 0), ("dotted", 0)],
    ],
)
def test_after_kills_all_is_as_on_days_without(
    tmp_path: Path, kills: Sequence[tuple[str, int]], pages: dict[str, bytes]
) -> None:
    with smtp_server() as server:
        paper = Days(tmp_path, server.port)
        paper.subscribe(PEOPLE)
        for day in range(DAYS):
            paper.write(day)
            work = partial(live, tmp_path, server.port, day)
            for point, after in kills if day == 0 else ():
                assert run(work, point=point, after=after), (point, after)
            assert not run(work), "a restart does not finish"
        mails = paper.mails(server.taken)
    assert paper.pages() == pages
    claimed = paper.claimed()
    assert len(claimed) == DAYS * len(NEWS)
    assert set(claimed.values()) == {1}
    assert mails["mails"] == DAYS * len(PEOPLE)
    assert mails["lost"] == mails["twice"] == mails["unknown"] == 0
    assert paper.damage() == ()
