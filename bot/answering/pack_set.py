"""Packs on the disk to a store that can be asked: compiled when something changed."""

from __future__ import annotations

import gc
import gzip
import hashlib
import json
import math
import signal
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from bot import __version__
from bot.answering.features import CONTENT_PREFIXES
from bot.answering.indexer import Indexer
from bot.answering.lexicon import load_lexicon
from bot.answering.out_of_domain import learn_topics
from bot.answering.ranking import encode_document
from bot.answering.text import deletion_variants
from bot.errors import PackError, StoreError
from bot.index.compiler import SCHEMA_VERSION, compile_index, find_abandoned_drafts, is_current
from bot.index.writer import IndexedEntry, IndexedPack, LanguageData
from bot.packs.discovery import find_pack_files, shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.answering.lexicon import Lexicon
    from bot.answering.ranking import Document
    from bot.index.scope import EntryKind
    from bot.packs.models import Pack

NAME_IMPACT = 350
"""How strongly a name points to an entry that speaks of it but is never asked for by it."""
COMPILED_BY = (".py", ".sql", ".yaml")
"""The files of the two packages whose content decides what a store holds."""
KEY_LENGTH = 16
"""How many hexadecimal digits of its key a store's file name bears."""


@dataclass(frozen=True, slots=True)
class PackSet:
    """Where the packs are that answer, and where their store is kept."""

    places: tuple[Path, ...]
    folder: Path
    is_configured: bool
    """Whether these are the packs that the settings name, and not those asked for once."""

    @classmethod
    def choose(cls, data_dir: Path, packs: Sequence[Path], places: Sequence[Path] = ()) -> PackSet:
        """Return the set of `places`; of the shipped packs and `packs` where there are none."""
        if places:
            # What was asked for once must never become the last good notes of the bot itself.
            return cls(tuple(places), data_dir / "facts-elsewhere", is_configured=False)
        return cls((shipped_folder(), *packs), data_dir / "facts", is_configured=True)

    def ensure_index(self) -> Path:
        """Return the path of a current store of all packs."""
        return ensure_index(self.places, self.folder)

    def find_last_good(self) -> Path | None:
        """Return a store that may serve while the packs have faults, or None."""
        return find_last_good(self.folder) if self.is_configured else None

    def take_fingerprint(self) -> Fingerprint:
        """Return what changes when a pack does: each file's name, time of change, and size."""
        try:
            files = find_pack_files(self.places)
        except PackError as error:
            return frozenset({(str(error), 0, 0)})
        return frozenset(_stamp_of(file) for file in files)


Fingerprint = frozenset[tuple[str, int, int]]


def _stamp_of(file: Path) -> tuple[str, int, int]:
    try:
        stat = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), stat.st_mtime_ns, stat.st_size


def cache_key(files: Iterable[Path]) -> str:
    """Return what a store depends on, as a hash: packs, lexicon, and the code that compiles them.

    The code itself counts, not only its version: whoever changes how packs are read or indexed
    never meets a store that the code of yesterday compiled.
    """
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {__version__}\n".encode())
    for package in ("bot.packs", "bot.index", "bot.answering"):
        parts = resources.files(package).iterdir()
        for part in sorted(parts, key=lambda part: part.name):
            if part.name.endswith(COMPILED_BY):
                digest.update(part.read_bytes())
    for file in files:
        try:
            content = file.read_bytes()
        except OSError:
            content = b""  # the loader will say what is wrong with it
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def ensure_index(places: Sequence[Path], folder: Path, *, in_child: bool = True) -> Path:
    """Return the path of a current store of all packs in `places`, compiling it where needed.

    Stores lie in `folder`, each named by its key; older ones are removed. `in_child` compiles in
    a process of its own, so that what only compiling needs does not stay in memory.

    Raises:
        PackError: where a pack does not validate; `last_good` tells what may still serve.
        StoreError: where the store cannot be written.
    """
    files = find_pack_files(places)
    key = cache_key(files)
    target = folder / f"facts-{key[:KEY_LENGTH]}.sqlite"
    if is_current(target, key):
        return target
    if in_child:
        _build_in_child(files, target, key)
    else:
        build_index(files, target, key)
    for other in folder.glob("facts-*.sqlite"):
        if other != target:
            _remove(other)
    for draft in find_abandoned_drafts(target):
        _remove(draft)
    return target


