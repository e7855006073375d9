"""Sets of packs, and the compiled index of each.

An index file is named by its cache key, a hash of everything that it was compiled from. So an
edited pack, or another version of the program, has a file of its own, compiled when it is wanted.
Translations of the packs stand beside it, each language in a file of its own.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.answering.child_process import run_in_child
from bot.answering.language import compiled_folder, ensure_language, language_key
from bot.answering.lexicon import ENGLISH
from bot.errors import PackError, StoreError, limit_faults
from bot.index.compiler import (
    copy_index,
    find_abandoned_drafts,
    is_current,
    remove_index,
    touch_index,
)
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.files import read_bytes
from bot.packs.sidecar import LANGUAGES, list_translations, translation_language, with_sidecars

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from pathlib import Path

    from bot.errors import Fault
    from bot.packs.models import Pack

SHIPPED_INDEX = "facts.sqlite"
"""The index of the packs that come with the bot, where it was compiled when the bot was built."""
COMPILED_WITHIN_S = 300.0
"""Seconds that compiling may take. Usually it takes a few."""
KEPT_UNUSED_S = 60.0
"""Seconds for which an index is kept that other packs, or a newer state of its own, took over from:
another process may have found it current, and open it next."""
FIRST_FAULTS = 3
"""Faults of one translation that are told where it is served without its faulty parts."""
LEFT_OUT = "What these translations lack is answered in the language of its pack:"
KEY_LENGTH = 16
"""How many hexadecimal digits of its key are in an index file's name."""

Fingerprint = frozenset[tuple[str, int, int]]
"""The name, time of change and size of each file."""


@dataclass(frozen=True, slots=True)
class PackSet:
    """The packs that answer, and the folder of their index."""

    places: tuple[Path, ...]
    """Pack files, and folders of them."""
    folder: Path
    """The folder of the index file."""
    is_configured: bool
    """Whether the settings name these packs, and not a command for once."""
    languages: tuple[str, ...] | None = None
    """The languages in which questions are answered beside the packs' own, or None for all."""

    @classmethod
    def choose(
        cls,
        data_dir: Path,
        packs: Sequence[Path],
        places: Sequence[Path] = (),
        languages: tuple[str, ...] | None = None,
    ) -> PackSet:
        """Return the set of `places`, or of all configured packs without any."""
        if places:
            # Packs asked for once must never become the last good index of the bot itself.
            folder = data_dir / "facts-elsewhere"
            return cls(tuple(places), folder, is_configured=False, languages=languages)
        folder = data_dir / "facts"
        return cls((shipped_folder(), *packs), folder, is_configured=True, languages=languages)

    def ensure_index(self, *, in_child: bool = True, within: float = COMPILED_WITHIN_S) -> Path:
        """Return a current index of the packs, compiled if need be.

        Index files that nobody wanted for a minute are removed. `in_child` compiles in a process
        of its own, so that the memory that only compiling needs is given back; it is ended after
        `within` seconds.

        Raises:
            PackError: Some pack has faults. `find_last_good` returns what may serve meanwhile.
            StoreError: The index cannot be written, or not within the time.
        """
        files = find_pack_files(self.places)
        key = cache_key(files)
        target = self.folder / f"facts-{key[:KEY_LENGTH]}.sqlite"
        languages = find_translated(files, self.languages)
        wanted = {target, *(translated_index(target, language) for language in languages)}
        if not _are_current(target, languages, key):
            shipped = compiled_folder() / SHIPPED_INDEX
            if _are_current(shipped, languages, key):
                for language in languages:
                    copy_index(
                        translated_index(shipped, language), translated_index(target, language)
                    )
                copy_index(shipped, target)
            elif in_child:
                _build_in_child(files, target, key, within, languages)
            else:
                build_index(files, target, key, languages)
        for index in wanted:
            touch_index(index)
        for path in (*self._find_unused(wanted), *find_abandoned_drafts(target)):
            remove_index(path)
        return target

    def _find_unused(self, wanted: Container[Path]) -> list[Path]:
        """Return the index files that no process is about to open."""
        since = time.time() - KEPT_UNUSED_S
        return [
            index
            for index in self.folder.glob("facts-*.sqlite")
            if index not in wanted and stamp_file(index)[1] < since * 1e9
        ]

    def find_last_good(self) -> Path | None:
        """Return the newest sound index, to serve while packs have faults."""
        if not self.is_configured:
            return None
        # A translation alone is no index to serve: its name has a language behind a point.
        own = (index for index in self.folder.glob("facts-*.sqlite") if "." not in index.stem)
        newest_last = sorted(own, key=lambda index: index.stat().st_mtime)
        return next((index for index in reversed(newest_last) if is_current(index, key=None)), None)

    def describe_left_out(self, faults: Iterable[Fault]) -> str:
        """Describe why parts of translations are left out, if any.

        Of each file, the first faults are told, a line each. An index has their files by name.
        """
        files: dict[str, Path] = {}
        with suppress(PackError):  # of a folder that is gone, the names must do
            files = {file.name: file for file in with_sidecars(find_pack_files(self.places))}
        located = (replace(each, path=files.get(each.path.name, each.path)) for each in faults)
        return "\n".join(map(str, limit_faults(located, FIRST_FAULTS)))

    def take_fingerprint(self) -> Fingerprint:
        """Return a value that changes whenever a pack's file or sidecar does."""
        try:
            files = tuple(with_sidecars(find_pack_files(self.places)))
        except PackError as error:
            return frozenset({(str(error), 0, 0)})
        return frozenset(map(stamp_file, files))


