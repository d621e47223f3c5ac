"""Every noise rule does what its own example says, and nothing to what it must spare."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean
from briefing.clean.denoise import LINE_LENGTH, WINDOW
from briefing.clean.plain import clean_text
from briefing.clean.rules import Rule, all_rules, publishers, rules
from briefing.model import Article, Document
from briefing.text.agencies import find_agency
from briefing.text.datelines import find_dateline

BEFORE = "Sidang dibuka oleh ketua majelis pada pukul sembilan pagi."
AFTER = "Sidang ditutup menjelang sore tanpa satu keputusan pun."
LONG = (
    "Ketua majelis mengatakan bahwa sidang itu ditunda tiga kali karena saksi dari pasar "
    "lama tidak dapat hadir, dan keterangannya akan dibacakan pada hari Kamis."
)
FETCHED = datetime(2024, 12, 1, tzinfo=UTC)
RULES = all_rules()


def outlet_of(rule: Rule) -> str | None:
    return min(rule.outlets, default=None)


def cleaned(rule: Rule, middle: str) -> str:
    """Clean `middle` where the rule looks for noise: between two paragraphs, or last."""
    last = rule.last or rule.kind == "tail"
    raw = [BEFORE, middle] if last else [BEFORE, middle, AFTER]
    text = clean_text("\n\n".join(raw), language="id", outlet=outlet_of(rule)).text
    assert text.startswith(BEFORE)
    assert last or text.endswith(AFTER)
    return text.removeprefix(BEFORE).removesuffix(AFTER).strip()


def test_ids_are_unique_and_the_kinds_are_many():
    assert len({rule.id for rule in RULES}) == len(RULES) >= 30


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_leaves_of_its_example_what_it_says(rule):
    assert cleaned(rule, rule.example) == (rule.leaves or "") == rule.left(rule.example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_matches_its_own_example(rule):
    assert rule.find(rule.example)


@pytest.mark.parametrize(
    ("rule", "spared"),
    [(rule, spared) for rule in RULES for spared in rule.spares],
    ids=lambda value: value.id if isinstance(value, Rule) else None,
)
def test_a_rule_spares_sentences(rule, spared):
    assert cleaned(rule, spared) == spared


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_a_near_miss_that_it_does_not_match(rule):
    assert rule.spares
    assert not [spared for spared in rule.spares if rule.find(spared)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_takes_its_noise_out_of_a_page(rule):
    tail = rule.last or rule.kind == "tail"
    middle = f"<p>{escape(rule.example)}</p>"
    parts = [f"<p>{LONG}</p>", f"<p>{BEFORE}</p>", middle]
    if not tail:
        parts.append(f"<p>{AFTER}</p><p>{LONG.replace('pasar', 'pelabuhan')}</p>")
    page = (
        "<html><head><title>Sidang Jembatan Lama Dibuka Kembali</title></head><body>"
        "<nav><a href='/'>Beranda</a></nav><article><h1>Sidang Jembatan Lama Dibuka "
        f"Kembali</h1>{''.join(parts)}</article></body></html>"
    )
    found = clean(
        Document(
            "https://berita.example/1",
            "contoh",
            page.encode(),
            "text/html",
            FETCHED,
            outlet=outlet_of(rule),
        ),
        zone=ZoneInfo("Asia/Jakarta"),
        language="id",
    )
    assert isinstance(found, Article)
    wanted = [LONG, BEFORE, *(rule.leaves or "").split("\n\n")]
    if not tail:
        wanted += [AFTER, LONG.replace("pasar", "pelabuhan")]
    assert found.text.split("\n\n") == [part for part in wanted if part]


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.outlets], ids=lambda rule: rule.id
)
def test_a_rule_for_one_outlet_leaves_others_alone(rule):
    general = rules().by(publishers("Harian Lain", "lain.example"))
    assert rule not in general.of(rule.kind)
    for name in rule.outlets:
        assert rule in rules().by(publishers(name)).of(rule.kind)


def test_a_rule_for_a_site_holds_for_the_sites_below_it():
    assert {"news.detik.com", "detik.com"} <= publishers("News.detik.com")
    assert publishers("detik.com", None) == {"detik.com"}


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_takes_no_time_on_hostile_lines(rule):
    # So long that more than linear time would last beyond the suite's limit for a test.
    size = 20 * (LINE_LENGTH if rule.kind in {"line", "tail"} else WINDOW)
    for bait in (
        "a",
        " ",
        "1",
        ".",
        "#",
        "/",
        "(",
        "baca juga:",
        "foto ",
        "A b",
        "x ",
        "a, ",
        *(rule.example[:length] for length in (2, 5, 12, 30)),
        rule.example,
    ):
        line = (bait * size)[:size]
        rule.pattern.fullmatch(line)
        rule.pattern.search(line)


@pytest.mark.parametrize(
    "bait", ["a", "A ", "( ", "[a/b]", "Kantor berita ", "dikutip dari ", "- "]
)
@pytest.mark.slow
def test_a_megabyte_of_one_thing_is_cleaned_in_linear_time(bait):
    raw = bait * (1_000_000 // len(bait))
    clean_text(raw, language="id")


@pytest.mark.parametrize(
    ("opening", "place", "outlet"),
    [
        ("Baghdad, LiputanIslam.com –  ", "Baghdad", "LiputanIslam.com"),
        ("BAGHDAD - ", "BAGHDAD", None),
        ("Jakarta - ", "Jakarta", None),
        ("Jakarta- ", "Jakarta", None),
        ("REPUBLIKA.CO.ID, BAGHDAD -- ", "BAGHDAD", "REPUBLIKA.CO.ID"),
        ("TEMPO.CO, Teheran - ", "Teheran", "TEMPO.CO"),
        ("jpnn.com, BAGHDAD - ", "BAGHDAD", "jpnn.com"),
        ("Jakarta, CNN Indonesia-- ", "Jakarta", "CNN Indonesia"),
        ("IslamTimes - ", None, "IslamTimes"),
        ("Baghdad, MINA – ", "Baghdad", "MINA"),
        ("Baghdad, Purna Warta – ", "Baghdad", "Purna Warta"),
        ("Baghdad, Harian Fajar Baru – ", "Baghdad", "Harian Fajar Baru"),
        ("WASHINGTON, KOMPAS.TV - ", "WASHINGTON", "KOMPAS.TV"),
        ("Baghdad, Irak (Xinhua/Indonesia Window) – ", "Baghdad", "Indonesia Window"),
        ("BAGHDAD (Arrahmah.com) – ", "BAGHDAD", "Arrahmah.com"),
        ("Beritaindonesia.id, BAGHDAD–", "BAGHDAD", "Beritaindonesia.id"),
        ("Pars Today - ", None, "Pars Today"),
        ("PIKIRAN RAKYAT - ", None, "PIKIRAN RAKYAT"),
        ("DIWANIYAH – ", "DIWANIYAH", None),
        ("SAMAWAH, IRAK – ", "SAMAWAH", None),
        ("SURIAH – ", "SURIAH", None),
        ("Jakarta , CNN Indonesia - - ", "Jakarta", "CNN Indonesia"),
        ("Fajar Baru, Jakarta – ", "Jakarta", "Fajar Baru"),
        (
            "Washington, 12 Rabiul Awal 1446/15 September 2024 (MINA) – ",
            "Washington",
            "MINA",
        ),
        ("ST. LOUIS, Mo. (AP) — ", "ST. LOUIS", None),
        ("Cakrawala.com, Jakarta ", "Jakarta", "Cakrawala.com"),
    ],
)
def test_a_dateline_gives_place_and_outlet(opening, place, outlet):
    found = clean_text(f"{opening}{BEFORE}\n\n{AFTER}", language="id")
    assert found.text == f"{BEFORE}\n\n{AFTER}"
    assert (found.place, found.outlet) == (place, outlet)


@pytest.mark.parametrize(
    "sentence",
    [
        "Israel – Hamas sepakat bertukar tahanan.",
        "AS - Irak membuka babak baru perundingan.",
        "NATO - Rusia kembali bersitegang di perbatasan.",
        "IRAK – Pemerintah menutup perbatasan.",
        "Menteri itu – Budi namanya – menolak berkomentar.",
        "Baghdad – yang dahulu sunyi – kini ramai.",
        "Pasukan itu pergi. Baghdad – Kota itu tenang.",
        "Rapat, kata dia, Selasa, besok, lusa – Semua batal.",
        "Tiga negara – Irak, Suriah, Yordania – menolak.",
        "Kelompok Itu (yang baru) – Kata orang – bubar.",
        "Kota Tua, Negeri Jauh – Semua sunyi malam itu.",
        "Tanpa tanda apa pun, kalimat ini berjalan terus sampai selesai.",
    ],
)
def test_a_sentence_with_a_dash_is_no_dateline(sentence):
    found = clean_text(f"{sentence}\n\n{AFTER}", language="id")
    assert found.text == f"{sentence}\n\n{AFTER}"
    assert (found.place, found.outlet) == (None, None)


def test_the_configured_outlet_is_known_in_a_dateline():
    text = "Cakrawala - Rapat batal."
    assert find_dateline(text, outlet=None) is None
    found = find_dateline(text, outlet="Cakrawala")
    assert found is not None
    assert found.outlet == "Cakrawala"


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Kantor berita Reuters menulis soal itu.", "Reuters"),
        ("Menurut kantor berita resmi Irak, INA, rapat batal.", "INA"),
        ("Dikutip dari Al-Mayadeen, rapat batal.", "Al Mayadeen"),
        ("Rapat batal, dilansir dari laman Press TV pada Senin.", "Press TV"),
        ("Rapat batal, lapor Xinhua.", "Xinhua"),
        ("Anadolu melaporkan rapat batal.", "Anadolu"),
        ("The meeting is off, according to the Associated Press.", "AP"),
        ("The Tasnim news agency has a photograph.", "Tasnim"),
        ("Mengutip AFP dan Reuters, rapat batal.", "AFP"),
        ("Ia mengutip pidato menteri itu.", None),
        ("Reuterswijk adalah nama jalan.", None),
        ("Ia bekerja di Reuters.", None),
    ],
)
def test_the_agency_credited_in_the_text(text, agency):
    assert find_agency(text, (), outlet=None) == agency


def test_no_text_credits_its_own_outlet():
    text = "Kantor berita Antara menulis, mengutip Reuters."
    assert find_agency(text, (), outlet="ANTARA News") == "Reuters"


@pytest.mark.parametrize(
    ("noise", "agency"),
    [
        ("(ab/fna/xy)", "Fars"),
        ("(ant/cd)", "Antara"),
        ("(Reuters)", "Reuters"),
        ("Sumber : Associated Press", "AP"),
        ("(ab/cd)", None),
    ],
)
def test_the_agency_credited_in_a_sign_off(noise, agency):
    found = clean_text(f"{BEFORE}\n\n{AFTER} {noise}\n", language="id")
    if noise.startswith("S"):
        found = clean_text(f"{BEFORE}\n\n{AFTER}\n{noise}\n", language="id")
    assert found.text == f"{BEFORE}\n\n{AFTER}"
    assert found.agency == agency


def test_a_dateline_credits_an_agency():
    found = clean_text(f"BAGHDAD (Reuters) - {BEFORE}\n{AFTER}", language="en")
    assert (found.place, found.agency) == ("BAGHDAD", "Reuters")


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("WASHINGTON, Jan. 5, 2024 (Reuters) - ", "WASHINGTON"),
        ("ERBIL, Iraq, Sept. 5, 2024 (AP) - ", "ERBIL"),
        ("BAGHDAD, January 5, 2024 (AFP) - ", "BAGHDAD"),
    ],
)
def test_a_dateline_with_an_american_date(opening, place):
    found = clean_text(f"{opening}{BEFORE}\n{AFTER}", language="en")
    assert (found.place, found.text) == (place, f"{BEFORE}\n\n{AFTER}")


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("November 28, 2024 10:15 p.m.", "en"),
        ("Published November 28, 2024 at 10:15 AM EST", "en"),
        ("Nov. 28, 2024 10:15 pm ET", "en"),
        ("Senin, 16 Februari 2024 07:28 WIB", "id"),  # it was a Friday
    ],
)
def test_a_line_that_is_a_date_is_not_text(line, language):
    found = clean_text(f"Title of It\n{line}\n{BEFORE}\n{AFTER}", language=language)
    assert found.text == f"{BEFORE}\n\n{AFTER}"
