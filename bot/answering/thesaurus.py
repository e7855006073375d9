"""Related words of a language, by which a fact is found in other words than its author's.

Whoever writes six sample questions does not write "grandma" beside "grandmother". So a fact is also
indexed under the derived words, synonyms, broader and narrower terms of its own words, each with
less weight. The words come from WordNet (thesaurus.txt, with its licence).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.answering.lexicon import ENGLISH, language_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

WORD_PREFIX = "w:"
MAX_EXPANDED = 12
"""How many phrasings of an entry are expanded, beside its own text: who wrote more of them has
written the other words too."""
RELATED_SHARE = 0.7
"""What remains of the log odds of a word that none of the entry's phrasings has."""

Related = tuple[tuple[str, float], ...]
"""Features of related words, each with its share of the word's own weight."""


@cache
def load_thesaurus(language: str = ENGLISH) -> Mapping[str, Related]:
    """Return the related words of each word, as features.

    A language need not have a thesaurus.
    """
    file = language_folder(language).joinpath("thesaurus.txt")
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(_read_line(line) for line in lines if not line.startswith("#"))


def expand_phrasings(
    phrasings: Sequence[Mapping[str, float]], thesaurus: Mapping[str, Related]
) -> list[Mapping[str, float]]:
    """Return the features of an entry's phrasings with those of related words.

    The last phrasing is the entry's own text.
    """
    last = len(phrasings) - 1
    return [
        _expand(features, thesaurus) if at < MAX_EXPANDED or at == last else features
        for at, features in enumerate(phrasings)
    ]


def lower_related(
    log_odds: Mapping[str, int], phrasings: Collection[Mapping[str, float]]
) -> dict[str, int]:
    """Return log odds, lowered for features that only related words gave.

    `phrasings` are the features of the phrasings as written.
    """
    written = {feature for features in phrasings for feature in features}
    return {
        feature: odds if feature in written else round(odds * RELATED_SHARE)
        for feature, odds in log_odds.items()
    }


def _read_line(line: str) -> tuple[str, Related]:
    head, *fields = line.split(" ")
    related: list[tuple[str, float]] = []
    weight = 0.0
    for field in fields:
        if field.isdigit():
            weight = int(field) / 10
        else:
            related.append((WORD_PREFIX + field, weight))
    return WORD_PREFIX + head, tuple(related)


def _expand(features: Mapping[str, float], thesaurus: Mapping[str, Related]) -> Mapping[str, float]:
    expanded = dict(features)
    for feature, weight in features.items():
        for other, share in thesaurus.get(feature, ()):
            expanded[other] = max(expanded.get(other, 0.0), weight * share)
    return expanded
