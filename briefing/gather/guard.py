"""Which addresses of the network may be connected to."""

from __future__ import annotations

import errno
import socket
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Final

from briefing.gather.address import host_name

NOT_PUBLIC: Final = "not a public address"
"""How the refusal of an address begins; it comes back among the errors of aiohttp."""

PORTS: Final = frozenset({80, 443})
"""Where links and redirects may lead: other ports are other services than the Web's."""

_GLOBAL: Final = ip_network("2000::/3")
"""All that is handed out of IPv6 (RFC 4291 §2.4); the rest is local, multicast or obsolete."""

_NAT64: Final = ip_network("64:ff9b::/96")
_RELAYS: Final = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
"""Protocol assignments and the relays of 6to4, partly global for `ipaddress`."""

_DOCUMENTATION: Final = ip_network("3fff::/20")
"""RFC 9637; not yet known to every `ipaddress`."""


def is_public(address: str) -> bool:
    """Tell whether a numeric IP address is one of the public internet.

    An IPv4 address inside one of IPv6 (mapped, NAT64, 6to4, Teredo) counts as itself: what
    is connected to in the end is what matters.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_public_4(found)
    inner = _inside(found)
    if inner:
        return all(_is_public_4(one) for one in inner)
    return found.is_global and found in _GLOBAL and found not in _DOCUMENTATION


def guarded_socket(found: tuple[Any, ...]) -> socket.socket:
    """Return a socket for an address that was found for a name, if it is public.

    It stands between the look-up and the connection, so that neither a redirect nor an
    answer of the name server that changes gets past it.

    Args:
        found: family, type, protocol, canonical name and socket address.

    Raises:
        PermissionError: the address is not public.
    """
    family, kind, protocol, _, address = found
    if not is_public(address[0]):
        raise PermissionError(errno.EACCES, f"{NOT_PUBLIC}: {address[0]}")
    return socket.socket(family, kind, protocol)


def names_private(url: str) -> bool:
    """Tell whether `url` names, in so many words, an address that is not public.

    That is a numeric address, in any spelling the system understands, or ``localhost``.
    Other names are not looked up: their answers may change.
    """
    host = host_name(url)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    if ":" in host:
        return not is_public(host)
    try:
        return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except (OSError, UnicodeError):
        return False


def _is_public_4(address: IPv4Address) -> bool:
    odd = address.is_multicast or address.is_reserved
    relay = any(address in network for network in _RELAYS)
    return address.is_global and not odd and not relay


def _inside(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that `address` stands for, empty if it is one of IPv6."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if isinstance(_NAT64, IPv6Network) and address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()
