"""A real Postfix of our own on the loopback interface, which delivers into one maildir.

Debian's package, started with a configuration, queue and log of its own; the machine's Postfix is
not touched. Needs root, as Postfix does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from tempfile import mkdtemp
from threading import Event
from typing import Final

import pytest

from tests.smtp import free_port

_MAIN: Final = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}/log
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = pos.example
mydestination =
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = contoh.example
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = regexp:{folder}/boxes.regexp
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_destination_concurrency_limit = 20
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/access.regexp
smtputf8_enable = no
{more}
"""

_MASTER: Final = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
smtp unix - - n - - smtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """A running Postfix."""

    folder: Path
    port: int

    @property
    def log(self) -> Path:
        """Its log."""
        return self.folder / "log" / "mail.log"

    @property
    def delivered(self) -> Counter[str]:
        """How often each recipient has got a mail."""
        return Counter(to for to, _ in self.mails())

    def mails(self) -> Iterator[tuple[str, str]]:
        """Yield the recipient and the Message-ID of each mail that was delivered."""
        parser = BytesHeaderParser()
        for path in (self.folder / "boxes" / "semua" / "new").glob("*"):
            with path.open("rb") as file:
                head = parser.parse(file)
            yield head["X-Original-To"], head["Message-ID"].strip()

    def run(self, *command: str) -> str:
        """Run one of its commands and return what it says."""
        program, *options = command
        environment = {**os.environ, "MAIL_CONFIG": str(self.folder / "conf")}
        done = subprocess.run(
            [program, *options],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def wait_until_empty(self, *, seconds: float = 60) -> None:
        """Return when it has nothing left to deliver."""
        for _ in range(int(seconds * 10)):
            if not self.run("postqueue", "-j").strip():
                return
            Event().wait(0.1)
        raise AssertionError("mails are still in the queue")


@contextmanager
def postfix(*, access: str = "", more: str = "") -> Iterator[Postfix]:
    """Yield a running Postfix; skip the test where there is none.

    Args:
        access: rules for recipients, see access(5) and regexp_table(5).
        more: further lines of main.cf.
    """
    if shutil.which("postfix") is None:
        pytest.skip("no Postfix on this machine (apt-get install postfix)")
    if os.geteuid() != 0:
        pytest.skip("Postfix can only be started by root")
    folder = Path(mkdtemp(prefix="postfix-"))
    running = Postfix(folder, free_port())
    try:
        _set_up(running, access=access, more=more)
        running.run("postfix", "start")
        yield running
    finally:
        subprocess.run(
            ["postfix", "-c", str(folder / "conf"), "abort"],
            check=False,
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(wanted: Postfix, *, access: str, more: str) -> None:
    folder = wanted.folder
    folder.chmod(0o755)  # its programs are of a user of their own
    for name in ("conf", "queue", "data", "log", "boxes"):
        (folder / name).mkdir()
    for name in ("data", "boxes"):
        shutil.chown(folder / name, "postfix", "postfix")
    owner = (folder / "data").stat()
    (folder / "access.regexp").write_text(access)
    (folder / "boxes.regexp").write_text("if !/^tiada/\n/./ semua/\nendif\n")
    (folder / "conf" / "master.cf").write_text(_MASTER.format(port=wanted.port))
    (folder / "conf" / "main.cf").write_text(
        _MAIN.format(folder=folder, uid=owner.st_uid, gid=owner.st_gid, more=more)
    )
