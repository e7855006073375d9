"""What tests read from outside the repository, where it lies, and where anyone gets it.

It lies in the folder that LINERNOTES_SHARED names, or in `shared` beside the checkout. Without it
the tests that need it skip; CONTRIBUTING.md says what they are.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "LINERNOTES_SHARED"
SHARED = Path(os.environ.get(VARIABLE) or Path(__file__).parents[3] / "shared")

DESCRIPTION = SHARED / "discord" / "openapi.json"
ARTICLE = SHARED / "article" / "000_1e8970e12e310080.txt"
QUESTIONS = SHARED / "questions"


def _needs(path: Path, what: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"{what} (CONTRIBUTING.md, 'Tests').")


is_described = _needs(
    DESCRIPTION,
    "Discord's description of its API is not here: save specs/openapi.json of"
    f" https://github.com/discord/discord-api-spec as ${VARIABLE}/discord/openapi.json",
)
has_article = _needs(
    ARTICLE, "The article that the first pack was made from is not here: its text is not ours"
)
has_questions = _needs(
    QUESTIONS / "score.py", "A second set of questions is not here: it is kept apart from the code"
)
