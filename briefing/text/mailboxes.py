"""Addresses of mail."""

from __future__ import annotations


def mailbox(value: str) -> str:
    """Return a mail address as it is sent to: its domain in lower case and ASCII.

    No name beside it, no quotes, no address without a domain of the Internet.

    Raises:
        ValueError: it is no address.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(value.strip(), check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return f"{found.local_part}@{found.ascii_domain}"


def folded(address: str) -> str:
    """Return `address` without its case: no two people have what differs in nothing else."""
    return address.casefold()
