"""Compile packs into one SQLite file, written whole or not at all."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.index.connection import seal_of
from bot.private_files import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.index.writer import DeletionVariants, IndexedPack, LanguageData

SCHEMA_VERSION = 14
"""The version of schema.sql and of the documents. An index of another version is compiled anew."""
APPLICATION_ID = 0x4C4E5346
"""The application id in the header of an index file: "LNSF"."""
_DRAFT = ".draft-"
_ABANDONED_AFTER_S = 3_600


def compile_language(
    target: Path, language: LanguageData, deletion_variants: DeletionVariants, key: str
) -> None:
    """Write an index file without packs, from which those with packs are made.

    Raises:
        StoreError: The file cannot be written.
    """
    from bot.index.writer import write_language  # noqa: PLC0415  # a current index needs no writer

    with _replacing(target) as draft, closing(_connect(draft)) as connection:
        write_language(connection, language, deletion_variants, key)
        # Not before: they make the file's first page, whose size cannot be set any more.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def compile_index(
    target: Path,
    packs: Iterable[IndexedPack],
    language: Path,
    deletion_variants: DeletionVariants,
    key: str,
) -> None:
    """Write an index file, replacing the old one when it is complete.

    `language` is a file that `compile_language` wrote.

    Raises:
        StoreError: The file cannot be written.
    """
    from bot.index.writer import IndexWriter  # noqa: PLC0415  # a current index needs no writer

    with _replacing(target) as draft:
        draft.write_bytes(language.read_bytes())
        with closing(_connect(draft)) as connection:
            IndexWriter(connection, deletion_variants).write(packs, key)


def copy_index(source: Path, target: Path) -> None:
    """Copy an index file, replacing the old one when it is complete.

    Raises:
        StoreError: The file cannot be written.
    """
    with _replacing(target) as draft:
        draft.write_bytes(source.read_bytes())


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Give an empty draft, which takes the target's place when it is complete."""
    # The process id keeps two processes that compile at the same time apart.
    draft = target.with_name(f"{target.name}{_DRAFT}{os.getpid()}")
    try:
        private_folder(target.parent)
        draft.unlink(missing_ok=True)
        private_file(draft)
        yield draft
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_explain_failure(target, error)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _connect(draft: Path) -> sqlite3.Connection:
    return sqlite3.connect(draft, isolation_level=None)


def is_current(path: Path, key: str | None) -> bool:
    """Return whether a sound index has this key, or any for None."""
    try:
        seal = _describe_file(path)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            if not _has_key(db, key):
                return False
            # Checking all of it takes longer than answering from it, so it is done once.
            if _read_seal(path) == seal:
                return True
            is_sound: bool = db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except (OSError, sqlite3.Error):
        return False
    if is_sound:
        _write_seal(path, seal)
    return is_sound


def _has_key(db: sqlite3.Connection, key: str | None) -> bool:
    """Return whether a file is an index of our version with this key, or any for None."""
    if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        return False
    if db.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
        return False
    found = db.execute("SELECT value FROM metadata WHERE name = 'key'").fetchone()
    return found is not None and key in {None, found[0]}


def _describe_file(path: Path) -> str:
    """Return a text that changes with the file."""
    stat = path.stat()
    return f"{stat.st_mtime_ns} {stat.st_size}"


def _read_seal(path: Path) -> str | None:
    """Return the description of an index file when it was found sound."""
    with suppress(OSError):
        return seal_of(path).read_text(encoding="ascii")
    return None


def _write_seal(path: Path, seal: str) -> None:
    file = seal_of(path)
    # In a folder of somebody else's it is checked anew each time.
    with suppress(OSError):
        file.unlink(missing_ok=True)
        private_file(file)
        file.write_text(seal, encoding="ascii")


def touch_index(path: Path) -> None:
    """Note that an index is used now, which leaves it as sound as it was."""
    # In a folder that cannot be written nothing is removed either.
    with suppress(OSError):
        is_sealed = _read_seal(path) == _describe_file(path)
        path.touch()
        if is_sealed:
            _write_seal(path, _describe_file(path))


def remove_index(path: Path) -> None:
    """Remove an index file, where it is not in use.

    An open file cannot be removed on some systems; the next start removes it.
    """
    for file in (path, seal_of(path)):
        with suppress(OSError):
            file.unlink()


def find_abandoned_drafts(index: Path) -> Iterator[Path]:
    """Yield drafts beside a new index that killed processes left behind.

    A draft is abandoned when nothing was written to it for an hour, for compiling takes seconds.
    Its process id tells nothing where several containers share the folder.
    """
    compiled = index.stat().st_mtime
    for draft in index.parent.glob(f"*{_DRAFT}*"):
        with suppress(OSError):  # gone meanwhile
            if draft.stat().st_mtime < compiled - _ABANDONED_AFTER_S:
                yield draft


def _explain_failure(target: Path, error: OSError | sqlite3.Error) -> str:
    # Not str() of an OSError, for that names the draft, and nobody knows of drafts.
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
