"""Packs: a sound one, damaged as YAML and as text, loads or is refused in sentences."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as some

from tests.fuzz.damage import cuts, damaged
from tests.fuzz.target import Target
from tests.support.packs import STARTER, loads_or_is_refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.fuzz.target import Check

MARKS = ["&a ", "*a", "!!x ", "- ", ": ", "? ", "[", "]", "{", "}", "'", '"', ">-\n", "\t", "\0"]

SCRATCHES = some.lists(
    some.tuples(
        some.integers(0, len(STARTER)),
        some.integers(0, 60),
        some.sampled_from(MARKS) | some.text(max_size=8),
    ),
    max_size=4,
)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Check]:
    path = folder / "mira-vale.yaml"
    sound: Any = yaml.safe_load(STARTER)

    async def check(given: tuple[list[tuple[int, Any]], list[tuple[int, int, str]]]) -> None:
        cut, scratches = given
        text = yaml.safe_dump(damaged(sound, cut), allow_unicode=True) if cut else STARTER
        for at, length, scrap in scratches:
            text = text[:at] + scrap + text[at + length :]
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        loads_or_is_refused(path)

    yield check


TARGET = Target("packs", some.tuples(cuts() | some.just([]), SCRATCHES), opened)
