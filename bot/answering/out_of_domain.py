"""What lies beyond the notes: what fans ask of anybody, and hardly any pack tells.

The questions of `beyond.yaml` stand beside a pack's facts as something else that a question may be
meant for: one that is more typical of "how tall is he" than of any fact is not answered.
"""

from __future__ import annotations

import math
import re
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from bot.answering.features import NAME, ONE, said
from bot.answering.lexicon import phrasebook
from bot.answering.log_odds import affinities
from bot.answering.packed_vector import weighed
from bot.answering.query import read
from bot.answering.text import Spelling, clauses

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

    from bot.answering.lexicon import Lexicon

ANYBODY = f"{NAME}@"
"""The feature of any name: what is beyond the notes is so whoever is asked about."""
_NAME = re.compile(r"\{\w+\}")
_STAND_IN = "somebodysname"


def compiled(lexicon: Lexicon, commonness: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """Return how typical each feature is of each topic, in hundredths, by topic and feature."""
    file = resources.files("bot.answering").joinpath("beyond.yaml")
    topics = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    names = phrasebook([((_STAND_IN,), "@")])
    spelling = Spelling({}, commonness)
    told = [
        [
            said(read(clauses(_NAME.sub(_STAND_IN, text), lexicon), lexicon, spelling, names))
            for text in questions
        ]
        for questions in topics.values()
    ]
    return dict(zip(topics, affinities(told), strict=True))


def typical(told: Mapping[str, float], known: Mapping[str, array[int]]) -> float:
    """Return how typical a question is of the topic that it fits best, as `Evidence.support` is.

    `told` is what `nameless` gives; `known` holds the affinity of each feature to every topic, in
    hundredths, and nothing for a feature that no topic has.
    """
    rows = [
        (round(weight * ONE), known[feature])
        for feature, weight in told.items()
        if feature in known
    ]
    if not rows:
        return 0.0
    fits = weighed(rows, len(rows[0][1]))
    return max(fits) / ONE**2 / math.sqrt(sum(told.values()))


def nameless(told: Mapping[str, float]) -> dict[str, float]:
    """Return what a question says, `matcher.said`, with every name as any name."""
    return {
        ANYBODY if feature.startswith(NAME) else feature: weight for feature, weight in told.items()
    }
