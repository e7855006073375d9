"""Languages in which questions are understood, each compiled once for all packs.

A language's words, its lexicon, the deletions of its words and its out-of-domain topics take longer
to compile than a small pack. So they stand in a file of their own, an index without packs, and an
index with packs begins as its copy.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot import __version__
from bot.answering.lexicon import ENGLISH, language_folder, load_lexicon
from bot.answering.text import deletion_variants, fold
from bot.errors import StoreError
from bot.index.compiler import SCHEMA_VERSION, compile_language, is_current
from bot.packs.discovery import program_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.answering.lexicon import Lexicon

MAX_WORDS = 170_000
"""So many of a language's most frequent words are kept: all of English. Rarer ones are hardly ever
typed, and would only make an index larger."""
COMPILING_PACKAGES = ("packs", "index", "answering")
COMPILING_SUFFIXES = (".py", ".sql", ".yaml", ".txt")
"""The files in these packages decide what an index holds."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its words, their frequencies and its out-of-domain topics."""

    code: str
    """Its IETF tag, as Discord writes it: "en", "pt-BR"."""
    lexicon: Lexicon
    """Its words by their part in a question: spellings, stop words, concepts, its grammar."""
    zipf_frequencies: Mapping[str, float]
    """How common each of its words is."""
    topics: Mapping[str, Mapping[str, int]]
    """The log odds of each feature for each out-of-domain topic, in hundredths."""


def load_language(code: str) -> Language:
    """Return a language that ships with the program."""
    # Imported here: a start with current indexes needs no topics.
    from bot.answering.out_of_domain import learn_topics  # noqa: PLC0415

    lexicon, frequencies = load_lexicon(code), load_frequencies(code)
    return Language(code, lexicon, frequencies, learn_topics(lexicon, frequencies))


@cache
def load_frequencies(code: str = ENGLISH) -> dict[str, float]:
    """Return the Zipf frequencies of a language's words, without their accents.

    They are counted from pyspellchecker's word lists, which come from subtitles of films.
    """
    name = f"{code.partition('-')[0]}.json.gz"
    # Imported here: only compiling reads them.
    from importlib import resources  # noqa: PLC0415

    packed = resources.files("spellchecker").joinpath("resources", name).read_bytes()
    counts: defaultdict[str, int] = defaultdict(int)
    listed: dict[str, int] = json.loads(gzip.decompress(packed))
    for word, count in listed.items():
        counts[word if word.isascii() else fold(word)] += count
    total = sum(counts.values())
    kept = sorted(counts, key=lambda word: (-counts[word], word))[:MAX_WORDS]
    return {word: math.log10(counts[word] / total * 1e9) for word in kept if counts[word]}


def compiled_folder() -> Path:
    """Return the folder of what was compiled when the bot was built.

    In a checkout it is filled at the first compile, as Python fills `__pycache__`.
    """
    return program_folder() / "compiled"


def language_key(*codes: str) -> str:
    """Return a hash of all that indexes in some languages share; English if none is named.

    The compiling code counts, and not only its version. So nobody who changes how packs are read
    or indexed ever meets an index from the code before.
    """
    codes = codes or (ENGLISH,)
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {__version__} {' '.join(codes)}\n".encode())
    packages = (program_folder() / name for name in COMPILING_PACKAGES)
    for folder in (*packages, *map(language_folder, codes)):
        for part in sorted(folder.iterdir(), key=lambda part: part.name):
            if part.name.endswith(COMPILING_SUFFIXES):
                digest.update(part.read_bytes())
    return digest.hexdigest()


def ensure_language(fallback: Path, code: str = ENGLISH) -> Path:
    """Return the current file of a language, compiled if need be.

    It is kept with the bot, or in the `fallback` folder where the bot's own cannot be written.

    Raises:
        StoreError: It can be written in neither.
    """
    key, name = language_key(code), f"language-{code}.sqlite"
    beside_code, elsewhere = (folder / name for folder in (compiled_folder(), fallback))
    for file in (beside_code, elsewhere):
        if is_current(file, key):
            return file
    try:
        _build_language(code, beside_code, key)
    except StoreError:
        _build_language(code, elsewhere, key)
        return elsewhere
    return beside_code


def _build_language(code: str, target: Path, key: str) -> None:
    # Imported here: a start with current indexes needs none of it.
    from bot.answering.lexicon import encode_lexicon  # noqa: PLC0415
    from bot.index.writer import LanguageData  # noqa: PLC0415

    language = load_language(code)
    lexicon = language.lexicon
    data = LanguageData(
        language.zipf_frequencies, encode_lexicon(lexicon), lexicon.words, language.topics
    )
    compile_language(target, data, deletion_variants, key)
