from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.errors import SettingsError
from briefing.settings import load_settings, shape, starter_settings, with_summary
from briefing.settings.lines import line_of
from briefing.settings.load import parse_settings
from briefing.settings.sources import SourceSettings

WHOLE = """\
title = "Kabar"
language = "id"
zone = "Asia/Jakarta"

[schedule]
at = "05:30"

[[source]]
id = "satu"
kind = "folder"
path = "artikel"

[[source]]
id = "dua"
kind = "feed"
url = "https://contoh.example/feed.xml"

[[topic]]
slug = "serangan"
title = "Serangan"
any = ["serang*^2"]
not = ["jantung"]
"""


def test_a_whole_file(tmp_path: Path) -> None:
    (tmp_path / "briefing.toml").write_text(WHOLE)
    settings = load_settings(tmp_path / "briefing.toml")
    assert settings.schedules[0].rules == ("30 5 * * *",)
    assert settings.source[0].path == tmp_path / "artikel"
    assert settings.output.folder == tmp_path / "briefs"
    assert settings.store.address == f"sqlite:///{tmp_path / 'briefing.db'}"
    assert settings.topics[0].exclude == ("jantung",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Kabar"', '"Kabar', "b.toml: not valid TOML"),
        ('"id"', '"tlh-xx"', "b.toml:2: language: unknown language 'tlh-xx'"),
        ('"Asia/Jakarta"', '"Asia/Jakart"', "b.toml:3: zone: unknown time zone"),
        ('"Asia/Jakarta"', '"../../etc/passwd"', "b.toml:3: zone: unknown time zone"),
        ('at = "05:30"', 'at = "25:30"', "b.toml:6: schedule.at: "),
        ('at = "05:30"', 'cron = "61 * * * *"', "b.toml:6: schedule.cron: not a cron"),
        ('at = "05:30"', 'att = "05:30"', "b.toml:6: schedule.att: unknown key, did you mean 'at'?"),
        ('at = "05:30"', 'at = "05:30"\ncron = "0 6 * * *"', "b.toml:5: schedule: give either"),
        ('kind = "folder"\n', "", "b.toml:8: source.0.kind: is missing"),
        ('kind = "feed"', "kind = 'section'\npattern = 're:(?!x)'", "b.toml:16: source.1.pattern: not a regular expression: invalid perl operator: (?! (got 're:(?!x)')"),
        ('kind = "feed"', 'kind = "fed"', "b.toml:15: source.1.kind: "),
        ('kind = "feed"', 'kind = "folder"', "b.toml:13: source.1: a source of kind folder needs path"),
        ('path = "artikel"', 'path = "~nobody-of-that-name/a"', "b.toml:11: source.0.path: no home folder"),
        ('path = "artikel"', 'path = "a"\nurl = "http://x/"', "b.toml:8: source.0: a source of kind folder takes no url"),
        ('"https://contoh.example/feed.xml"', '"ftp://contoh.example/"', "b.toml:16: source.1.url: needs an http"),
        ('id = "dua"', 'id = "satu"', "b.toml:14: source.1.id: source 'satu' stands there twice"),
        ('[schedule]', '[[outlet]]\nname = "Pena"\n[[outlet]]\nname = "pena"\n[schedule]', "b.toml:8: outlet.1.name: outlet 'pena' stands there twice"),
        ('[schedule]', '[[outlet]]\ncountry = "Indonesia"\n[schedule]', "b.toml:5: outlet.0.name: is missing"),
        ('[schedule]', '[[outlet]]\nname = "Pena"\nowner = "x"\n[schedule]', "b.toml:7: outlet.0.owner: unknown key"),
        ('[schedule]', '[[outlet]]\nname = "Pena"\ncountry = ""\n[schedule]', "b.toml:7: outlet.0.country: "),
        ('slug = "serangan"', 'slug = "other"', "b.toml:19: topic.0.slug: 'other' is kept"),
        ('slug = "serangan"', 'slug = "index"', "b.toml:19: topic.0.slug: 'index' cannot be"),
        ('slug = "serangan"', 'slug = "../x"', "b.toml:19: topic.0.slug: use small letters"),
        ('"serang*^2"', '"serang^^"', "b.toml:21: topic.0.any.0: "),
        ('"serang*^2"', '""', "b.toml:21: topic.0.any.0: "),
        ('title = "Kabar"\n', "", "b.toml: title: is missing"),
        ('at = "05:30"', "at = 6", 'b.toml:6: schedule.at: write it as "HH:MM" (got 6)'),
        ('at = "05:30"', 'at = "5:30"', "b.toml:6: schedule.at: write it"),
        ('at = "05:30"', 'at = "05:30:30"', "b.toml:6: schedule.at: write it"),
        ('at = "05:30"', 'at = "05:30+09:00"', "b.toml:6: schedule.at: write it"),
        ('at = "05:30"', "at = 05:30:30", "b.toml:6: schedule.at: write it"),
        ('at = "05:30"', "at = 2024-12-01T05:30:00", "b.toml:6: schedule.at: write it"),
        ('at = "05:30"', 'cron = "0 0 6 * * *"', "b.toml:6: schedule.cron: not a cron rule: needs five fields"),
        ('at = "05:30"', 'cron = "0 6 30 2 *"', "b.toml:6: schedule.cron: not a cron rule"),
        ('at = "05:30"', 'cron = "0 6 30 2 */7"', "b.toml:6: schedule.cron: not a cron rule"),
        ('[schedule]', '[summary]\nlength = "long"\n[schedule]', "b.toml:6: summary.length: unknown length 'long'; known are short, standard, full"),
        ('[schedule]', '[summary]\nlength = "short"\nwords = 9\n[schedule]', "b.toml:5: summary: give either length, or words and sentences, not both"),
        ('path = "artikel"', 'path = "a"\nsummary = { method = "magic" }', "b.toml:12: source.0.summary.method: unknown method 'magic'"),
        ('path = "artikel"', 'path = "a"\nsummary = { word = 9 }', "b.toml:12: source.0.summary.word: unknown key, did you mean 'words'?"),
        ('path = "artikel"', 'path = "a"\n[source.summary]\nwords = 0', "b.toml:13: source.0.summary.words: "),
        ('[schedule]', 'contact = "a\\nb"\n[schedule]', "b.toml:5: contact: printable ASCII only"),
        ('[schedule]', 'contact = "é"\n[schedule]', "b.toml:5: contact: printable ASCII only"),
        ('any = ["serang*^2"]', 'any = ["serang*^0.1"]', "b.toml:18: topic.0: topic 'serangan' can never score 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = tmp_path / "b.toml"
    path.write_text(WHOLE.replace(old, new, 1))
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    message = str(caught.value)
    assert told in message
    assert "\n" not in message


def test_a_missing_file_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="briefing init"):
        load_settings(tmp_path / "briefing.toml")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00\x01\x02"])
def test_bytes_that_are_no_settings(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "briefing.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError):
        load_settings(path)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="directory"):
        load_settings(tmp_path)


def test_a_foreign_value_stays_on_its_line() -> None:
    text = 'title = "x"\nzone = "a\\u001b[2Jb"\n'
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, name="b.toml", root=Path())
    assert "\x1b" not in str(caught.value)


