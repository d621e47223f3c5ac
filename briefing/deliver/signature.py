"""DKIM: the header by which a domain answers for a mail (RFC 6376); dkimpy signs.

A signature says nothing of the time at which it was made, so that the same key gives the same
signature at every try.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from briefing.errors import DeliveryError, SettingsError

if TYPE_CHECKING:
    from dkim import DKIM

_FEWEST: Final = 1024
"""Bits of an RSA key; with fewer nobody heeds a signature (RFC 8301, 3.2)."""

_HEADER: Final = re.compile(
    rb"DKIM-Signature: [!-~ ]{1,990}(\r\n[ \t][!-~ ]{1,990})*\r\n"
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for a domain.

    Attributes:
        domain: what ``d=`` says.
        selector: what ``s=`` says; the public key stands at ``SELECTOR._domainkey.DOMAIN``.
    """

    domain: str
    selector: str
    _key: bytes = field(repr=False)

    def signed(self, mail: bytes) -> bytes:
        """Return `mail` with its signature before it, and nothing else changed.

        All headers are signed, and that there are no more of their names.

        Raises:
            DeliveryError: the signature would be more than one header.
        """
        names = [name.encode() for name in BytesHeaderParser().parsebytes(mail)]
        header: bytes = _timeless()(mail).sign(
            self.selector.encode(),
            self.domain.encode(),
            self._key,
            signature_algorithm=b"rsa-sha256",
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=names * 2,
        )
        if not _HEADER.fullmatch(header):
            raise DeliveryError(f"a signature cannot be {header!a:.300}")
        return header + mail


def open_signer(*, domain: str, selector: str, key: str, where: str) -> Signer:
    """Return what signs with an RSA key.

    Args:
        domain: that of the sender, or one above it.
        selector: names the key.
        key: PEM, PKCS #1 or #8, without a password.
        where: says in errors where the key is.

    Raises:
        SettingsError: dkimpy is missing.
        DeliveryError: it is no such key.
    """
    try:
        from dkim.crypto import UnparsableKeyError, parse_pem_private_key
    except ImportError as error:
        raise SettingsError(
            "mail.dkim: needs dkimpy; pip install 'briefing[dkim]'"
        ) from error
    try:
        bits = parse_pem_private_key(key.encode())["modulus"].bit_length()
    except (UnparsableKeyError, ValueError) as error:
        raise DeliveryError(f"{where}: is no RSA key in PEM") from error
    if bits < _FEWEST:
        raise DeliveryError(f"{where}: an RSA key of {bits} bits; take 2048")
    return Signer(domain, selector, key.encode())


@cache
def _timeless() -> type[DKIM]:
    from dkim import DKIM

    class Timeless(DKIM):  # type: ignore[misc]  # dkimpy has no types
        def gen_header(self, fields: Any, *given: Any, **options: Any) -> bytes:
            """Return the header without the time of signing."""
            kept = [one for one in fields if one[0] != b"t"]
            header: bytes = super().gen_header(kept, *given, **options)
            return header

    return Timeless
