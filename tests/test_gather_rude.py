"""The deadline and the cap hold, whatever a server does."""

from __future__ import annotations

import pytest

from briefing.gather import Http
from briefing.gather.response import FetchError
from tests.rude import RUDE, Script, rude_server


@pytest.mark.parametrize(("script", "reason"), RUDE, ids=lambda one: getattr(one, "__name__", ""))  # fmt: skip
def test_rude_servers(script: Script, reason: str) -> None:
    with (
        rude_server(script) as url,
        Http(private=True, deadline=1, max_bytes=100_000) as http,
    ):
        with pytest.raises(FetchError) as caught:
            http.get(url)
        assert caught.value.reason == reason
        assert caught.value.detail
