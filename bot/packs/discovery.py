"""Find the pack files of the bot and of its host."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Fault, PackError
from bot.packs.sidecar import extended_path, is_sidecar, pack_path

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUFFIXES = frozenset({".yaml", ".yml"})


def shipped_folder() -> Path:
    """Return the folder of the packs that come with the bot."""
    package = program_folder()
    installed = package / "facts"  # the wheel carries them inside
    return installed if installed.is_dir() else package.parent / "facts"


def is_installed(pack_file: Path) -> bool:
    """Return whether a pack lies inside the installed program."""
    return pack_file.resolve().is_relative_to(program_folder().resolve())


def program_folder() -> Path:
    """Return the folder of the program itself."""
    return Path(__file__).parent.parent


def find_pack_files(places: Iterable[Path]) -> tuple[Path, ...]:
    """Return the pack files of several folders, sorted by name within each.

    A place may be a pack file itself. Sidecars and files that start with a dot are skipped, and so
    are folders inside folders.

    Raises:
        PackError: Some place does not exist or cannot be read. The error holds a fault for each.
    """
    found: list[Path] = []
    faults: list[Fault] = []
    for place in places:
        try:
            place.stat()
            if place.is_dir():
                found += [file for file in _list_yaml_files(place) if not is_sidecar(file)]
            elif is_sidecar(place):
                what = "this file adds to a pack, and is no pack"
                faults.append(Fault(place, None, what, f"name the pack: {pack_path(place)}"))
            else:
                found.append(place)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            faults.append(Fault(place, None, f"cannot be read ({reason})", "correct the path"))
    if faults:
        raise PackError(faults)
    return tuple(dict.fromkeys(found))


def find_stray_sidecars(places: Iterable[Path]) -> tuple[Fault, ...]:
    """Return a fault for each sidecar without its pack or translation."""
    strays = (
        file
        for place in places
        if place.is_dir()
        for file in _list_yaml_files(place)
        if is_sidecar(file) and not extended_path(file).exists()
    )
    return tuple(
        Fault(
            stray,
            None,
            f"this file adds to {extended_path(stray).name}, which is not beside it",
            "give it the name of its pack, or remove it",
        )
        for stray in strays
    )


def find_hidden_packs(places: Iterable[Path]) -> tuple[Fault, ...]:
    """Return a fault for each pack to whose name an editor added ".txt"."""
    hidden = (
        file
        for place in places
        if place.is_dir()
        for file in sorted(place.iterdir())
        if file.suffix == ".txt" and Path(file.stem).suffix in _SUFFIXES
    )
    what = "the name of this file ends in .txt, so it is not read"
    return tuple(Fault(file, None, what, f"rename it to {file.stem}") for file in hidden)


def _list_yaml_files(folder: Path) -> list[Path]:
    files = (file for file in folder.iterdir() if not file.name.startswith("."))
    return sorted(file for file in files if file.suffix in _SUFFIXES)
