"""Hatchling as the build backend, with packs, language and catalogues compiled for a wheel.

A bot from a wheel then starts without compiling. An editable install compiles when it first needs
to, so that nothing but hatchling is installed for its build.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from hatchling import build as hatchling
from hatchling.build import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
]

ROOT = Path(__file__).parents[1]
COMPILING = (
    "babel",
    "cachetools",
    "pydantic",
    "pyspellchecker",
    "PyYAML",
    "rapidfuzz",
    "snowballstemmer",
)
"""The bot's dependencies that compiling packs and catalogues imports."""


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """Return what must be installed before a wheel is built."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    compiling = [
        wish for wish in project["dependencies"] if re.split(r"[<>=\[]", wish)[0] in COMPILING
    ]
    return [*hatchling.get_requires_for_build_wheel(config_settings), *compiling]


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Compile what the wheel brings along, and build it."""
    sys.path.insert(0, str(ROOT))
    # Imported here: an editable build has none of the dependencies.
    from bot.answering.pack_set import build_shipped  # noqa: PLC0415
    from bot.localization.catalogues import compile_every_catalogue  # noqa: PLC0415

    build_shipped()
    compile_every_catalogue()
    return hatchling.build_wheel(wheel_directory, config_settings, metadata_directory)
