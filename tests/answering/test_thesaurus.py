"""Related words: a fact is found in other words than its author's, with less weight."""

from __future__ import annotations

import pytest

from bot.answering.indexer import Indexer
from bot.answering.lexicon import load_lexicon, stem
from bot.answering.thesaurus import (
    MAX_EXPANDED,
    RELATED_SHARE,
    expand_phrasings,
    load_thesaurus,
    lower_related,
)
from tests.support.packs import little_fact, little_pack

RELATED = {"w:drum": (("w:drummer", 0.7), ("w:beat", 0.4)), "w:beat": (("w:drum", 0.4),)}


@pytest.mark.parametrize(
    ("word", "related"),
    [
        ("grandmother", "grandma"),
        ("drum", "drummer"),
        ("sing", "singer"),
        ("mother", "mum"),
        ("van", "vehicle"),
        ("bat", "animal"),
        ("green", "color"),
        ("quit", "stop"),
        ("money", "bread"),
    ],
)
def test_families_synonyms_and_kinds_are_related(word: str, related: str) -> None:
    found = dict(load_thesaurus()[f"w:{stem(word)}"])

    assert 0 < found[f"w:{stem(related)}"] < 1


def test_related_words_weigh_less_than_the_word_and_never_lower_one_that_is_written() -> None:
    found = expand_phrasings([{"w:drum": 1.0, "w:beat": 0.9, "u:he": 0.3}], RELATED)

    assert found == [{"w:drum": 1.0, "w:beat": 0.9, "w:drummer": 0.7, "u:he": 0.3}]


def test_the_first_phrasings_and_the_entrys_own_text_are_expanded() -> None:
    found = expand_phrasings([{"w:drum": 1.0}] * (MAX_EXPANDED + 2), RELATED)

    assert [len(features) for features in found] == [3] * MAX_EXPANDED + [1, 3]


def test_what_nobody_wrote_is_less_typical() -> None:
    found = lower_related({"w:drum": 300, "w:drummer": 300}, [{"w:drum": 1.0}])

    assert found == {"w:drum": 300, "w:drummer": round(300 * RELATED_SHARE)}


def test_a_document_has_the_related_words_and_its_phrasings_are_no_longer_for_them() -> None:
    fact = little_fact(
        statement="Mira Vale lives in a van.", questions=("Does Mira Vale live in a van?",)
    )
    (document,) = Indexer(little_pack(facts=[fact]), load_lexicon(), {}).facts()
    features = {f"w:{stem('vehicle')}": 1.0}

    assert document.log_odds[f"w:{stem('van')}"] > document.log_odds[f"w:{stem('vehicle')}"] > 0
    assert any(document.phrasings.shared_weights(features))
    assert max(document.phrasings.top_similarities({f"w:{stem('van')}": 1.0}, 1)) > max(
        document.phrasings.top_similarities(features, 1)
    )
