"""How typical each feature is of each of several classes: facts, quotations, topics beyond both."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from bot.answering.features import NGRAM_PREFIXES, SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEENNESS = 30
"""How fast an affinity grows where a feature is used oftener than for other documents."""
RARE = 0.01
"""A turn of phrase in a smaller share of the phrasings than this is no habit."""
SELDOM = 0.003
"""Added to a feature's share over all documents: what is seldom used anywhere tells less."""


def compute_log_odds(
    told: Sequence[Sequence[Mapping[str, float]]], fewest: int = 1
) -> list[dict[str, int]]:
    """Return the affinity of each of several classes to its features, in hundredths.

    `told` holds the `query_features` of every phrasing of each class; fewer than `fewest` classes
    are weighed as if so many stood there. The logarithm is that of a naive Bayes classifier whose
    unseen features are smoothed with the background, the average over all classes (F. Jelinek,
    R. L. Mercer, 1980); a feature never seen then tells nothing.
    """
    own = [_shares(phrasings) for phrasings in told]
    background: defaultdict[str, float] = defaultdict(float)
    for shares in own:
        for feature, share in shares.items():
            background[feature] += share / max(len(own), fewest)
    return [
        {
            feature: round(SCALE * math.log(1 + KEENNESS * share / (background[feature] + SELDOM)))
            for feature, share in shares.items()
        }
        for shares in own
    ]


def _shares(phrasings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the weight of each feature in a phrasing, on average.

    A turn of phrase that hardly any of them has is left out.
    """
    weights: defaultdict[str, float] = defaultdict(float)
    uses: Counter[str] = Counter()
    for told in phrasings:
        uses.update(told.keys())
        for feature, weight in told.items():
            weights[feature] += weight
    enough = RARE * len(phrasings)
    return {
        feature: weight / len(phrasings)
        for feature, weight in weights.items()
        if uses[feature] >= enough or not feature.startswith(NGRAM_PREFIXES)
    }
