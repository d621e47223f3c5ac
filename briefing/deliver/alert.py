"""Words to the operator: alerts through Apprise, and a heartbeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal
from urllib.request import urlopen

from briefing.errors import DeliveryError
from briefing.text import one_line

if TYPE_CHECKING:
    from apprise import Apprise

Beat = Literal["start", "done", "fail"]

_PATHS: Final = {"start": "/start", "done": "", "fail": "/fail"}
"""What is added to the heartbeat's address; the way of healthchecks.io and its kin."""

_SECONDS: Final = 10.0
_LONGEST: Final = 1_000
"""Characters of an alert."""


def alert(addresses: Sequence[str], title: str, text: str) -> None:
    """Send an alert to all `addresses` (Apprise's: ``ntfy://…``, ``json://…``).

    Raises:
        DeliveryError: Apprise is not installed, knows no such address, or could not reach one.
            The message has no more of an address than its kind: the rest is secret.
    """
    for address in addresses:
        kind = address.partition("://")[0]
        sent = _apprise(address).notify(
            title=one_line(title), body=one_line(text, limit=_LONGEST)
        )
        if not sent:
            raise DeliveryError(f"an alert to {kind}:// could not be delivered")


def check_alert(address: str) -> None:
    """Check an address without sending anything.

    Raises:
        DeliveryError: see `alert`.
    """
    _apprise(address)


def _apprise(address: str) -> Apprise:
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError as error:
        raise DeliveryError(
            "alerts need Apprise: install briefing with its extra `alerts`"
        ) from error
    asset = AppriseAsset(app_id="briefing", app_desc="briefing", app_url="")
    one = Apprise(asset=asset)
    if not one.add(address):
        kind = one_line(address.partition("://")[0], limit=20)
        raise DeliveryError(f"an address of alert.to is not known: {kind}://…")
    return one


def beat(address: str, state: Beat) -> None:
    """Tell a watcher of heartbeats that work has begun, is done, or failed.

    Raises:
        DeliveryError: it could not be reached, or refused.
    """
    url = address.rstrip("/") + _PATHS[state]
    try:
        with urlopen(url, timeout=_SECONDS) as answer:  # http(s), by the settings
            answer.read(_LONGEST)
    except OSError as error:
        told = one_line(str(getattr(error, "reason", error)))
        raise DeliveryError(f"the heartbeat was not heard: {told}") from error
