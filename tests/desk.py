"""A desk for tests: a settings file, articles and the command line, all in one folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from briefing.cli import main

NOW = "2024-12-01T06:30+07:00"

SETTINGS = """\
title = "Kabar uji"
language = "id"
zone = "Asia/Jakarta"

[[source]]
id = "artikel"
kind = "folder"
path = "artikel"

[[topic]]
slug = "penarikan"
title = "Penarikan pasukan"
any = ["penarikan pasukan^3", "tarik* pasukan^2"]

[[topic]]
slug = "serangan"
title = "Serangan"
any = ["serang*", "*serang*", "roket", "drone"]
"""

WITHDRAWAL = """\
Jadwal Penarikan Pasukan Dibahas di Baghdad

Baghdad, KabarUji.com – Pemerintah Irak membahas jadwal penarikan pasukan asing pada Kamis (28/11).

Juru bicara pemerintah mengatakan jadwal itu akan diumumkan setelah pembahasan teknis selesai. Pembahasan berikutnya berlangsung pekan depan di kota yang sama.

Baca Juga: Harga Beras Naik Lagi

Menurut keterangan resmi, penarikan pasukan akan dilakukan secara bertahap hingga tahun depan. (KU/r1/r2)
"""

ATTACK = """\
Roket Menghantam Pangkalan di Irak Barat

Pangkalan udara di Irak barat diserang tiga roket pada Jumat (29/11) dini hari.

Tidak ada korban jiwa dalam serangan itu, kata pejabat keamanan setempat. Penyelidikan atas peluncuran roket masih berlangsung di wilayah tersebut.
"""

OTHER = """\
Festival Kurma Dibuka di Basra

Festival kurma tahunan dibuka di Basra pada Rabu (27/11) dengan ratusan pengunjung.

Panitia menyatakan festival berlangsung selama sepekan dan diikuti petani dari beberapa provinsi di selatan.
"""


@dataclass(frozen=True)
class Desk:
    """A folder with `briefing.toml` and articles, and the command line over it."""

    folder: Path

    @classmethod
    def with_articles(cls, folder: Path, **articles: str) -> Desk:
        """Return a desk whose source folder holds `articles` (name → text)."""
        desk = cls(folder)
        desk.settings.write_text(SETTINGS)
        (folder / "artikel").mkdir()
        chosen = articles or {"tarik": WITHDRAWAL, "roket": ATTACK, "kurma": OTHER}
        for name, text in chosen.items():
            desk.article(name).write_text(text)
        return desk

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.folder / "briefing.toml"

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "briefing.db"

    def add(self, tables: str) -> None:
        """Add tables to the settings."""
        self.settings.write_text(f"{self.settings.read_text()}\n{tables}")

    def article(self, name: str) -> Path:
        """The file of an article."""
        return self.folder / "artikel" / f"{name}.txt"

    def page(self, date: str = "2024-12-01", kind: str = "md") -> Path:
        """The file of a page."""
        return self.folder / "briefs" / f"{date}.{kind}"

    def run(self, command: str, *options: str, now: str | None = NOW) -> Result:
        """Run a command over this desk."""
        at = ["--now", now] if now else []
        return CliRunner().invoke(
            main, [command, "--config", str(self.settings), *at, *options]
        )

    def json(self, command: str, *options: str, now: str | None = NOW) -> list[Any]:
        """Run a command with ``--json`` and return its lines."""
        result = self.run(command, *options, "--json", now=now)
        return [json.loads(line) for line in result.stdout.splitlines()]


def call(*arguments: str, stdin: bytes | str = "") -> Result:
    """Run a command without a desk."""
    return CliRunner().invoke(main, list(arguments), input=stdin)
