"""What the docs say is what there is."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from briefing.cli import main
from briefing.settings import Settings
from tests.desk import call

ROOT = Path(__file__).parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
JSON_LINES = REFERENCE.split("### JSON Lines")[1].split("## Settings")[0]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_command_and_option_is_in_the_reference(name: str) -> None:
    assert f"`briefing {name}" in REFERENCE
    own = REFERENCE.split(f"`briefing {name}", 1)[1].split("\n### ", 1)[0]
    shared = REFERENCE.split("### `briefing init")[0] + JSON_LINES
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert max(parameter.opts, key=len) in own + shared, (
                f"{name} {parameter.opts}"
            )
    assert main.commands[name].help


def _keys(model: type[BaseModel], table: str = "") -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        kinds = getattr(field.annotation, "__args__", (field.annotation,))
        inner = [
            kind
            for kind in kinds
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        found += (
            _keys(inner[0], f"{name}.") if inner else [table + (field.alias or name)]
        )
    return found


@pytest.mark.parametrize("key", _keys(Settings))
def test_each_setting_is_in_the_reference(key: str) -> None:
    name = key.removeprefix("source.").removeprefix("topic.").removeprefix("list.")
    assert f"`{name}`" in REFERENCE


def _readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_readme_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = []
    for line in _readme_commands():
        program, *arguments = shlex.split(line)
        if Path(program).name == "briefing":
            result = call(*arguments)
            assert result.exit_code == 0, f"{line}\n{result.output}"
            ran.append(line)
    assert len(ran) >= 4


@pytest.mark.parametrize("target", ["brief", "test", "quality", "bench", "golden"])
def test_make_targets_exist(target: str) -> None:
    subprocess.run(
        ["make", "--dry-run", target, f"PYTHON={sys.executable}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize(
    "page",
    [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md"],
    ids=lambda path: path.name,
)
def test_links_between_docs_resolve(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
