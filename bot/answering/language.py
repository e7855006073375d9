"""The language data of an index, compiled once for all packs.

English words, the lexicon, the deletions of its words and the out-of-domain topics take longer to
compile than a small pack. So they stand in a file of their own, an index without packs, and an
index with packs begins as its copy.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from bot import __version__
from bot.errors import StoreError
from bot.index.compiler import SCHEMA_VERSION, compile_language, is_current

LANGUAGE_FILE = "english.sqlite"
COMPILING_PACKAGES = ("bot.packs", "bot.index", "bot.answering")
COMPILING_SUFFIXES = (".py", ".sql", ".yaml", ".txt")
"""The files in these packages decide what an index holds."""


def compiled_folder() -> Path:
    """Return the folder of what was compiled when the bot was built.

    In a checkout it is filled at the first compile, as Python fills `__pycache__`.
    """
    return Path(str(resources.files("bot"))) / "compiled"


def language_key() -> str:
    """Return a hash of all that indexes share.

    The compiling code counts, and not only its version. So nobody who changes how packs are read
    or indexed ever meets an index from the code before.
    """
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {__version__}\n".encode())
    for package in COMPILING_PACKAGES:
        parts = resources.files(package).iterdir()
        for part in sorted(parts, key=lambda part: part.name):
            if part.name.endswith(COMPILING_SUFFIXES):
                digest.update(part.read_bytes())
    return digest.hexdigest()


def ensure_language(fallback: Path) -> Path:
    """Return the current language file, compiled if need be.

    It is kept with the bot, or in the `fallback` folder where the bot's own cannot be written.

    Raises:
        StoreError: It can be written in neither.
    """
    key = language_key()
    beside_code, elsewhere = (folder / LANGUAGE_FILE for folder in (compiled_folder(), fallback))
    for file in (beside_code, elsewhere):
        if is_current(file, key):
            return file
    try:
        _build_language(beside_code, key)
    except StoreError:
        _build_language(elsewhere, key)
        return elsewhere
    return beside_code


def _build_language(target: Path, key: str) -> None:
    # Imported here: a start with current indexes needs none of it.
    from bot.answering.indexer import load_english_words  # noqa: PLC0415
    from bot.answering.lexicon import encode_lexicon, load_lexicon  # noqa: PLC0415
    from bot.answering.out_of_domain import learn_topics  # noqa: PLC0415
    from bot.answering.text import deletion_variants  # noqa: PLC0415
    from bot.index.writer import LanguageData  # noqa: PLC0415

    lexicon, english = load_lexicon(), load_english_words()
    language = LanguageData(
        english, encode_lexicon(lexicon), lexicon.words, learn_topics(lexicon, english)
    )
    compile_language(target, language, deletion_variants, key)
