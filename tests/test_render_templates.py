"""The operator's own templates, whole, in part, and broken."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment
from jinja2.bccache import bc_magic

from briefing.errors import DeliveryError
from briefing.render import pages as pages_module
from briefing.render import render
from tests.briefs import sample_brief


def rendered(folder, **files: str) -> dict[str, str]:
    """Return the pages by ending, with own templates (``html="…"`` is ``brief.html``)."""
    for ending, content in files.items():
        (folder / f"brief.{ending}").write_text(content, encoding="utf-8")
    return {
        name.rpartition(".")[2]: page
        for name, page in render(sample_brief(), templates=folder).items()
    }


def test_empty_folder_changes_nothing(tmp_path):
    assert render(sample_brief(), templates=tmp_path) == render(sample_brief())


def test_one_template_of_ones_own_is_enough(tmp_path):
    pages = rendered(tmp_path, html="<p>{{ brief.title }}")
    assert pages["html"] == "<p>Kabar Lembah Kapur"
    assert pages["md"] == render(sample_brief())["2024-12-01.md"]


def test_stylesheet_of_ones_own_is_enough(tmp_path):
    pages = rendered(tmp_path, css="@media print{#a{color:{% red}}")
    assert "@media print{#a{color:{% red}}" in pages["html"]
    assert "--paper" not in pages["html"]


@pytest.mark.parametrize(
    "block",
    [
        "head",
        "style",
        "masthead",
        "top_lines",
        "contents",
        "sections",
        "story",
        "footer",
    ],
)
def test_block_of_the_html_page_can_be_filled_anew(tmp_path, block):
    pages = rendered(
        tmp_path,
        html='{% extends "!default/brief.html" %}'
        f"{{% block {block} %}}<hr>{{{{ super() }}}}{{% endblock %}}",
    )
    whole = render(sample_brief())["2024-12-01.html"]
    assert pages["html"].replace("<hr>", "") == whole
    assert pages["html"].count("<hr>") == (3 if block == "story" else 1)


@pytest.mark.parametrize(
    "block", ["masthead", "top_lines", "sections", "story", "footer"]
)
def test_block_of_the_markdown_page_can_be_filled_anew(tmp_path, block):
    pages = rendered(
        tmp_path,
        md='{% extends "!default/brief.md" %}'
        f"{{% block {block} %}}{{{{ super() }}}}{{% endblock %}}",
    )
    assert pages["md"] == render(sample_brief())["2024-12-01.md"]


def test_story_block_knows_its_story(tmp_path):
    pages = rendered(
        tmp_path,
        html='{% extends "!default/brief.html" %}'
        "{% block story %}<i>{{ section.title }}: {{ story.lead.outlet }}</i>{% endblock %}",
    )
    assert "<i>Jalan dan jembatan: Warta Kapur</i>" in pages["html"]


def test_own_templates_escape_too(tmp_path):
    (tmp_path / "part.html").write_text("{{ '<b>' }}", encoding="utf-8")
    pages = rendered(
        tmp_path,
        html='{{ "<b>&" }}{% include "part.html" %}',
        md='{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m("<b>_") }}'
        '{% trans x="a*" %}{{ x }}{% endtrans %}',
    )
    assert pages["html"] == "&lt;b&gt;&amp;&lt;b&gt;"
    assert pages["md"] == "*&lt;b>\\_*a\\*\n"


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("a\n{% if %}", "brief.html:2", "Expected an expression"),
        ("a\n\n{{ brief.titel }}", "brief.html:3", "has no attribute 'titel'"),
        ("{{ nothing }}", "brief.html:1", "'nothing' is undefined"),
        ("\n{{ brief.title + 1 }}", "brief.html:2", "can only concatenate"),
        ("\n{{ 1 / 0 }}", "brief.html:2", "division by zero"),
        ('\n{% include "part.html" %}', "brief.html:2", "no template part.html"),
        ('{{ file("x.css") }}', "brief.html:1", "no template x.css"),
        ("{{ brief.title | shout }}", "brief.html:1", "No filter named 'shout'"),
    ],
)
def test_broken_template_is_named_in_one_line(tmp_path, content, place, words):
    with pytest.raises(DeliveryError) as caught:
        rendered(tmp_path, html=content)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / place}: ")
    assert words in message
    assert "\n" not in message


def test_broken_part_is_named_rather_than_who_includes_it(tmp_path):
    (tmp_path / "part.html").write_text("\n{{ nothing }}", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"part\.html:2: 'nothing' is undefined"):
        rendered(tmp_path, html='{% include "part.html" %}')


def test_template_that_is_not_utf8(tmp_path):
    (tmp_path / "brief.html").write_bytes(b"\xff\xfe")
    with pytest.raises(DeliveryError, match=f"{tmp_path}: .*decode"):
        render(sample_brief(), templates=tmp_path)


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(DeliveryError, match="there is no such folder"):
        render(sample_brief(), templates=tmp_path / "x")


def test_error_of_ours_is_not_blamed_on_a_template(monkeypatch):
    def broken(page: str) -> str:
        raise ValueError(page[:1])

    monkeypatch.setattr(pages_module, "_tidy", broken)
    with pytest.raises(ValueError, match="#"):
        render(sample_brief())


@pytest.fixture
def caches(tmp_path, monkeypatch):
    monkeypatch.setattr(pages_module, "user_cache_path", lambda _: tmp_path / "caches")
    monkeypatch.setattr(pages_module, "_COMPILED", pages_module._Compiled())
    return tmp_path / "caches"


def as_another_run(monkeypatch) -> list[str]:
    """Return what is compiled from now on."""
    compiled: list[str] = []
    compile_ = Environment.compile

    def told(self: Any, source: str, *given: Any, **options: Any) -> Any:
        compiled.append(source)
        return compile_(self, source, *given, **options)

    monkeypatch.setattr(pages_module, "_COMPILED", pages_module._Compiled())
    monkeypatch.setattr(Environment, "compile", told)
    return compiled


def test_templates_are_compiled_once_for_all_runs(caches, monkeypatch):
    written = render(sample_brief(), templates=None)
    compiled = as_another_run(monkeypatch)
    assert render(sample_brief(), templates=None) == written
    assert compiled == []
    assert caches.is_dir()


@pytest.mark.parametrize(
    "damage",
    [b"", b"j2\x05", bc_magic, bc_magic + b"\xff" * 99, bc_magic + b"\x80\x04x", None],
)
def test_compiled_templates_that_cannot_be_read_are_compiled_again(
    caches, monkeypatch, damage
):
    written = render(sample_brief(), templates=None)
    for one in caches.rglob("*"):
        if one.is_file():
            one.write_bytes(one.read_bytes()[:-50] if damage is None else damage)
    compiled = as_another_run(monkeypatch)
    assert render(sample_brief(), templates=None) == written
    assert compiled


def test_without_a_place_for_compiled_templates_there_are_pages(caches, monkeypatch):
    caches.write_text("no folder")
    assert render(sample_brief(), templates=None)


def test_another_version_of_the_program_compiles_anew(caches, monkeypatch):
    render(sample_brief(), templates=None)
    compiled = as_another_run(monkeypatch)
    monkeypatch.setattr(pages_module._COMPILED, "_made_by", "another")
    assert render(sample_brief(), templates=None)
    assert compiled


def test_what_others_could_have_compiled_is_not_run(caches, monkeypatch):
    render(sample_brief(), templates=None)
    (caches / "templates").chmod(0o777)
    compiled = as_another_run(monkeypatch)
    assert render(sample_brief(), templates=None)
    assert compiled
