"""The catalogues of translations: `.po` files, and their compiled form.

A compiled catalogue is kept beside the bot's other compiled files, under a hash of its `.po` file.
So a wheel brings it along, a checkout compiles it when it is first read, and neither can be stale.
"""

from __future__ import annotations

import io
import os
from gettext import GNUTranslations, NullTranslations
from hashlib import blake2b
from importlib import resources
from pathlib import Path

FALLBACKS = {"es-ES": ("es",), "es-419": ("es_419", "es")}
"""The catalogues of a language, where it is not only the one of its name; the first one wins."""


def catalogue_names(tag: str) -> tuple[str, ...]:
    """Return the names of a language's catalogues, first asked first."""
    return FALLBACKS.get(tag, (tag.replace("-", "_"),))


def catalogue_file(name: str) -> Path:
    """Return the file that translators edit."""
    return Path(str(resources.files("bot"))) / "localization" / "catalogues" / f"{name}.po"


def load_translations(tag: str) -> NullTranslations:
    """Load the translations of a language, compiled first if need be."""
    first, *others = (_load_catalogue(name) for name in catalogue_names(tag))
    for other in others:
        first.add_fallback(other)
    return first


def compile_every_catalogue() -> None:
    """Compile all catalogues, as a wheel brings them."""
    for file in sorted(catalogue_file("any").parent.glob("*.po")):
        compile_catalogue(file.stem)


def compile_catalogue(name: str) -> bytes:
    """Compile a catalogue, and keep the compiled form if possible."""
    # Imported here: a wheel has every catalogue compiled.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    with catalogue_file(name).open("rb") as file:
        write_mo(compiled, read_po(file, locale=name))
    target = _compiled_file(name)
    beside = target.with_suffix(f".{os.getpid()}")
    try:
        target.parent.mkdir(exist_ok=True)
        beside.write_bytes(compiled.getvalue())
        beside.replace(target)
    except OSError:
        # A folder of somebody else's: compiled again at the next start, as good as this one.
        return compiled.getvalue()
    for older in target.parent.glob(f"{name}.*.mo"):
        if older != target:
            older.unlink(missing_ok=True)
    return compiled.getvalue()


def _load_catalogue(name: str) -> GNUTranslations:
    try:
        compiled = _compiled_file(name).read_bytes()
    except OSError:
        compiled = compile_catalogue(name)
    return GNUTranslations(io.BytesIO(compiled))


def _compiled_file(name: str) -> Path:
    digest = blake2b(catalogue_file(name).read_bytes(), digest_size=8).hexdigest()
    return Path(str(resources.files("bot"))) / "compiled" / f"{name}.{digest}.mo"
