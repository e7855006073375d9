"""Find pack files in the checkout, in an installed wheel, or in named folders."""

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
            found += sorted(_list_packs(place)) if place.is_dir() else [place]
            place.stat()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            faults.append(Fault(place, None, f"cannot be read ({reason})", "correct the path"))
    if faults:
        raise PackError(faults)
    return tuple(dict.fromkeys(found))


def _list_packs(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if path.suffix in _SUFFIXES and not path.name.startswith(".")
    ]
