"""status --metrics, read by the grammar of Prometheus' text format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.cli.metrics import _labelled
from tests.desk import Desk

NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})((?:\{{{LABEL}(?:,{LABEL})*\}})?) (-?\d+(?:\.\d+)?)")
ABOUT = re.compile(rf"# (HELP|TYPE) ({NAME}) (.+)")


def _parsed(text: str) -> dict[str, float]:
    """Return name and labels → value; what the format does not allow fails."""
    found, about = dict[str, float](), dict[str, list[str]]()
    assert text.endswith("\n")
    for line in text.splitlines():
        if said := ABOUT.fullmatch(line):
            about.setdefault(said[2], []).append(said[1])
            current = said[2]
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert sample[1] == current, "samples stand below their name"
        assert sample[1] + sample[2] not in found
        found[sample[1] + sample[2]] = float(sample[3])
    assert all(one == ["HELP", "TYPE"] for one in about.values())
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def test_what_stands_in_the_store(desk: Desk) -> None:
    assert desk.run("build").exit_code == 0
    draft = _parsed(desk.run("status", "--metrics").stdout)
    assert draft['briefing_runs{kind="collect",status="done"}'] == 1
    assert draft['briefing_last_run_status{kind="collect",status="done"}'] == 1
    assert draft["briefing_sources"] == 1
    assert draft["briefing_sources_failing"] == draft["briefing_sources_unvisited"] == 0
    assert sum(draft[key] for key in draft if key.startswith("briefing_articles")) > 0
    assert draft['briefing_mails{state="pending"}'] == 0
    started = draft['briefing_last_run_started_seconds{kind="collect"}']
    assert started <= draft['briefing_last_run_finished_seconds{kind="collect"}']


def test_before_anything_was_done(desk: Desk) -> None:
    desk.run("collect")
    found = _parsed(desk.run("status", "--metrics").stdout)
    assert found['briefing_editions{schedule="",state="published"}'] == 0
    assert not any("last_edition" in key for key in found)


@pytest.mark.parametrize("more", ["2024-12-01", "--all", "--json"])
def test_metrics_are_of_everything(desk: Desk, more: str) -> None:
    refused = desk.run("status", "--metrics", more)
    assert refused.exit_code == 2
    assert "--metrics takes no" in refused.stderr


def test_a_label_is_escaped() -> None:
    line = "m" + _labelled({"a": 'x"\\\n', "b": "{}"}) + " 1"
    assert SAMPLE.fullmatch(line), line
