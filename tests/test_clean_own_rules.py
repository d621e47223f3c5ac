"""Noise rules of the operator's own: used, named when wrong, never slow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean, clean_text, own_rules
from briefing.errors import SettingsError
from briefing.model import Article, Document
from briefing.settings import load_settings

FIRST = "Sidang dibuka oleh ketua majelis pada pukul sembilan pagi."
LAST = "Sidang ditutup menjelang sore tanpa satu keputusan pun."
RULE = """\
[[rule]]
id = "warta-promo"
kind = "line"
pattern = '(?i)warta contoh mengajak anda .{1,200}'
example = "Warta Contoh mengajak Anda menjadi anggota."
spares = ["Warta Contoh memuat berita itu kemarin."]
"""


def written(folder: Path, text: str, name: str = "noise.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_in_a_file_drops_its_noise(tmp_path: Path) -> None:
    raw = f"{FIRST}\n\nWARTA CONTOH mengajak Anda makan siang.\n\n{LAST}"
    path = written(tmp_path, RULE)
    found = clean_text(raw, language="id", noise=path)
    assert found.text == f"{FIRST}\n\n{LAST}"
    assert clean_text(raw, language="id").text == raw


def test_every_file_of_a_folder_is_read_and_only_toml(tmp_path: Path) -> None:
    written(tmp_path, RULE, "b.toml")
    written(tmp_path, RULE.replace("warta-promo", "lain"), "a.toml")
    written(tmp_path, "no rules", "README.md")
    assert [rule.id for rule in own_rules(tmp_path)] == ["lain", "warta-promo"]


@pytest.mark.parametrize(
    ("kind", "pattern", "example", "leaves"),
    [
        ("suffix", r"é\. ?(?P<noise>\[abc\])$", f"{FIRST[:-1]} é. [abc]", f"{FIRST[:-1]} é."),
        ("prefix", r"KABAR: ", f"KABAR: {FIRST}", FIRST),
        ("inside", r"\{iklan\}", f"{FIRST} {{iklan}} {FIRST[:-1]} lagi.", f"{FIRST}\n\n{FIRST[:-1]} lagi."),
    ],
)  # fmt: skip
def test_rules_of_other_kinds(
    tmp_path: Path, kind: str, *, pattern: str, example: str, leaves: str
) -> None:
    rule = f"""
[[rule]]
id = "own"
kind = "{kind}"
pattern = '{pattern}'
example = "{example}"
spares = ["Sidang itu."]
"""
    found = clean_text(
        f"{LAST}\n\n{example}", language="id", noise=written(tmp_path, rule)
    )
    assert found.text == f"{LAST}\n\n{leaves}"


def test_a_rule_of_one_outlet_leaves_the_others_alone(tmp_path: Path) -> None:
    path = written(tmp_path, RULE + 'outlets = ["warta.example"]\n')
    line = "Warta Contoh mengajak Anda menjadi anggota."

    def text(url: str) -> str:
        body = f"{FIRST}\n\n{line}\n\n{LAST}".encode()
        now = datetime(2024, 12, 1, tzinfo=UTC)
        document = Document(url, "s", body, "text/plain", now)
        found = clean(document, zone=ZoneInfo("Asia/Jakarta"), noise=path)
        assert isinstance(found, Article)
        return found.text

    assert line not in text("https://www.warta.example/1")
    assert line not in text("https://news.warta.example/1")
    assert line in text("https://berita.example/1")


@pytest.mark.parametrize(
    "pattern", ["(a+)+!", "(a|a)*!", "(.*a){30}!", "(?:a?){60}a{60}!", ".*.*.*.*=.*"]
)
def test_no_pattern_makes_a_run_hang(tmp_path: Path, pattern: str) -> None:
    """Each of these takes `re` longer than anyone can wait."""
    rule = f"""
