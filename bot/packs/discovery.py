"""Where packs are found: in the checkout, in an installed wheel, in folders that a host names."""

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
    """Return the pack files of several folders, each folder's in the order of their names.

    A place may be a pack file itself. What starts with a dot is passed over; folders inside are
    not entered.

    Raises:
        PackError: with every place that does not exist or cannot be read.
    """
    found: list[Path] = []
    faults: list[Fault] = []
    for place in places:
        try:
            found += sorted(_packs_in(place)) if place.is_dir() else [place]
            place.stat()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            faults.append(Fault(place, None, f"cannot be read ({reason})", "correct the path"))
    if faults:
        raise PackError(faults)
    return tuple(dict.fromkeys(found))


def _packs_in(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if path.suffix in _SUFFIXES and not path.name.startswith(".")
    ]
