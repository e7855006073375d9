"""A short run of every target, the same inputs each time; `tests/bench/fuzz.py` runs for long."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from bot.answering.pack_set import find_translated_indexes
from tests.fuzz.questions import STORE
from tests.fuzz.target import fuzz
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fuzz.target import Target


QUICK = "questions"
"""The target that is tried whenever tests run: it is the one that anybody can type into."""


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(target, marks=[] if target.name == QUICK else pytest.mark.long)
        for target in TARGETS
    ],
    ids=lambda target: target.name,
)
def test_no_input_is_too_odd(target: Target, tmp_path: Path, store_of_both: Path) -> None:
    for index in (store_of_both, *find_translated_indexes(store_of_both)):
        # Under the name by which the target finds that it need not compile.
        shutil.copy(index, tmp_path / index.name.replace(store_of_both.stem, STORE))
    inputs = 3 * settings().max_examples
    assert fuzz(target, tmp_path, inputs, is_same=True) >= inputs / 2
