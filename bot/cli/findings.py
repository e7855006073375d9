"""`linernotes doctor`: what was examined, a line each, and what to do about what is wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import PackError
from bot.private_files import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

PYTHON = (3, 11)
SQLITE = (3, 35, 0)
"""RETURNING, which the state's SQL uses, came with it."""
LEAST_FREE_MB = 200
"""Room for a store and its successor, a backup of the state, and a day of logs."""
MOST_SECONDS_AHEAD = 10
"""A clock further off posts noticeably early or late."""
MB = 1_000_000
MODE_BITS = 0o777


@dataclass(frozen=True, slots=True)
class Finding:
    """What one examination found."""

    part: str
    says: str
    remedy: str | None = None
    """What to do; None where all is well."""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return self.remedy is None

    def __str__(self) -> str:
        """Say it on one line."""
        mark = "ok  " if self.is_well else "FAIL"
        remedy = f" -> {self.remedy}" if self.remedy else ""
        return f"{mark} {self.part:<9} {self.says}{remedy}"


def report(findings: Sequence[Finding], *, as_json: bool) -> str:
    """Return the findings for a person, or as one JSON value for a program."""
    if not as_json:
        return "\n".join(map(str, findings))
    value = {
        "is_well": all(found.is_well for found in findings),
        "findings": [asdict(found) | {"is_well": found.is_well} for found in findings],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def versions() -> Finding:
    """Examine the program, Python, and what the program stands on."""
    python, sqlite = sys.version_info[:3], sqlite3.sqlite_version_info
    says = (
        f"linernotes {__version__}, Python {_dotted(python)}, "
        f"discord.py {metadata.version('discord.py')}, SQLite {_dotted(sqlite)}"
    )
    if python < PYTHON:
        return Finding("versions", says, f"install Python {_dotted(PYTHON)} or later")
    if sqlite < SQLITE:
        return Finding("versions", says, f"use a Python with SQLite {_dotted(SQLITE)}")
    return Finding("versions", says)


def extras(wanted: Iterable[str]) -> Finding | None:
    """Examine whether what the settings ask for is installed; None if they ask for nothing more."""
    modules = {"metrics": "prometheus-client", "postgres": "asyncpg"}
    asked = sorted(wanted)
    missing = [extra for extra in asked if not _is_installed(modules[extra])]
    if missing:
        named = ",".join(missing)
        return Finding(
            "extras",
            f"the settings need {' and '.join(missing)}, which is not installed",
            f"pip install 'linernotes[{named}]'",
        )
    return Finding("extras", f"{' and '.join(asked)} installed") if asked else None


def disk(folder: Path) -> Finding:
    """Examine how much room is left where the bot keeps its data."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free // MB
    says = f"{free} MB free in {there}"
    if free < LEAST_FREE_MB:
        return Finding("disk", says, f"free some: {LEAST_FREE_MB} MB is the least")
    return Finding("disk", says)


def folder(data_dir: Path) -> Finding:
    """Examine whether the data folder is for the bot's own user."""
    if not data_dir.exists():
        return Finding("folder", f"{data_dir} is not there yet; the first run makes it")
    if not data_dir.is_dir():
        return Finding("folder", f"{data_dir} is no folder", "set LINERNOTES_DATA_DIR to one")
    mode = data_dir.stat().st_mode & MODE_BITS
    says = f"{data_dir}, mode {mode:04o}"
    if mode & ~FOLDER:
        return Finding("folder", f"{says}: others may look in", f"chmod 700 '{data_dir}'")
    return Finding("folder", says)


def packs(places: Iterable[Path]) -> Finding:
    """Examine whether every pack validates."""
    # Imported only now: pydantic is slow to import, and only validating needs it.
    from bot.packs.discovery import find_pack_files  # noqa: PLC0415
    from bot.packs.loader import load_packs  # noqa: PLC0415

    try:
        loaded = load_packs(find_pack_files(places))
    except PackError as error:
        first, *others = map(str, error.faults)
        more = f" (and {len(others)} more)" if others else ""
        return Finding("packs", f"{first}{more}", "see linernotes facts check, and correct")
    facts, quotes = (sum(len(getattr(p, kind)) for p in loaded) for kind in ("facts", "quotes"))
    if not facts and not quotes:
        return Finding("packs", "there is no pack", "name some with LINERNOTES_PACKS")
    return Finding("packs", f"{len(loaded)}, with {facts} facts and {quotes} quotes")


def clock(seconds_ahead: float) -> Finding:
    """Judge this machine's clock, given how far it is ahead of Discord's."""
    direction = "ahead of" if seconds_ahead > 0 else "behind"
    says = f"{abs(seconds_ahead):.0f} s {direction} Discord's"
    if abs(seconds_ahead) > MOST_SECONDS_AHEAD:
        return Finding("clock", says, "let NTP set it: timedatectl set-ntp true")
    return Finding("clock", says)


def _dotted(version: Iterable[int]) -> str:
    return ".".join(map(str, version))


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
