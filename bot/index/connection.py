"""A read-only connection to a compiled index."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class ReadConnection:
    """A connection that only reads, from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the index file at `path`.

        Raises:
            OSError: The file cannot be opened.
            sqlite3.Error: SQLite cannot open it.
        """
        self._path = path
        # SQLite says "unable to open database file" for every reason; opening it first tells which.
        with path.open("rb"):
            # An index file is never changed once it stands, so SQLite need not lock it.
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        # The file may be opened in one thread and read in another, never in two at once.
        self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def fetch_all(self, sql: str, values: Collection[Any] = ()) -> list[Any]:
        """Return all rows of a query.

        Raises:
            StoreError: The index cannot be read.
        """
        try:
            return self._db.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as error:
            # Without its seal, the file is checked as a whole at the next start.
            with suppress(OSError):
                seal_of(self._path).unlink()
            raise StoreError(
                f"the fact store cannot be read ({error}); start again, it will be compiled again"
            ) from error

    def fetch_typed(self, sql: str, typed: Collection[str | int]) -> list[Any]:
        """Return all rows of a query, without keeping its typed texts.

        Raises:
            StoreError: The index cannot be read.
        """
        try:
            return self.fetch_all(sql, typed)
        finally:
            # SQLite keeps a statement for its next use, with the texts last bound to it.
            self.fetch_all(sql, (None,) * len(typed))


def seal_of(index: Path) -> Path:
    """Return the file that tells of an index that it was found sound."""
    return index.with_name(f"{index.name}.sound")


def placeholders(values: Collection[object]) -> str:
    """Return one SQL placeholder for each value, separated by commas."""
    return ",".join("?" * len(values))
