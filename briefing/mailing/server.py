"""The mail server, and what signs for it, as the settings say."""

from __future__ import annotations

import os

from briefing.deliver import Server, Signer, open_signer, secret_text
from briefing.errors import DeliveryError, SettingsError
from briefing.settings import MailSettings, Settings


def mail_settings(settings: Settings) -> MailSettings:
    """Return the settings of mail.

    Raises:
        SettingsError: there are none.
    """
    if settings.mail is None:
        raise SettingsError(
            'mail is not set up; add [mail] with from = "Name <name@host>"'
        )
    return settings.mail


def signer_of(mail: MailSettings) -> Signer | None:
    """Return what signs the mails, None if nothing does."""
    wanted = mail.dkim
    if wanted is None:
        return None
    if wanted.key is None:
        key, where = _from_environment("mail.dkim.key_env", wanted.key_env), "its key"
    else:
        where = f"key {wanted.key}"
        try:
            key = secret_text(wanted.key)
        except OSError as error:
            raise DeliveryError(f"{where}: {error.strerror}") from error
    return open_signer(
        domain=wanted.domain or mail.domain,
        selector=wanted.selector,
        key=key,
        where=f"mail.dkim: {where}",
    )


def _from_environment(setting: str, name: str | None) -> str:
    value = os.environ.get(name or "")
    if not value:
        raise SettingsError(f"{setting}: {name} is not in the environment")
    return value


def server_of(mail: MailSettings) -> Server:
    """Return the server that mails go to.

    Raises:
        SettingsError: none is set, or its password is not in the environment.
    """
    if mail.server is None:
        raise SettingsError("mail.server: is missing; mails can only be previewed")
    password = None
    if mail.password_env is not None:
        password = _from_environment("mail.password_env", mail.password_env)
    return Server(
        mail.server,
        mail.where,
        security=mail.security,
        user=mail.user,
        password=password,
        authorities=mail.authorities,
        timeout=mail.timeout,
        greeting=mail.domain,
        copy=mail.copy_to,
    )