def stamp_file(file: Path) -> tuple[str, int, int]:
    """Return the name, time of change and size of a file."""
    try:
        stat = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), stat.st_mtime_ns, stat.st_size


def cache_key(files: Iterable[Path]) -> str:
    """Return a hash of everything an index of these files depends on."""
    files = tuple(files)
    languages = (ENGLISH, *find_translated(files, None))
    digest = hashlib.sha256(f"{language_key(*languages)}\n".encode())
    for file in with_sidecars(files):
        try:
            content = read_bytes(file)
        except PackError:
            content = b""  # the loader will say what is wrong with it
        digest.update(os.fsencode(file.name))  # which need not be UTF-8
        digest.update(f" {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def translated_index(index: Path, language: str) -> Path:
    """Return the path of the translation beside an index."""
    return index.with_name(f"{index.stem}.{language}{index.suffix}")


def find_translated_indexes(index: Path) -> list[Path]:
    """Return the translations beside an index, sorted by language."""
    paths = (translated_index(index, language) for language in LANGUAGES)
    return [path for path in paths if path.exists()]


def find_translated(files: Iterable[Path], languages: Iterable[str] | None) -> tuple[str, ...]:
    """Return the wanted languages that some pack is translated into."""
    found = {translation_language(path) for file in files for path in list_translations(file)}
    known = found.intersection(LANGUAGES)
    return tuple(sorted(known if languages is None else known.intersection(languages)))


def _are_current(index: Path, languages: Iterable[str], key: str) -> bool:
    translated = (translated_index(index, language) for language in languages)
    return all(is_current(each, key) for each in (index, *translated))


def build_index(
    files: Sequence[Path], target: Path, key: str, languages: Sequence[str] | None = None
) -> None:
    """Load packs from files and compile them.

    Of their translations, the sound parts are taken.

    Raises:
        PackError: Some pack has faults. The error holds the faults of all packs.
        StoreError: The index cannot be written.
    """
    # Imported here: pydantic takes more memory than everything else, and only compiling needs it.
    from bot.packs.loader import Purpose, load_packs  # noqa: PLC0415

    compile_packs(load_packs(files, Purpose.SERVING), target, key, languages)


def build_shipped() -> None:
    """Compile the shipped packs for a wheel to bring along.

    Raises:
        PackError: Some pack or translation has faults. The error holds the faults of all.
        StoreError: The index cannot be written.
    """
    from bot.packs.loader import load_packs  # noqa: PLC0415  # as in `build_index`

    files = find_pack_files((shipped_folder(),))
    key = cache_key(files)
    target = compiled_folder() / SHIPPED_INDEX
    if not is_current(target, key):
        compile_packs(load_packs(files), target, key)


def compile_packs(
    packs: Iterable[Pack], target: Path, key: str, languages: Sequence[str] | None = None
) -> None:
    """Compile loaded packs into an index file, and their translations beside it.

    `languages` are those wanted, or None for all that the packs have. Each gets its index, even if
    no translation into it could be read, so that it is not sought again at every start.
    """
    packs = tuple(
        replace(pack, translation_faults=_keep_served(pack.translation_faults, languages))
        for pack in packs
    )
    translated = [each for pack in packs for each in pack.translations]
    found = {each.language for each in translated}
    for language in sorted(found if languages is None else languages):
        own = [each for each in translated if each.language == language]
        _compile(own, translated_index(target, language), key, language)
    # At last, for an index that is there tells that its translations are.
    _compile(packs, target, key, ENGLISH)


def _keep_served(faults: Iterable[Fault], languages: Container[str] | None) -> tuple[Fault, ...]:
    """Return the faults of those translations that somebody may ask in."""
    return tuple(
        fault
        for fault in faults
        if languages is None or translation_language(fault.path) in languages
    )


def _compile(packs: Iterable[Pack], target: Path, key: str, code: str) -> None:
    # Imported here: only compiling needs it.
    from bot.answering.indexer import Indexer  # noqa: PLC0415
    from bot.answering.lexicon import decode_lexicon  # noqa: PLC0415
    from bot.answering.text import deletion_variants  # noqa: PLC0415
    from bot.index.compiler import compile_index  # noqa: PLC0415
    from bot.index.reader import open_frequencies, read_lexicon  # noqa: PLC0415

    language = ensure_language(target.parent, code)
    lexicon = decode_lexicon(read_lexicon(language))
    with open_frequencies(language) as frequencies:
        # One pack at a time: the writer is done with each before the next is indexed.
        indexed = (Indexer(pack, lexicon, frequencies).index_pack() for pack in packs)
        compile_index(target, indexed, language, deletion_variants, key)


def _build_in_child(
    files: Sequence[Path], target: Path, key: str, within: float, languages: Sequence[str]
) -> None:
    try:
        run_in_child(build_index, files, target, key, languages, name="compiler", within=within)
    except TimeoutError as error:
        raise StoreError(
            f"{target}: compiling the facts took longer than {within:g} seconds and was "
            "ended; name fewer packs (LINERNOTES_PACKS), or see what holds up this machine"
        ) from error
    except ChildProcessError as error:
        raise StoreError(
            f"{target}: the process that compiles the facts could not start, or was killed; "
            "put right what it printed above, or, if it printed nothing, "
            "give it more memory or name fewer packs (LINERNOTES_PACKS)"
        ) from error
