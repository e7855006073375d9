"""The fact store: packs compiled to one SQLite file, written whole or not at all."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.index.writer import IndexWriter
from bot.private_files import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.index.documents import IndexedPack, Language

SCHEMA_VERSION = 4
"""The version of schema.sql and of the documents inside; a store of another is built anew."""
APPLICATION_ID = 0x4C4E5346
"""SQLite's application id of a fact store: "LNSF"."""
_DRAFT = ".draft-"
_ABANDONED_S = 3_600


def compile_index(target: Path, packs: Iterable[IndexedPack], language: Language, key: str) -> None:
    """Write a store to `target`, replacing what is there only when all of it is on the disk.

    Raises:
        StoreError: where the file cannot be written.
    """
    draft = target.with_name(f"{target.name}{_DRAFT}{os.getpid()}")
    try:
        private_folder(target.parent)
        draft.unlink(missing_ok=True)
        private_file(draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            IndexWriter(connection, APPLICATION_ID, SCHEMA_VERSION).write(packs, language, key)
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_why_not_written(target, error)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def find_abandoned_drafts(store: Path) -> Iterator[Path]:
    """Yield the drafts beside a new store that killed processes left behind.

    Those that were not written to for an hour: compiling takes seconds, and a process number says
    nothing where several containers share the folder.
    """
    written = store.stat().st_mtime
    for draft in store.parent.glob(f"*{_DRAFT}*"):
        with suppress(OSError):  # gone meanwhile
            if draft.stat().st_mtime < written - _ABANDONED_S:
                yield draft


def _why_not_written(target: Path, error: OSError | sqlite3.Error) -> str:
    # Not str(error) of the first: it names the draft, which nobody has heard of.
    reason = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
    is_full = (
        error.errno in {errno.ENOSPC, errno.EDQUOT}
        if isinstance(error, OSError)
        else getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    )
    remedy = "free some space there" if is_full else "see what stands in its way there"
    return (
        f"{target}: the fact store cannot be written ({reason}); "
        f"{remedy}, or choose another data folder (LINERNOTES_DATA_DIR)"
    )


def is_current(path: Path, key: str | None) -> bool:
    """Tell whether a sound store stands at `path`, compiled from just this key unless None."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as store:
            if store.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
                return False
            if store.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
                return False
            if store.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            found = store.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
    except sqlite3.Error:
        return False
    return found is not None and key in (None, found[0])
