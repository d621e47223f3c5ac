"""The recipes for containers name what there is; they are read, not run."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import main

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def _instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def test_what_is_copied_is_there_and_not_ignored() -> None:
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = [one for one in _instructions("COPY") if not one.startswith("--from")]
    for *sources, _ in map(shlex.split, copied):
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in kept, source


def test_the_last_stage_has_no_tools_and_no_root() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert "pip" not in last
    assert "apt" not in last
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE) == ["briefing"]


def test_the_extras_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [extras] = [one for one in _instructions("ARG") if one.startswith("EXTRAS=")]
    wanted = set(extras.removeprefix("EXTRAS=").split(","))
    assert wanted <= project["optional-dependencies"].keys()


def _commands() -> Iterator[list[str]]:
    """Yield what each container of ours is told to run."""
    [entry], [command] = _instructions("ENTRYPOINT"), _instructions("CMD")
    yield json.loads(entry) + json.loads(command)
    for service in SERVICES.values():
        if "build" in service:
            yield [*service.get("entrypoint", json.loads(entry)), *service["command"]]


@pytest.mark.parametrize("words", list(_commands()), ids=" ".join)
def test_commands_and_options_are_there(words: list[str]) -> None:
    program, name, *rest = words
    options = {one for one in rest if one.startswith("--")}
    if program == "briefing":
        known = main.commands[name].params
    else:
        module = pytest.importorskip(f"distributed.cli.dask_{name}")
        known = module.main.params
    found = {each for one in known for each in (*one.opts, *one.secondary_opts)}
    assert options <= found


def test_services_lean_on_what_is_there() -> None:
    for name, service in SERVICES.items():
        for other in service.get("depends_on", ()):
            assert other in SERVICES, name
        assert "privileged" not in service
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert "/healthz" in " ".join(SERVICES["links"]["healthcheck"]["test"])
    ports = {one.name: one.default for one in main.commands["serve"].params}
    assert str(ports["port"]) in SERVICES["links"]["ports"][0]