def _build_in_child(files: Sequence[Path], target: Path, key: str) -> None:
    # Imported here: a start that finds its store current needs no process of another kind.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    with ProcessPoolExecutor(
        1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_child,
    ) as child:
        try:
            child.submit(build_index, files, target, key).result()
        except BrokenProcessPool as error:
            raise StoreError(
                f"{target}: the process that compiles the facts could not start, or was killed; "
                "put right what it printed above, or, if it printed nothing, "
                "give it more memory or name fewer packs (LINERNOTES_PACKS)"
            ) from error


def _begin_child() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for whoever asked, who decides what to do
    gc.disable()  # it lives for seconds, and looking for garbage among all it makes is a tenth


def find_last_good(folder: Path) -> Path | None:
    """Return the newest sound store in a folder, whatever it was compiled from, or None."""
    stores = sorted(folder.glob("facts-*.sqlite"), key=lambda path: path.stat().st_mtime)
    return next((path for path in reversed(stores) if is_current(path, key=None)), None)


def build_index(files: Sequence[Path], target: Path, key: str) -> None:
    """Load the packs and compile them to a store at `target`.

    Raises:
        PackError: with every fault of every pack.
        StoreError: where the store cannot be written.
    """
    # Imported here: pydantic costs more memory than all else, and only compiling needs it.
    from bot.packs.loader import load_packs  # noqa: PLC0415

    compile_packs(load_packs(files), target, key)


def compile_packs(packs: Iterable[Pack], target: Path, key: str) -> None:
    """Compile packs that are loaded already."""
    lexicon = load_lexicon()
    english = load_english_words()
    language = LanguageData(
        english, lexicon.words, deletion_variants, learn_topics(lexicon, english)
    )
    compile_index(target, _indexed(packs, lexicon, english), language, key)


def load_english_words() -> dict[str, float]:
    """Return English words and how common each is, on the Zipf scale.

    The counts are those of pyspellchecker's word list, taken from subtitles of films.
    """
    packed = resources.files("spellchecker").joinpath("resources", "en.json.gz").read_bytes()
    counts: dict[str, int] = json.loads(gzip.decompress(packed))
    total = sum(counts.values())
    return {word: math.log10(count / total * 1e9) for word, count in counts.items() if count}


def _indexed(
    packs: Iterable[Pack], lexicon: Lexicon, english: dict[str, float]
) -> Iterator[IndexedPack]:
    for pack in packs:
        indexer = Indexer(pack, lexicon, english)
        kinds: tuple[tuple[EntryKind, list[Document]], ...] = (
            ("fact", indexer.facts()),
            ("quote", indexer.quotes()),
        )
        samples = indexer.samples()
        yield IndexedPack(
            pack=pack,
            documents={
                (kind, document.id): _entry(
                    document, samples[document.id] if kind == "fact" else ()
                )
                for kind, documents in kinds
                for document in documents
            },
            names=tuple(indexer.names),
            vocabulary=indexer.vocabulary(),
        )


def _entry(document: Document, samples: Iterable[str]) -> IndexedEntry:
    impacts = {
        **dict.fromkeys(document.names, NAME_IMPACT),
        **{
            feature: log_odds
            for feature, log_odds in document.log_odds.items()
            if feature.startswith(CONTENT_PREFIXES)
        },
        **dict.fromkeys(samples, 1),
    }
    return IndexedEntry(*encode_document(document), impacts)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return  # another process has it open where that matters; the next start removes it
