"""What can go wrong, told apart by who can mend it.

    BriefingError            every error this program raises on purpose
    ├── SettingsError        the operator: a setting is wrong (file, line and key are named)
    ├── SourceError          the operator or the publisher: a source cannot be read at all
    ├── StoreError           the operator: the database is locked, full, foreign or damaged
    ├── ClusterError         the operator: the Dask cluster is away, or of another version
    └── DeliveryError        the operator: pages cannot be written or sent

The expected failure of *one* source, article or subscriber is no exception but a
`briefing.model.Failure`: the run goes on and the brief says what was left out.
"""

from __future__ import annotations


class BriefingError(Exception):
    """An error whose message is one plain line for the person at the terminal."""


class SettingsError(BriefingError):
    """A setting is missing or wrong; the message names file, line and key."""


class SourceError(BriefingError):
    """A source cannot be read at all."""


class StoreError(BriefingError):
    """The store cannot be opened, read or written."""


class ClusterError(BriefingError):
    """The cluster for heavy work cannot be reached, or is not fit for it."""


class DeliveryError(BriefingError):
    """Pages cannot be written or sent."""
