"""sources and doctor: how each source is, and what to do about it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alter import alter
from tests.desk import OTHER, Desk
from tests.web import Answer, Request, Site, web_server

ONE = "2024-12-01T06:30+07:00"
SOON = "2024-12-01T07:00+07:00"
LATER = "2024-12-01T08:00+07:00"
FEED = (
    "<rss version='2.0'><channel><title>K</title><item><link>/satu</link>"
    "<title>Kurma</title></item></channel></rss>"
)
PAGE = f"<html><body><article><h1>Kurma</h1><p>{OTHER}</p></article></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({"/feed": FEED, "/satu": PAGE}) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    found = Desk.with_articles(tmp_path)
    found.add(
        '[[source]]\nid = "umpan"\nkind = "feed"\nprivate = true\n'
        f'url = "http://ani:rahasia@{site.host}/feed"\n'
    )
    return found


def row(desk: Desk, now: str = ONE) -> dict[str, object]:
    [found] = [one for one in desk.json("sources", now=now) if one["id"] == "umpan"]
    return dict(found)


def finding(desk: Desk, now: str) -> tuple[bool, str]:
    checks = desk.json("doctor", now=now)
    [found] = [one for one in checks if one["check"] == "source umpan"]
    return found["ok"], found["outcome"]


def test_a_source_that_is_well(desk: Desk, site: Site) -> None:
    before = row(desk)
    assert (before["checked"], before["articles"], before["due"]) == (None, 0, None)
    desk.run("collect")
    assert row(desk) == {
        "id": "umpan",
        "kind": "feed",
        "place": site.url("/feed"),
        "checked": "2024-11-30T23:30:00+00:00",
        "answered": "2024-11-30T23:30:00+00:00",
        "articles": 1,
        "new": 1,
        "failures": 0,
        "reason": None,
        "detail": None,
        "due": "2024-12-01T00:27:13+00:00",
        "moved": None,
        "gone": None,
    }
    desk.run("collect", now=LATER)
    assert (row(desk)["articles"], row(desk)["new"]) == (1, 0)
    shown = desk.run("sources").stdout
    assert "new: 0 of 1 failures: 0 next: 2024-12-01 08:57 WIB" in shown
    assert "rahasia" not in shown


def test_what_is_not_due_is_named_and_may_be_asked_anyway(
    desk: Desk, site: Site
) -> None:
    desk.run("collect")
    asked = len(site.requests)
    soon = desk.run("collect", now=SOON)
    assert "umpan: not due until 2024-12-01 07:27 WIB (--force asks anyway)" in (
        soon.stderr
    )
    assert (soon.exit_code, len(site.requests)) == (0, asked)
    assert "2 of 2 sources" in soon.stdout
    assert desk.json("collect", now=SOON)[0]["not_due"] == 1
    assert desk.run("build", "--force", now=SOON).exit_code == 0
    assert len(site.requests) == asked + 1


def test_sources_that_answered_a_run_that_was_killed_have_answered(desk: Desk) -> None:
    """They are not due again, so the run that follows does not ask them."""
    desk.run("collect")
    alter(desk.store, "UPDATE runs SET status = 'running', finished = NULL")
    desk.run("build", now=SOON)
    assert "2 dari 2 sumber menjawab" in desk.page().read_text()


def test_a_page_of_a_source_that_is_not_due_says_so_of_none(desk: Desk) -> None:
    desk.run("build")
    brief = desk.run("build", now=SOON)
    assert brief.exit_code == 0
    assert "umpan" not in desk.page().read_text()


def test_a_source_that_fails(desk: Desk, site: Site) -> None:
    site.routes["/feed"] = Answer(status=403)
    desk.run("collect")
    result = desk.run("collect", now=SOON)
    assert result.exit_code == 3
    assert "umpan: http-status (403)" in result.stderr
    found = row(desk)
    assert (found["failures"], found["reason"], found["detail"]) == (
        1,
        "http-status",
        "403",
    )
    assert "  http-status 403; the server refuses this" in desk.run("sources").stdout
    fine, outcome = finding(desk, SOON)
    assert not fine
    assert "the server refuses this program" in outcome
    assert "; not asked again before 2024-12-01 07:3" in outcome
    assert len(site.requests) == 1


def test_a_source_that_is_gone(desk: Desk, site: Site) -> None:
    site.routes["/feed"] = Answer(status=410)
    desk.run("collect")
    found = row(desk)
    assert (found["gone"], found["due"]) == ("2024-11-30T23:30:00+00:00", None)
    assert "  gone since 2024-11-30" in desk.run("sources").stdout
    fine, outcome = finding(desk, "2025-12-01T08:00+07:00")
    assert not fine
    assert "or remove the source" in outcome
    assert len(site.requests) == 1
    site.routes["/feed"] = FEED
    desk.run("collect", "--force", now=SOON)
    assert row(desk)["gone"] is None


def test_a_source_that_has_moved(desk: Desk, site: Site) -> None:
    elsewhere = f"http://localhost:{site.host.partition(':')[2]}/baru"
    site.routes |= {
        "/baru": FEED,
        "/feed": Answer(status=301, headers={"Location": elsewhere}),
    }
    desk.settings.write_text(desk.settings.read_text().replace("ani:rahasia@", ""))
    result = desk.run("collect")
    assert f"umpan: moved (for good, to {elsewhere}" in result.stderr
    assert row(desk)["moved"] == elsewhere
    assert f"  moved to {elsewhere}" in desk.run("sources").stdout
    fine, outcome = finding(desk, SOON)
    assert not fine
    assert "put it into the settings" in outcome


def test_doctor_asks_what_is_due_and_believes_the_last_visit_else(
    desk: Desk, site: Site
) -> None:
    fine, outcome = finding(desk, ONE)
    assert (fine, outcome) == (True, "answers, 0 failures")
    desk.run("collect")
    asked = len(site.requests)
    fine, outcome = finding(desk, SOON)
    assert fine
    assert outcome.startswith("answered 2024-12-01 06:30 WIB, next visit 2024-12")
    assert len(site.requests) == asked


def test_doctor_remembers_that_a_server_wants_to_be_left_alone(
    desk: Desk, site: Site
) -> None:
    site.routes["/feed"] = Answer(status=429, headers={"Retry-After": "86400"})
    for _ in range(3):
        fine, outcome = finding(desk, ONE)
        assert not fine
        assert outcome.startswith("http-status 429; asked too often; raise")
    assert site.paths == ["/feed"]
    desk.run("collect", now=SOON)
    assert site.paths == ["/feed"]
    site.routes["/feed"] = FEED
    assert finding(desk, "2024-12-03T08:00+07:00")[0]
    assert row(desk)["failures"] == 0


def test_doctor_hides_nothing_from_the_next_collect(desk: Desk, site: Site) -> None:
    def feed(request: Request) -> Answer:
        same = "if-none-match" in request.headers
        return Answer(FEED, status=304 if same else 200, headers={"ETag": '"1"'})

    site.routes["/feed"] = feed
    assert finding(desk, ONE) == (True, "answers, 0 failures")
    desk.run("collect", now=ONE)
    assert row(desk)["new"] == 1


def test_doctor_asks_all_at_the_same_time(desk: Desk, site: Site) -> None:
    both = threading.Barrier(2, timeout=30)

    def met(request: Request) -> str:
        both.wait()
        return FEED

    site.routes |= {"/feed": met, "/lain": met}
    desk.add(
        '[[source]]\nid = "lain"\nkind = "feed"\nprivate = true\n'
        f'url = "{site.url("/lain")}"\n'
    )
    assert finding(desk, ONE)[0]
    assert not both.broken


def test_doctor_goes_on_where_the_store_is_not_named(desk: Desk) -> None:
    desk.add('[store]\nurl_env = "TAK_ADA"\n')
    checks = {one["check"]: one for one in desk.json("doctor")}
    assert not checks["source umpan"]["ok"]
    assert "TAK_ADA is not in the environment" in checks["store"]["outcome"]
    assert desk.run("doctor").exit_code == 1


def test_the_store_on_the_command_line_goes_before_that_of_the_environment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPANAN", f"sqlite:///{desk.folder / 'asli.db'}")
    desk.add('[store]\nurl_env = "SIMPANAN"\n')
    desk.run("collect", "--store", str(desk.folder / "coba.db"))
    assert (desk.folder / "coba.db").exists()
    assert not (desk.folder / "asli.db").exists()
    desk.run("collect")
    assert row(desk)["checked"] is not None


def test_doctor_says_that_the_clock_was_ahead(desk: Desk) -> None:
    desk.run("collect", now="2034-12-01T06:30+07:00")
    said = "the clock was ahead at the last visit, 2034-12-01 06:30 WIB"
    assert finding(desk, ONE) == (True, f"answers, 0 failures; {said}")


def test_a_site_is_shown_by_the_address_in_the_settings(desk: Desk, site: Site) -> None:
    front = "<link rel=alternate type='application/rss+xml' href='/feed'>"
    site.routes["/"] = f"<html><head>{front}</head></html>"
    text = desk.settings.read_text().replace("/feed", "/")
    desk.settings.write_text(text.replace('kind = "feed"', 'kind = "site"'))
    desk.run("collect")
    found = row(desk)
    assert (found["place"], found["new"], found["due"] is None) == (site.url("/"), 1, False)  # fmt: skip
    asked = len(site.requests)
    assert finding(desk, SOON)[1].startswith("answered 2024-12-01 06:30 WIB, next")
    assert len(site.requests) == asked


def test_a_brief_names_a_source_that_fails_once(desk: Desk, site: Site) -> None:
    site.routes["/feed"] = Answer(status=500)
    desk.run("collect")
    desk.run("build", now=SOON)
    assert desk.page().read_text().count("umpan") == 1


def test_an_address_of_this_machine_needs_a_word_in_the_settings(
    desk: Desk, site: Site
) -> None:
    text = desk.settings.read_text().replace("private = true", "private = false")
    desk.settings.write_text(text)
    assert "umpan: refused (not a public address: 127.0.0.1)" in (
        desk.run("collect").stderr
    )
    assert "set private = true for the source" in finding(desk, SOON)[1]
    assert site.requests == []


def test_what_is_remembered_of_another_address_does_not_count(
    desk: Desk, site: Site
) -> None:
    desk.run("collect")
    desk.settings.write_text(desk.settings.read_text().replace("/feed", "/baru"))
    assert row(desk)["checked"] is None
    fine, outcome = finding(desk, SOON)
    assert (fine, outcome) == (
        False,
        "http-status 404; look for the feed's new address on the site",
    )
