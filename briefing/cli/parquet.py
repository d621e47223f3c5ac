"""Rows in Parquet files, in and out, a part at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from briefing.cli.rows import Row, RowError
from briefing.errors import DeliveryError, SourceError

if TYPE_CHECKING:
    import pyarrow

ENDING: Final = ".parquet"

PART: Final = 256
"""Rows that are read at a time."""
GROUP: Final = 5_000
"""Rows of a row group that is written: a few megabytes of articles."""

Schema = Mapping[str, Any]
"""Field → ``"text"``, ``"number"``, ``"score"``, ``"flag"``, or a list with one such mapping."""

ARTICLE: Final[Schema] = {
    **dict.fromkeys(("url", "title", "text", "author", "published"), "text"),
    "language": "text",
    "truncated": "flag",
}
SUMMARY: Final[Schema] = {
    "method": "text",
    "sentences": [
        {"text": "text", "start": "number", "end": "number", "position": "number"}
    ],
}
STORY: Final[Schema] = {"story": "text", "topics": [{"slug": "text", "score": "score"}]}


def parquet_lines(place: str) -> Iterator[bytes]:
    """Yield each row of the Parquet file `place` as a line of JSON.

    Raises:
        SourceError: it cannot be read, or pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise SourceError(_MISSING) from error
    try:
        with ParquetFile(place) as file:
            for part in file.iter_batches(PART):
                for row in part.to_pylist():
                    yield json.dumps(row, default=_plain).encode()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise SourceError(f"{place}: {told}") from error


_MISSING: Final = "this needs pyarrow: pip install 'briefing[parquet]'"


def _plain(value: object) -> str:
    """Return what JSON has no type for as text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@contextmanager
def parquet_sink(path: Path, schema: Schema) -> Iterator[Callable[[Row], None]]:
    """Give a function that writes a row into the Parquet file at `path`.

    The file is there when all is written, or not at all. Beside the fields of `schema` it has
    `id`, of numbers if that of the first row is one, else of texts; a row whose id is of
    another type raises a `RowError`.

    Raises:
        DeliveryError: it cannot be written, or pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowException
    except ImportError as error:
        raise DeliveryError(_MISSING) from error
    part = path.with_name(f".{path.name}.part")
    try:
        file = _File(part, schema)
        try:
            yield file.add
            file.close()
            part.replace(path)
        finally:
            file.abandon()
            part.unlink(missing_ok=True)
    except (ArrowException, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise DeliveryError(f"{path}: {getattr(error, 'strerror', error)}") from error


class _File:
    def __init__(self, path: Path, schema: Schema) -> None:
        self._file = path.open("wb")
        self._fields = schema
        self._rows: list[Row] = []
        self._id: type | None = None
        self._writer: Any = None

    def add(self, row: Row) -> None:
        key = row["id"]
        if key is not None:
            kind = type(key)
            if kind not in {int, str} or self._id not in {None, kind}:
                raise RowError("needs 'id' of one type, text or number, in Parquet")
            if kind is int and not -(2**63) <= key < 2**63:
                raise RowError("needs 'id' of at most 64 bits in Parquet")
            self._id = kind
        # Half of a pair of characters is no text to Parquet.
        self._rows.append(_encodable(row))
        if len(self._rows) == GROUP:
            self._write()

    def close(self) -> None:
        if self._rows or self._writer is None:
            self._write()
        self._writer.close()
        self._file.close()

    def abandon(self) -> None:
        with suppress(Exception):  # it is not to be finished, but to let go of the file
            if self._writer is not None:
                self._writer.close()
        self._file.close()

    def _write(self) -> None:
        import pyarrow
        from pyarrow.parquet import ParquetWriter

        if self._writer is None:
            self._id = self._id or str
            number = "number" if self._id is int else "text"
            schema = pyarrow.schema(_struct({"id": number, **self._fields}))
            self._writer = ParquetWriter(self._file, schema, compression="zstd")
        table = pyarrow.Table.from_pylist(self._rows, schema=self._writer.schema)
        self._writer.write_table(table)
        self._rows = []


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_encodable(one) for one in value]
    if isinstance(value, dict):
        return {key: _encodable(one) for key, one in value.items()}
    return value


def _struct(fields: Schema) -> pyarrow.StructType:
    import pyarrow

    kinds = {
        "text": pyarrow.string(),
        "number": pyarrow.int64(),
        "score": pyarrow.float64(),
        "flag": pyarrow.bool_(),
    }
    return pyarrow.struct(
        [
            (
                name,
                pyarrow.list_(_struct(kind[0]))
                if isinstance(kind, list)
                else kinds[kind],
            )
            for name, kind in fields.items()
        ]
    )
