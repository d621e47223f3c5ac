"""serve: where subscribers' links lead, and the site as others will see it."""

from __future__ import annotations

import json
import math
import os
import re
import threading
import time
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import click

from briefing.cli.printing import say, words_of
from briefing.cli.wiring import Wiring, wired
from briefing.errors import BriefingError, DeliveryError

if TYPE_CHECKING:
    from briefing.mailing import Purpose
    from briefing.model import Subscriber, SubscriberState
    from briefing.render.mail import Notice

_LINK: Final = re.compile(r"/(?:[!-~]*/)?(confirm|unsubscribe)/([0-9A-Za-z.]{1,100})/?")
_LARGEST: Final = 4096
"""Bytes of a form; that of RFC 8058 has 26."""

_WAIT: Final = 10
"""Seconds that a visitor has for each line."""

_FRESH: Final = 1.0
"""Seconds for which the site is not looked at again."""

_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

_DONE: Final[Mapping[SubscriberState, Notice]] = {
    "confirmed": "confirmed",
    "left": "left",
    "asked": "unknown",
}
"""What is told of a subscriber after a link was followed."""


@click.command()
@wired()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8026, show_default=True)
@click.option(
    "--site",
    "shown",
    is_flag=True,
    help="Show the static site, too; pages are written again when something has changed.",
)
def serve(given: Wiring, *, host: str, port: int, shown: bool) -> None:
    """Answer the links in mails: to confirm, and to unsubscribe by one click; and /healthz.

    Put a web server with a certificate before it, for the addresses below `mail.base`.
    """
    from briefing.mailing import mail_settings

    if given.settings.mail is not None or not shown:
        mail_settings(given.settings)
    with server(given, host, port, site=shown) as running:
        name, at = running.server_address[:2]
        say(f"Listening on http://{name!s}:{at}/", err=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            running.server_close()


def server(
    given: Wiring, host: str, port: int, *, site: bool = False
) -> ThreadingHTTPServer:
    """Return a server of subscribers' links that listens already; port 0: any.

    With `site` it also shows the static site, from the folder of the settings.

    Raises:
        DeliveryError: it cannot listen there.
    """
    desk = _Desk(given)

    class Handler(_Handler):
        answers = desk
        pages = _Pages(given) if site else None

    answering = partial(Handler, directory=str(given.settings.site.folder))
    try:
        return ThreadingHTTPServer((host, port), answering)
    except (OSError, UnicodeError) as error:
        where = f"cannot listen on {host}, port {port}"
        raise DeliveryError(f"{where}: {words_of(error)}") from error


class _Pages:
    """The static site, brought up to date as it is looked at."""

    def __init__(self, given: Wiring) -> None:
        self._given = given
        self._turn = threading.Lock()
        self._looked = -math.inf

    def refresh(self) -> None:
        """Write what has changed: editions, templates; the settings are those of the start.

        Raises:
            BriefingError: it could not be written; the pages are as they were.
        """
        from briefing.site import build_site

        settings = self._given.settings
        with self._turn:
            if time.monotonic() - self._looked < _FRESH:
                return
            with self._given.store(create=False) as store:
                folder, base = settings.site.folder, settings.site.base
                build_site(settings, store, folder, base=base)
            self._looked = time.monotonic()


class _Desk:
    """Looks links up and does what they say, one at a time."""

    def __init__(self, given: Wiring) -> None:
        self._given = given
        self._turn = threading.Lock()

    def page(self, purpose: Purpose, token: str, *, act: bool) -> tuple[int, str]:
        """Return status and page; without `act` nothing is changed.

        Programs that look at links before their reader does only ask for the page.
        """
        from briefing.mailing import follow, holder

        settings = self._given.settings
        with self._turn, self._given.store(create=False) as store:
            if act:
                one = follow(
                    settings, store, token, purpose=purpose, now=self._given.clock()
                )
            else:
                one = holder(settings, store, token, purpose=purpose)
        if one is None:
            return HTTPStatus.NOT_FOUND, self._notice("unknown", None)
        kind: Notice = _DONE[one.state] if act else purpose
        return HTTPStatus.OK, self._notice(kind, one)

    def worries(self) -> list[str]:
        """Return the kinds of what is wrong.

        Raises:
            StoreError: the store cannot be read.
        """
        from briefing.watch import concerns

        given = self._given
        with self._turn, given.store(create=False) as store:
            found = concerns(given.settings, store, given.clock())
        return [one.kind for one in found]

    def _notice(self, kind: Notice, one: Subscriber | None) -> str:
        from briefing.render import notice

        settings = self._given.settings
        lists = {each.slug: each for each in settings.list}
        which = lists.get(one.list) if one else None
        language = (one and one.language) or (which and which.language)
        return notice(
            kind,
            language=language or settings.language,
            list_title=(which and which.title) or settings.title,
            templates=settings.output.templates,
        )


class _Handler(SimpleHTTPRequestHandler):
    answers: _Desk
    pages: _Pages | None
    timeout = _WAIT
    server_version, sys_version = "briefing", ""

    def do_GET(self) -> None:  # http.server's names
        self._answer(act=False)

    def do_HEAD(self) -> None:
        self._answer(act=False)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > _LARGEST:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        self.rfile.read(int(length))  # what it says is said by the address already
        self._answer(act=True)

    def _answer(self, *, act: bool) -> None:
        if self.path == "/healthz":
            self._say_health()
            return
        link = _LINK.fullmatch(self.path)
        if link is None:
            self._show(act=act)
            return
        purpose: Any = link[1]
        try:
            status, page = self.answers.page(purpose, link[2], act=act)
        except BriefingError as error:
            say(f"briefing: {error}", err=True)
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._send(status, page.encode(), _HEADERS)

    def _show(self, *, act: bool) -> None:
        """Send a page of the site, if it is shown."""
        if self.pages is None or act or "/." in unquote(self.path):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            self.pages.refresh()
        except BriefingError as error:  # the pages are as they were
            say(f"briefing: {error}", err=True)
        if self.command == "HEAD":
            super().do_HEAD()
        else:
            super().do_GET()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Show no folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def _say_health(self) -> None:
        """Answer a monitor: 200, or 503 and what is wrong, without any names."""
        try:
            worries = self.answers.worries()
        except BriefingError as error:
            say(f"briefing: {error}", err=True)
            worries = ["store"]
        status = HTTPStatus.SERVICE_UNAVAILABLE if worries else HTTPStatus.OK
        body = json.dumps({"ok": not worries, "concerns": worries})
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        self._send(status, body.encode(), headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: addresses hold tokens."""