[[rule]]
id = "slow"
kind = "suffix"
pattern = '(?:{pattern})|noise$'
example = "noise"
spares = ["x"]
"""
    raw = f"{FIRST}\n\n{'a' * 299}\n\n{LAST}"
    found = clean_text(raw, language="id", noise=written(tmp_path, rule))
    assert "a" * 299 in found.text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pattern = '(?i)", "pattern = '(?<=x)", "rule 'warta-promo': pattern: invalid perl operator: (?<"),
        ("pattern = '(?i)", "pattern = '(", "rule 'warta-promo': pattern: missing ): "),
        ("kind =", "knd =", "rule 'warta-promo': knd: unknown key"),
        ('"line"', '"lines"', "rule 'warta-promo': kind: one of line, prefix, suffix, inside, tail"),
        ('"line"', "3", "rule 'warta-promo': kind: not a str"),
        ('["Warta Contoh memuat berita itu kemarin."]', "[3]", "rule 'warta-promo': spares: not a list"),
        ('id = "warta-promo"', "", "rule 1: id: is missing"),
        ("anda .", "kami .", "rule 'warta-promo': example: the pattern does not match it"),
        ("memuat berita itu", "mengajak anda", "rule 'warta-promo': spares: the pattern matches 'Warta"),
        ('spares = ["Warta Contoh memuat berita itu kemarin."]', "", "rule 'warta-promo': spares: name a text"),
        ("warta-promo", "advertisement", "rule 'advertisement': id: there is another rule"),
        ("kind =", "takes = -1\nkind =", "rule 'warta-promo': takes: fewer than 0"),
        ("kind =", "leaves = 'x'\nkind =", "rule 'warta-promo': leaves: the rule leaves '' of its example"),
        ("(?i)warta", "(?i)(?P<noise>w)arta", "rule 'warta-promo': pattern: a group 'noise' is for a suffix"),
        ("{1,200}", "{1,200}\\Z", "the end of a text is \\z"),
        ("[[rule]]", "[rule]", "holds something else than [[rule]] tables"),
        ("[[rule]]", "[[rules]]", "holds something else than [[rule]] tables"),
        ("[[rule]]", "[[rule]", "Expected ']]'"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_used_is_named(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in RULE
    path = written(tmp_path, RULE.replace(old, new, 1))
    with pytest.raises(ValueError, match=r"noise\.toml") as caught:
        own_rules(path)
    assert told in str(caught.value)


SUFFIX = """\
[[rule]]
id = "suffix"
kind = "suffix"
pattern = '{}'
example = "Rapat ditunda sampai Senin. (Warta Contoh)"
leaves = "Rapat ditunda sampai Senin."
spares = ["Warta Contoh memuat berita itu."]
"""


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"\(Warta", "example: the pattern does not match it up to its end"),
        (r"\(Warta Contoh\)(?P<noise>!)?", "example: the pattern does not match it up"),
        (r"(?P<noise>Senin\. )?\(Warta Contoh\)", "leaves: the rule leaves 'Rapat ditunda sampai' of"),
        (r" sampai Senin\. \(Warta Contoh\)", "leaves: the rule leaves 'Rapat ditunda' of its example"),
    ],
)  # fmt: skip
def test_a_suffix_that_takes_too_much_is_named(
    tmp_path: Path, pattern: str, told: str
) -> None:
    path = written(tmp_path, SUFFIX.format(pattern))
    with pytest.raises(ValueError, match=r"noise\.toml: rule 'suffix': ") as caught:
        own_rules(path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_suffix_that_a_text_goes_on_behind_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, SUFFIX.format(r"\(Warta Contoh\)"))
    raw = f"{FIRST[:-1]} (Warta Contoh) dan juru tulis.\n\n{LAST} (Warta Contoh)"
    found = clean_text(raw, language="id", noise=path)
    assert found.text == raw.removesuffix(" (Warta Contoh)")


def test_a_group_that_took_no_part_cuts_nothing(tmp_path: Path) -> None:
    pattern = r"(?:(?P<noise>\(Warta Contoh\))|juru tulis\.)"
    path = written(tmp_path, SUFFIX.format(pattern))
    raw = f"{FIRST[:-1]} oleh juru tulis.\n\n{LAST}"
    assert clean_text(raw, language="id", noise=path).text == raw


def test_two_rules_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="id: there is another rule of this name"):
        own_rules(written(tmp_path, RULE + RULE))


def test_the_settings_name_the_file_the_rule_and_the_key(tmp_path: Path) -> None:
    written(tmp_path, RULE.replace('"line"', '"lines"'))
    settings = written(
        tmp_path, 'title = "K"\nlanguage = "id"\nnoise = "noise.toml"\n', "b.toml"
    )
    with pytest.raises(SettingsError) as caught:
        load_settings(settings)
    told = str(caught.value)
    assert told.startswith(f"{settings}:3: noise: {tmp_path / 'noise.toml'}: rule 'wa")
    assert "kind: one of" in told


def test_settings_with_rules_and_without_such_a_file(tmp_path: Path) -> None:
    settings = written(tmp_path, 'title = "K"\nnoise = "rules"\n', "b.toml")
    with pytest.raises(SettingsError, match=r"b\.toml:2: noise: .*no such file"):
        load_settings(settings)
    (tmp_path / "rules").mkdir()
    written(tmp_path / "rules", RULE)
    assert load_settings(settings).noise == tmp_path / "rules"