def test_a_file_that_is_nested_too_deeply() -> None:
    for text in ("a = " + "[" * 5000 + "]" * 5000, "a = " + "{a=" * 5000, "a" + ".a" * 5000 + " = 1"):  # fmt: skip
        with pytest.raises(SettingsError, match=r"^b\.toml:[^\n]*$"):
            parse_settings(text, name="b.toml", root=Path())


def test_a_number_with_too_many_digits() -> None:
    with pytest.raises(SettingsError, match=r"^b\.toml: not valid TOML"):
        parse_settings("a = " + "9" * 5000, name="b.toml", root=Path())


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "briefing.toml"
    path.write_text(WHOLE, "utf-8-sig")
    assert load_settings(path).title == "Kabar"


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ('at = "00:05"', "5 0 * * *"),
        ("at = 17:45:00", "45 17 * * *"),
        ('cron = "0 6 * * 1-5"', "0 6 * * 1-5"),
        ('cron = "30 5 29 2 *"', "30 5 29 2 *"),
        ("", "0 6 * * *"),
    ],
)
def test_one_due_time_a_day(given: str, rule: str) -> None:
    text = WHOLE.replace('at = "05:30"', given)
    assert parse_settings(text, name="b.toml", root=Path()).schedules[0].rules == (
        rule,
    )


SCHEDULES = """\
title = "x"
[[topic]]
slug = "pasar"
title = "Pasar"
any = ["pasar"]
[[schedule]]
name = "pekan"
title = "Sepekan"
zone = "Europe/Berlin"
cron = "0 9 * * 0"
topics = ["pasar"]
[[schedule]]
at = ["18:00", "06:00"]
missed = "each"
[[list]]
slug = "minggu"
schedule = "pekan"
"""


