"""Find pack files: those that ship with the bot, and a host's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Fault, PackError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUFFIXES = frozenset({".yaml", ".yml"})


def shipped_folder() -> Path:
    """Return the folder of the packs that come with the bot."""
    package = Path(str(files("bot")))
    installed = package / "facts"  # the wheel carries them inside
    return installed if installed.is_dir() else package.parent / "facts"


def find_pack_files(places: Iterable[Path]) -> tuple[Path, ...]:
    """Return the pack files of several folders, sorted by name within each.

    A place may be a pack file itself. Files that start with a dot are skipped, and so are folders
    inside folders.

    Raises:
        PackError: Some place does not exist or cannot be read. The error holds a fault for each.
    """
    found: list[Path] = []
    faults: list[Fault] = []
    for place in places:
        try:
            place.stat()
            if place.is_dir():
                files = (file for file in place.iterdir() if not file.name.startswith("."))
                found += sorted(file for file in files if file.suffix in _SUFFIXES)
            else:
                found.append(place)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            faults.append(Fault(place, None, f"cannot be read ({reason})", "correct the path"))
    if faults:
        raise PackError(faults)
    return tuple(dict.fromkeys(found))
