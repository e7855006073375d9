"""Score how typical a query is of topics that packs seldom cover.

The questions of out_of_domain.yaml stand beside a pack's facts as something else that a question
may be about: one more typical of "how tall is he" than of any fact is not answered.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answering.features import NAME_PREFIX, SCALE, compute_log_odds, query_features
from bot.answering.lexicon import build_phrasebook, language_folder
from bot.answering.query import parse_clauses
from bot.answering.text import Spelling, split_clauses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answering.lexicon import Lexicon

ANY_NAME = f"{NAME_PREFIX}@"
"""The feature of any name: a topic is out of domain whoever is asked about."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_STAND_IN = "somebodysname"


def learn_topics(
    lexicon: Lexicon, zipf_frequencies: Mapping[str, float]
) -> dict[str, dict[str, int]]:
    """Return the log odds of each topic's features, in hundredths."""
    # Imported here: who reads a compiled index has the topics from there.
    from bot.packs.yaml_source import parse_yaml  # noqa: PLC0415

    file = language_folder(lexicon.language).joinpath("out_of_domain.yaml")
    text = file.read_text(encoding="utf-8")
    topics: Any = parse_yaml(text, Path("out_of_domain.yaml")).content
    names = build_phrasebook([((_STAND_IN,), "@")])
    spelling = Spelling({}, zipf_frequencies)

    def read(question: str) -> dict[str, float]:
        clauses = split_clauses(_PLACEHOLDER.sub(_STAND_IN, question), lexicon)
        return query_features(parse_clauses(clauses, lexicon, spelling, names))

    classes = [[read(question) for question in questions] for questions in topics.values()]
    return dict(zip(topics, compute_log_odds(classes), strict=True))


def mask_entities(features: Mapping[str, float]) -> dict[str, float]:
    """Return a query's features with one feature for all names."""
    return {
        ANY_NAME if feature.startswith(NAME_PREFIX) else feature: weight
        for feature, weight in features.items()
    }


def score_out_of_domain(
    features: Mapping[str, float], topic_log_odds: Mapping[str, Mapping[int, int]]
) -> float:
    """Return the best naive Bayes score of any topic, comparable to `Evidence.nb_score`.

    `features` are masked by `mask_entities`. `topic_log_odds` holds a feature's log odds by topic,
    in hundredths, and lacks those that no topic has.
    """
    if not topic_log_odds:
        return 0.0
    # A list is added up in half of the time that a dictionary takes, and topics are few.
    scores = [0] * (1 + max(map(max, topic_log_odds.values())))
    for feature, log_odds in topic_log_odds.items():
        weight = round(features[feature] * SCALE)
        for topic, odds in log_odds.items():
            scores[topic] += weight * odds
    return max(scores) / SCALE**2 / math.sqrt(sum(features.values()))
