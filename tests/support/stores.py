"""Stores of packs, each compiled once for the whole run and shared by all of pytest's processes.

A compile takes seconds, and most tests only need a store to be there. Those that are about
compiling do it themselves.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from bot.answering.pack_set import (
    PackSet,
    build_shipped,
    compile_packs,
    find_translated_indexes,
)
from bot.packs.discovery import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pytest

    from bot.packs.models import Pack


@dataclass(frozen=True, slots=True)
class Stores:
    """Compiled stores in a folder, for reading alone."""

    folder: Path

    @classmethod
    def of_run(cls, factory: pytest.TempPathFactory, worker: str) -> Stores:
        """Return the stores that all of pytest's processes share in this run."""
        base = factory.getbasetemp()
        folder = (base if worker == "master" else base.parent) / "stores"
        folder.mkdir(exist_ok=True)
        return cls(folder)

    def build_shipped(self) -> None:
        """Compile what a wheel brings along, for the bots that tests start."""
        with FileLock(self.folder / "shipped.lock"):
            build_shipped()

    def named(self, name: str, packs: Iterable[Pack], key: str) -> Path:
        """Return the store of these packs, which always have this name."""
        store = self.folder / name / f"{name}.sqlite"
        with FileLock(self.folder / f"{name}.lock"):
            if not store.exists():
                compile_packs(packs, store, key)
        return store

    def of_files(self, *packs: Path) -> Path:
        """Return the current store of pack files, with its translations beside it."""
        name = "-".join(pack.stem for pack in packs)
        with FileLock(self.folder / f"{name}.lock"):
            pack_set = PackSet(packs, self.folder / name, is_configured=True)
            return pack_set.ensure_index(in_child=False)

    def put(self, folder: Path, *packs: Path) -> None:
        """Put the current store of pack files where a bot finds it: it need not compile them."""
        store = self.of_files(*packs)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for index in (store, *find_translated_indexes(store)):
            shutil.copy(index, folder)

    def put_shipped(self, data_dir: Path, *more: Path) -> None:
        """Put the store of a bot with this data folder, and with these packs beside the shipped."""
        self.put(data_dir / "facts", shipped_folder(), *more)