def test_several_schedules() -> None:
    settings = parse_settings(SCHEDULES, name="b.toml", root=Path())
    daily, week = settings.schedules
    assert (daily.name, daily.timed, daily.missed) == ("", True, "each")
    assert daily.rules == ("0 6 * * *", "0 18 * * *")
    assert (week.name, week.timed, week.zone.key) == ("pekan", False, "Europe/Berlin")
    own = settings.of("pekan")
    assert (own.title, own.zone, own.topics_of("pekan")) == (
        "Sepekan",
        "Europe/Berlin",
        ("pasar",),
    )
    assert settings.of("") == settings.of("bulan") == settings
    assert [one.slug for one in settings.lists_of("pekan")] == ["minggu"]
    assert settings.lists_of("") == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "pekan"', "", "b.toml:12: schedule.1.name: a second one needs a name"),
        ('name = "pekan"', 'name = "1pekan"', "b.toml:7: schedule.0.name: begin with a letter"),
        ('name = "pekan"', 'name = "a/b"', "b.toml:7: schedule.0.name: use small letters"),
        ('topics = ["pasar"]', 'topics = ["x"]', "b.toml:11: schedule.0.topics: there is no topic 'x'"),
        ('schedule = "pekan"', 'schedule = "x"', "b.toml:17: list.0.schedule: there is no schedule 'x'"),
        ('schedule = "pekan"', 'topics = ["x"]', "b.toml:17: list.0.topics: there is no topic 'x'"),
        ('missed = "each"', 'missed = "each"\nname = "pekan"', "b.toml:15: schedule.1.name: schedule 'pekan' stands there twice"),
        ('["18:00", "06:00"]', '["18:00", "18:00"]', "b.toml:13: schedule.1.at: name each time once"),
        ('["18:00", "06:00"]', "[]", "b.toml:13: schedule.1.at: name each time once"),
        ('["18:00", "06:00"]', '["18:00", "6"]', "b.toml:13: schedule.1.at: write it as"),
    ],
)  # fmt: skip
def test_a_mistake_in_schedules_is_told(old: str, new: str, told: str) -> None:
    text = SCHEDULES.replace(old, new, 1)
    with pytest.raises(SettingsError) as error:
        parse_settings(text, name="b.toml", root=Path())
    assert str(error.value).startswith(told)


@pytest.mark.parametrize("rule", ["0 6,18 * * *", "0 0,18 1 1 *"])
def test_a_rule_that_is_due_twice_a_day_names_the_time(rule: str) -> None:
    text = WHOLE.replace('at = "05:30"', f'cron = "{rule}"')
    assert parse_settings(text, name="b.toml", root=Path()).schedules[0].timed


LAID_OUT = """\
title = "x" # [summary]
summary.method = "zz"
summary . "words" = 3
source = [{id = "satu"}, {id = "dua"}]

["store"]
path = '''
[output]
folder = 1'''
[[topic]]
any = [
  "a", # ]
  "b]",

  "c",
]
need = [
  ["d"],
  ["e",
   "f"],
]
[output]
folder = "x"
[[topic]]
slug = "dua"
"""


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("summary", "method"), 2),
        (("summary", "words"), 3),
        (("source", 1, "id"), 4),
        (("store", "path"), 7),
        (("store", "url"), 6),
        (("topic", 0), 10),
        (("topic", 0, "any"), 11),
        (("topic", 0, "any", 0), 12),
        (("topic", 0, "any", 1), 13),
        (("topic", 0, "any", 2), 15),
        (("topic", 0, "need", 1, 1), 20),
        (("output", "folder"), 23),
        (("topic", 1, "slug"), 25),
        (("topic", 1, "title"), 24),
        (("nowhere", 0), None),
    ],
)
def test_lines_of_keys_however_they_are_written(
    location: tuple[str | int, ...], line: int | None
) -> None:
    assert line_of(LAID_OUT, location) == line
    assert line_of(LAID_OUT.replace("\n", "\r\n"), location) == line


def test_lines_of_keys_in_a_long_file_are_found_soon() -> None:
    items = "\n".join(f'  ["kata-{number}"],' for number in range(300))
    text = f"[[topic]]\nneed = [\n{items}\n]\n" + "# x\n" * 5000 + 'slug = "x"\n'
    assert line_of(text, ("topic", 0, "need", 299, 0)) == 302
    assert line_of(text, ("topic", 0, "slug")) == 5304


def test_lines_of_keys() -> None:
    assert line_of(WHOLE, ("topic", 0, "any", 0)) == 21
    assert line_of(WHOLE, ("source", 1, "outlet")) == 13
    assert line_of(WHOLE, ("nowhere",)) is None


