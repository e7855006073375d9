"""One compiled store, open to be read: SQL in, rows out, faults as sentences."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class ReadConnection:
    """The rows of a store. Used by one thread at a time, whichever opened it."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path` to read; sqlite3.Error or OSError where that fails."""
        with path.open("rb"):
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def fetch_and_forget(self, sql: str, typed: Collection[str]) -> list[Any]:
        """Return every row that a statement finds for texts that somebody typed.

        Raises:
            StoreError: where the store cannot be read.
        """
        try:
            return self.fetch_all(sql, typed)
        finally:
            # SQLite keeps a statement for the next time, with the texts last bound to it.
            self.fetch_all(sql, (None,) * len(typed))

    def fetch_all(self, sql: str, values: Collection[Any] = ()) -> list[Any]:
        """Return every row that a statement finds.

        Raises:
            StoreError: where the store cannot be read.
        """
        try:
            return self._db.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"the fact store cannot be read ({error}); start again, it will be compiled again"
            ) from error


def placeholders(values: Collection[object]) -> str:
    """Return a question mark for each value, with commas between."""
    return ",".join("?" * len(values))
