"""How mails are sent."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from briefing.settings.table import Table
from briefing.settings.values import (
    EnvironmentName,
    LocalPath,
    Mailbox,
    Url,
    WebAddress,
)
from briefing.text import mailbox


def _sender(value: str) -> str:
    """Return a name and an address, or an address, as a From header takes it."""
    from email.headerregistry import Address, HeaderRegistry

    wrong = ValueError("write it as Name <name@host>")
    if not value.isprintable():
        raise wrong
    try:
        found: Any = HeaderRegistry()("From", value)
        [one] = found.addresses
    except (ValueError, IndexError) as error:
        raise wrong from error
    address = mailbox(one.addr_spec)
    if not address.isascii():
        raise wrong
    return str(Address(one.display_name, addr_spec=address))


def _subject(value: str) -> str:
    names = re.findall(r"\{([^{}]*)\}", value)
    unknown = sorted(set(names) - {"title", "date", "headline", "stories"})
    if unknown:
        raise ValueError(
            f"no field {{{unknown[0]}}}; there are {{title}}, {{date}}, {{headline}}, {{stories}}"
        )
    return value


def _page(value: str) -> str:
    if unknown := re.findall(r"\{[^{}]*\}|[{}]", value.replace("{date}", "")):
        raise ValueError(f"no field {unknown[0]}; there is {{date}}")
    if "{date}" not in value:
        raise ValueError("needs {date}, in whose place the edition is put")
    return value


def _secure(value: str) -> str:
    """Return an address that one click may go to (RFC 8058 asks for https)."""
    parts = urlsplit(value)
    if parts.scheme != "https" and not _on_this_machine(parts.hostname or ""):
        raise ValueError("needs an https:// address; http:// is for this machine alone")
    if parts.query or parts.fragment:
        raise ValueError("takes neither ? nor #, for more is put behind it")
    return value


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _domain_name(value: str) -> str:
    labels = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(rf"{labels}(\.{labels})*", value):
        raise ValueError("needs a name as in DNS, in small letters")
    return value


Sender = Annotated[str, AfterValidator(_sender)]
Subject = Annotated[str, AfterValidator(_subject)]
Page = Annotated[WebAddress, AfterValidator(_page)]
Base = Annotated[WebAddress, AfterValidator(_secure)]
DomainName = Annotated[str, AfterValidator(_domain_name)]


class DkimSettings(Table):
    """What mails are signed with (RFC 6376)."""

    selector: DomainName
    domain: DomainName | None = None
    key: LocalPath | None = None
    key_env: EnvironmentName | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.key is None) == (self.key_env is None):
            raise ValueError("give either key or key_env")
        return self


class InboxSettings(Table):
    """The mailbox that subscribers write to: a maildir, or a folder on a mail server."""

    path: LocalPath | None = None
    url: Url | None = None
    password_env: EnvironmentName | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("give either path or url")
        if (self.url is None) != (self.password_env is None):
            raise ValueError("url and password_env belong together")
        if self.url is not None and not self.url.lower().startswith("imap"):
            raise ValueError("url: needs an imaps:// address")
        return self


class MailSettings(Table):
    """Who sends the mails, through which server, and what they lead to."""

    sender: Sender = Field(alias="from")
    server: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_env: EnvironmentName | None = None
    authorities: LocalPath | None = None
    timeout: float = Field(default=60.0, ge=1, le=600)
    connections: int = Field(default=4, ge=1, le=50)
    subject: Subject = "{title}, {date}"
    page: Page | None = None
    base: Base | None = None
    reply: Mailbox | None = None
    key: LocalPath = Field(default=Path("briefing.key"), validate_default=True)
    dkim: DkimSettings | None = None
    log: LocalPath | None = None
    copy_to: Mailbox | None = Field(default=None, alias="copy")
    archive: LocalPath | None = None
    inbox: InboxSettings | None = None
    keep: int = Field(default=30, ge=1, le=3650)
    uncertain: Literal["hold", "resend"] = "hold"
    empty: bool = False

    @model_validator(mode="after")
    def _aligned(self) -> Self:
        signed = self.dkim and self.dkim.domain
        if signed and not f".{self.domain}".endswith(f".{signed}"):
            raise ValueError("dkim.domain is not that of from, nor one above it")
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.user is None) != (self.password_env is None):
            raise ValueError("user and password_env belong together")
        if self.user is not None and self.security == "none":
            raise ValueError("a password goes over no open connection; set security")
        if self.archive is not None and self.copy_to is None:
            raise ValueError("archive needs copy, the address that delivers into it")
        return self

    @property
    def address(self) -> str:
        """The address in `sender` alone."""
        from email.utils import parseaddr

        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """The domain of `sender`."""
        return self.address.rpartition("@")[2]

    @property
    def where(self) -> int:
        """The port: as given, or what belongs to `security`."""
        usual = {"starttls": 587, "tls": 465, "none": 25}
        return self.port or usual[self.security]
