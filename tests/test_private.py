"""State and store: for their owner's eyes only, whatever the umask."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from bot.answering.pack_set import compile_packs
from bot.private_files import private_file, private_folder
from bot.scheduling.storage.archive import backup
from bot.scheduling.storage.database import State
from tests.support.packs import little_pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """Let the umask take nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


def test_a_folder_is_made_with_all_above_it(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == ("drwx------", "drwx------")


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o750)
    private_folder(tmp_path / "a")
    assert mode(tmp_path / "a") == "drwxr-x---"


def test_a_file_is_made_once(tmp_path: Path) -> None:
    private_file(tmp_path / "a")
    assert mode(tmp_path / "a") == "-rw-------"
    with pytest.raises(FileExistsError):
        private_file(tmp_path / "a")


def test_the_store_is_its_owners(tmp_path: Path) -> None:
    store = tmp_path / "data" / "facts" / "facts.sqlite"
    compile_packs([little_pack()], store, "key")
    assert [mode(path) for path in (store, store.parent, store.parent.parent)] == [
        "-rw-------",
        "drwx------",
        "drwx------",
    ]


async def test_the_state_its_log_and_its_backup_are_their_owners(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'state.sqlite3'}"
    async with await State.open(url) as state:
        async with state.write():
            pass
        backup(url, tmp_path / "backup.sqlite3")
        modes = {path.name: mode(path) for path in tmp_path.iterdir()}
    assert {"state.sqlite3", "state.sqlite3-wal", "state.sqlite3-shm", "backup.sqlite3"} <= set(
        modes
    )
    assert set(modes.values()) == {"-rw-------"}
