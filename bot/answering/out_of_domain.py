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

from bot.answering.features import NAME_PREFIX, SCALE, query_features
from bot.answering.lexicon import build_phrasebook
from bot.answering.log_odds import compute_log_odds
from bot.answering.packed_vector import weighed
from bot.answering.query import read
from bot.answering.text import Spelling, clauses

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

    from bot.answering.lexicon import Lexicon

ANY_NAME = f"{NAME_PREFIX}@"
"""The feature of any name: what is beyond the notes is so whoever is asked about."""
_NAME = re.compile(r"\{\w+\}")
_STAND_IN = "somebodysname"


def compiled(lexicon: Lexicon, commonness: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """Return how typical each feature is of each topic, in hundredths, by topic and feature."""
    file = resources.files("bot.answering").joinpath("beyond.yaml")
    topics = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    names = build_phrasebook([((_STAND_IN,), "@")])
    spelling = Spelling({}, commonness)
    told = [
        [
            query_features(
                read(clauses(_NAME.sub(_STAND_IN, text), lexicon), lexicon, spelling, names)
            )
            for text in questions
        ]
        for questions in topics.values()
    ]
    return dict(zip(topics, compute_log_odds(told), strict=True))


def score_out_of_domain(told: Mapping[str, float], known: Mapping[str, array[int]]) -> float:
    """Return how typical a question is of the topic that it fits best, as `Evidence.support` is.

    `told` is what `mask_entities` gives; `known` holds the affinity of each feature to every
    topic, in hundredths, and nothing for a feature that no topic has.
    """
    rows = [
        (round(weight * SCALE), known[feature])
        for feature, weight in told.items()
        if feature in known
    ]
    if not rows:
        return 0.0
    fits = weighed(rows, len(rows[0][1]))
    return max(fits) / SCALE**2 / math.sqrt(sum(told.values()))


def mask_entities(told: Mapping[str, float]) -> dict[str, float]:
    """Return what a question says, `matcher.query_features`, with every name as any name."""
    return {
        ANY_NAME if feature.startswith(NAME_PREFIX) else feature: weight
        for feature, weight in told.items()
    }
