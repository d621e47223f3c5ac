"""A post office for tests: a store with subscribers, a published edition, and its settings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from briefing import mailing
from briefing.model import MailState, Recipient, Subscriber
from briefing.settings import Settings
from briefing.settings.load import parse_settings
from briefing.store import Store, open_store
from tests.briefs import UNTIL, sample_brief

SETTINGS = """\
title = "Kabar Lembah Kapur"

[[topic]]
slug = "jalan"
title = "Jalan"
any = ["jalan^3"]

[[topic]]
slug = "pasar"
title = "Pasar"
any = ["pasar^3"]

[mail]
from = "Kabar Kapur <kabar@kapur.example>"
base = "https://kapur.example/surat"
server = "127.0.0.1"
port = {port}
security = "{security}"
timeout = {timeout}
{more}
"""


@dataclass
class Office:
    """A store in `folder`, and a clock that stands still until it is moved."""

    folder: Path
    port: int = 1
    security: str = "none"
    more: str = ""
    timeout: int = 30
    now: datetime = UNTIL + timedelta(minutes=1)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        text = SETTINGS.format(
            port=self.port,
            security=self.security,
            timeout=self.timeout,
            more=self.more,
        )
        self.settings = parse_settings(text, name="uji", root=self.folder)

    @property
    def path(self) -> Path:
        """The store's file."""
        return self.folder / "briefing.db"

    def store(self) -> Store:
        """Open the store."""
        return open_store(self.path)

    def subscribe(self, *names: str, **wishes: Any) -> None:
        """Keep confirmed subscribers; names without a domain are at contoh.example."""
        people = [
            Subscriber(
                0,
                "brief",
                name if "@" in name else f"{name}@contoh.example",
                "confirmed",
                self.now,
                **wishes,
            )
            for name in names
        ]
        with self.store() as store:
            store.add_subscribers(people)

    def publish(self) -> None:
        """Freeze an edition, its mails queued."""
        brief = sample_brief()
        with self.store() as store:
            store.save_edition(brief, frozen=False)
            store.freeze(brief.date, mailing.mails_of(self.settings, store, brief))

    def send(self, **options: Any) -> Counter[MailState]:
        """Send what is due."""
        with self.store() as store:
            return mailing.send(self.settings, store, clock=lambda: self.now, **options)

    def mails(self) -> dict[str, Recipient]:
        """Return each mail by the first part of its address."""
        with self.store() as store:
            return {one.address.partition("@")[0]: one for one in store.recipients()}

    def states(self) -> dict[str, MailState]:
        """Return the state of each mail by the first part of its address."""
        return {name: one.state for name, one in self.mails().items()}


def publish_and_send(folder: Path, port: int) -> None:
    """Do both in the office in `folder`."""
    office = Office(folder, port, more="connections = 3")
    office.publish()
    office.send()