def test_the_starter_without_its_sources(tmp_path: Path) -> None:
    settings = starter_settings(tmp_path)
    assert settings.source == ()
    assert [topic.title for topic in settings.topics] == [
        "Penarikan pasukan",
        "Serangan",
    ]
    assert settings.output.folder == tmp_path / "briefs"


def test_a_summary_put_over_the_settings(tmp_path: Path) -> None:
    settings = starter_settings(tmp_path)
    assert with_summary(settings, {"method": "lsa"}).summary.method == "lsa"
    assert with_summary(settings, {}) is settings
    with pytest.raises(SettingsError, match="method"):
        with_summary(settings, {"method": "magic"})


def test_one_address_is_asked_by_one_source(tmp_path: Path) -> None:
    table = '[[source]]\nid = "{0}"\nkind = "{0}"\nurl = "https://a:b@x.example/"\n'
    path = tmp_path / "b.toml"
    path.write_text('title = "x"\n' + table.format("feed") + table.format("page"))
    assert len(load_settings(path).source) == 2
    twice = table.format("feed") + table.format("feed").replace('"feed"', '"lain"', 1)
    path.write_text('title = "x"\n' + twice)
    with pytest.raises(
        SettingsError, match=r"'https://x\.example/' stands there twice"
    ):
        load_settings(path)


def test_of_thousands_of_sources_each_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def counted(source: SourceSettings) -> tuple[str, str | None, str | None]:
        asked.append(source.id)
        return source.kind, source.url, source.pattern

    monkeypatch.setattr(shape, "_asks", counted)
    tables = "".join(
        f'[[source]]\nid = "s{at}"\nkind = "feed"\nurl = "https://a.example/{at}"\n'
        for at in range(300)
    )
    settings = parse_settings(f'title = "x"\n{tables}', name="b.toml", root=Path())
    assert len(settings.source) == 300
    assert len(asked) == 300


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ((("a", "/1"), ("b", "/1"), ("a", "/2")), "source.1.url: "),
        ((("a", "/1"), ("b", "/2"), ("a", "/1")), "source.2.id: "),
        ((("a", "/1"), ("a", "/2"), ("b", "/1")), "source.1.id: "),
    ],
)
def test_the_first_of_several_twins_is_told(
    tables: tuple[tuple[str, str], ...], told: str
) -> None:
    text = "".join(
        f'[[source]]\nid = "{name}"\nkind = "feed"\nurl = "https://a.example{path}"\n'
        for name, path in tables
    )
    with pytest.raises(SettingsError, match=re.escape(told)):
        parse_settings(f'title = "x"\n{text}', name="b.toml", root=Path())


def test_a_source_may_be_condensed_in_its_own_way() -> None:
    text = WHOLE.replace('path = "artikel"', 'path = "a"\nsummary = { words = 40 }')
    text = text.replace(
        "[schedule]", '[summary]\nmethod = "lsa"\nsentences = 2\n[schedule]'
    )
    settings = parse_settings(text, name="b.toml", root=Path())
    assert settings.summary_of("satu").recipe == "lsa/3 words=40"
    assert settings.summary_of("dua").recipe == "lsa/3 sentences=2"
    assert settings.summary_of("gone").recipe == "lsa/3 sentences=2"
    chosen = with_summary(settings, {"length": "short"})
    assert chosen.summary_of("satu").recipe == "lsa/3 words=30"
    chosen = with_summary(settings, {"method": "lead"})
    assert chosen.summary_of("satu").recipe == "lead/3 words=40"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("https://kapur.example/{date}.html", None),
        ("https://kapur.example/{date}/#{date}", None),
        ("https://kapur.example/{datum}.html", "no field {datum}; there is {date}"),
        ("https://kapur.example/{date}/{title}", "no field {title}; there is {date}"),
        ("https://kapur.example/{date}}", "no field }; there is {date}"),
        ("https://kapur.example/index.html", "needs {date}"),
        ("https://kapur.example/{date", "no field {; there is {date}"),
    ],
)
def test_the_address_in_mails_names_the_edition(page: str, told: str | None) -> None:
    text = f'title = "x"\n[mail]\nfrom = "k@kapur.example"\npage = "{page}"'
    if told is None:
        settings = parse_settings(text, name="b.toml", root=Path())
        assert settings.mail is not None
        assert settings.mail.page == page
        return
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, name="b.toml", root=Path())
    assert str(caught.value).startswith(f"b.toml:4: mail.page: {told}")
