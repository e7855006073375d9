"""A pack's sidecars: ways of asking, tests and translations.

`my-pack.questions.yaml` belongs to `my-pack.yaml`. It keeps a pack short enough to be read in one
sitting, however many ways of asking there are. `my-pack.es.yaml` is its translation into Spanish,
which may have such a file too: `my-pack.es.questions.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from glob import escape
from typing import TYPE_CHECKING

from bot.packs.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.packs.yaml_source import Value, YamlSource

_MARK = ".questions"
# Also "es-419", "pt_br" and the like: a translation into these is told, and not passed over.
_TRANSLATION = re.compile(r"\.([a-zA-Z]{2}(?:[-_](?:[a-zA-Z]{2}|[0-9]{3}))?)$")
LANGUAGES = ("es", "pt-BR")
"""The languages that packs are translated into, by their tags."""
UNTIL_THEN = "until then the bot gives it in the pack's own language"
"""The fate of an entry without a translation."""
SECTIONS = {"questions": "facts", "unanswered": "facts", "themes": "quotes"}
"""The pack's section that a sidecar's section adds to, by the key that both call it."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar as it was read, not validated."""

    path: Path
    source: YamlSource

    def steps_to(
        self, source: YamlSource, steps: Sequence[str | int]
    ) -> tuple[str | int, ...] | None:
        """Return the way to a pack's value in here, or None."""
        match tuple(steps):
            case (str() as section, int() as place, str() as key, int() as at) if (
                SECTIONS.get(key) == section
            ):
                entries = source.content.get(section)
                entry = entries[place] if isinstance(entries, tuple) else None
                own = entry.get(key, ()) if isinstance(entry, dict) else None
                if isinstance(entry, dict) and isinstance(own, tuple) and at >= len(own):
                    return (key, str(entry.get("id")), at - len(own))
            case ("tests", int() as at, *rest):
                own = source.content.get("tests")
                count = len(own) if isinstance(own, tuple) else 0
                return ("tests", at - count, *rest) if at >= count else None
            case _:
                pass
        return None

    def list_tests(self) -> tuple[Value, ...]:
        """Return the tests that it adds, as they are written."""
        listed = self.source.content.get("tests")
        return listed if isinstance(listed, tuple) else ()


def sidecar_path(file: Path) -> Path:
    """Return the path for a pack file's or translation's sidecar."""
    return file.with_name(f"{file.stem}{_MARK}{file.suffix}")


def is_sidecar(path: Path) -> bool:
    """Return whether a file is a sidecar by its name."""
    return path.stem.endswith(_MARK) or bool(translation_language(path))


def translation_language(path: Path) -> str:
    """Return the language in the name of a translation's file, if any."""
    found = _TRANSLATION.search(path.stem.removesuffix(_MARK))
    return found[1] if found else ""


def nearest_language(tag: str) -> str | None:
    """Return the language of packs that a tag is another spelling or variant of."""
    return next((each for each in LANGUAGES if each[:2] == tag[:2].lower()), None)


def translation_path(pack_file: Path, language: str) -> Path:
    """Return the path for a pack file's translation."""
    return pack_file.with_name(f"{pack_file.stem}.{language}{pack_file.suffix}")


def list_translations(pack_file: Path) -> list[Path]:
    """Return the translations of a pack file, sorted by language."""
    beside = pack_file.parent.glob(f"{escape(pack_file.stem)}.*{pack_file.suffix}")
    # "my-pack.live.es.yaml" is the translation of another pack, and "my-pack.questions.yaml" none.
    return sorted(
        path
        for path in beside
        if (language := translation_language(path)) and path.stem == f"{pack_file.stem}.{language}"
    )


def extended_path(sidecar: Path) -> Path:
    """Return the path of the pack or translation that a sidecar extends."""
    if sidecar.stem.endswith(_MARK):
        return sidecar.with_name(f"{sidecar.stem.removesuffix(_MARK)}{sidecar.suffix}")
    return pack_path(sidecar)


def pack_path(sidecar: Path) -> Path:
    """Return the path of the pack file that a sidecar belongs to."""
    stem = _TRANSLATION.sub("", sidecar.stem.removesuffix(_MARK))
    return sidecar.with_name(f"{stem}{sidecar.suffix}")


def with_sidecars(pack_files: Iterable[Path]) -> Iterator[Path]:
    """Yield pack files, each followed by its sidecars if there are any."""
    for pack_file in pack_files:
        for file in (pack_file, *list_translations(pack_file)):
            yield file
            if sidecar_path(file).exists():
                yield sidecar_path(file)


def read_sidecar(file: Path) -> Sidecar | None:
    """Read the sidecar of a pack file or translation, if there is one.

    Raises:
        PackError: It is no YAML, or cannot be read.
    """
    path = sidecar_path(file)
    if not path.exists():
        return None
    # Imported here: a start looks for sidecars, and reads them only where packs are compiled.
    from bot.packs.yaml_source import parse_yaml  # noqa: PLC0415

    return Sidecar(path, parse_yaml(read_text(path), path, begins_with="questions"))
