"""Days of `briefing run --once` at a small newspaper with a few subscribers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from io import StringIO
from pathlib import Path
from threading import Event
from unittest.mock import patch

from briefing.cli.daemon import catch_up, send_due
from briefing.cli.wiring import Wiring
from briefing.gather import parts
from briefing.model import Subscriber
from briefing.settings import Settings
from briefing.settings.load import parse_settings
from briefing.store import open_store

SETTINGS = """\
title = "Kabar Lembah"
[[source]]
id = "koran"
kind = "folder"
path = "koran"
[mail]
from = "Kabar Lembah <kabar@lembah.example>"
server = "127.0.0.1"
port = {port}
security = "none"
timeout = 5
connections = 3
"""

BEGIN = datetime(2026, 3, 1, 23, 10, tzinfo=UTC)
"""Ten minutes after the first edition was due in Jakarta."""

NEWS = (
    "Jembatan {place} dibuka kembali setelah perbaikan selama {number} pekan",
    "Panen padi di {place} mencapai {number} ton menurut dinas pertanian",
    "Pasar {place} pindah ke lahan baru seluas {number} hektare",
    "Sekolah di {place} menerima {number} guru baru pada semester ini",
    "Hujan lebat menutup jalan ke {place} selama {number} jam",
)
PLACES = ("Sela", "Kapur", "Muara", "Hulu", "Tebing", "Rawa", "Bukit")


@dataclass
class Days:
    """A newspaper in `folder`, whose mails go to `port`; `day` counts from 0."""

    folder: Path
    port: int = 1
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        text = SETTINGS.format(port=self.port)
        self.settings = parse_settings(text, name="hari", root=self.folder)
        (self.folder / "koran").mkdir(exist_ok=True)

    def subscribe(self, people: Iterable[str]) -> None:
        """Keep confirmed subscribers."""
        with open_store(self.settings.store.address) as store:
            store.add_subscribers(
                [
                    Subscriber(0, "brief", f"{one}@contoh.example", "confirmed", BEGIN)
                    for one in people
                ]
            )

    def write(self, day: int) -> None:
        """Put the articles of a day in the place of those before."""
        for old in (self.folder / "koran").iterdir():
            old.unlink()
        for at, headline in enumerate(NEWS):
            number = 7 * day + at
            title = headline.format(place=PLACES[number % len(PLACES)], number=number)
            body = f"{title}, kata juru bicara pada hari ke-{day}. Warga desa ke-{number} hadir."
            path = self.folder / "koran" / f"{day:03}-{at}.txt"
            path.write_text(f"{title}\n\n{body}\n")

    def live(self, day: int) -> None:
        """Do what `briefing run --once` does on a day."""
        wiring = Wiring(self.settings, lambda: BEGIN + timedelta(days=day))
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            catch_up(wiring)
            if self.port > 1:
                send_due(wiring, Event())

    def pages(self) -> dict[str, bytes]:
        """Return all that lies in the output folder."""
        folder = self.settings.output.folder
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def claimed(self) -> Counter[str]:
        """Return how many frozen editions each article belongs to."""
        with open_store(self.settings.store.address) as store:
            return Counter(
                article
                for one in store.editions()
                if one.frozen and (kept := store.edition(one.key))
                for article in kept.brief.claims()
            )

    def damage(self) -> tuple[str, ...]:
        """Return what is wrong with the store's file."""
        with open_store(self.settings.store.address) as store:
            return tuple(map(str, store.damage()))

    def mails(self, taken: Iterable[tuple[str, bytes]]) -> Counter[str]:
        """Return how many mails there are to be, were lost, came twice, are held."""
        got = Counter(str(message_from_bytes(body)["Message-ID"]) for _, body in taken)
        with open_store(self.settings.store.address) as store:
            rows = {f"<{one.message_id}>": one.state for one in store.recipients()}
        held = [name for name, state in rows.items() if state == "uncertain"]
        return Counter(
            {
                "mails": len(rows),
                "lost": sum(not got[name] for name in rows if name not in held),
                "twice": sum(many - 1 for many in got.values()),
                "unknown": len(got.keys() - rows.keys()),
                "held": len(held),
                "held, had arrived": sum(got[name] for name in held),
            }
        )


def undisturbed(folder: Path, days: int) -> Days:
    """Return a newspaper after so many days without a kill; no mails are sent."""
    found = Days(folder)
    for day in range(days):
        found.write(day)
        found.live(day)
    return found


def live(folder: Path, port: int, day: int) -> None:
    """Do what is due on a day, with parts of two articles in each visit."""
    with patch.object(parts, "PART", 250):
        Days(folder, port).live(day)
