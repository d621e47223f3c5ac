"""Kill -9 anywhere on the way of a mail: nobody is left out, nobody gets two."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.faults import POINTS, run
from tests.office import Office, publish_and_send
from tests.smtp import smtp_server

PEOPLE = [f"pembaca{number}" for number in range(8)]
CERTAIN = {"freeze", "frozen", "claim", "claimed"}
"""Points before anything is on the way."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "after"),
    [*((point, 0) for point in POINTS), ("body", 9), ("left", 2), ("dotted", 5)],
)
def test_after_a_kill_the_rest_goes_out_and_nothing_twice(
    tmp_path: Path, point: str, after: int
) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe(*PEOPLE)
        work = partial(publish_and_send, tmp_path, server.port)
        assert run(work, point=point, after=after) or after
        assert not run(work)
        states = office.states()
        got = [to.partition("@")[0] for to in server.recipients]
    assert sorted(states) == sorted(PEOPLE)
    assert len(got) == len(set(got)), "a mail came twice"
    held = {name for name, state in states.items() if state == "uncertain"}
    assert {*got} | held == {*PEOPLE}, "a mail came to nobody and nobody knows"
    assert len(held) <= (0 if point in CERTAIN and not after else 3)
    assert {*states.values()} <= {"accepted", "uncertain"}


@pytest.mark.slow
def test_what_a_kill_left_uncertain_can_be_sent_again(tmp_path: Path) -> None:
    with smtp_server() as server:
        office = Office(tmp_path, server.port)
        office.subscribe(*PEOPLE)
        assert run(partial(publish_and_send, tmp_path, server.port), point="left")
        office.send()
        held = [name for name, state in office.states().items() if state == "uncertain"]
        assert held
        office.send(uncertain="resend")
        assert {*office.states().values()} == {"accepted"}
        assert all(one.first and one.first.tzinfo for one in office.mails().values())
