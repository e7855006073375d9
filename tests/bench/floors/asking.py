"""Questions as fans type them, no two alike: nothing is gained by remembering answers."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTIONS = Path(__file__).resolve().parents[2] / "questions"
OPENERS = (
    "", "hey ", "hi, ", "so ", "ok so ", "please tell me ", "quick question: ", "just wondering, ",
    "sorry if this was asked. ", "does anyone know ", "help! ", "um ", "yo ", "oh and ", "wait, ",
)  # fmt: skip
ENDINGS = ("", "?", "??", " please", " thanks", " pls", " lol", "? thank you", " anyone", "...")


def questions(seed: int = 1) -> Iterator[str]:
    """Yield some two hundred thousand questions, in an order that the seed decides."""
    chance = Random(seed)
    plain = sorted({text.rstrip("?.! ") for text in _written()})
    frames = list(product(OPENERS, ENDINGS))
    chance.shuffle(frames)
    for opener, ending in frames:
        chance.shuffle(plain)
        yield from (f"{opener}{text}{ending}" for text in plain)


def _written() -> Iterator[str]:
    for file in QUESTIONS.glob("big-time-rush-*able.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["question"]
