"""Pronouns that mean somebody of one pack, and nobody of another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.engine import narrow_scope
from bot.answering.indexer import Indexer, find_main
from bot.answering.lexicon import load_lexicon
from bot.answering.query import Mention, Query
from bot.packs.models import EntityKind, Pronoun
from tests.support.packs import little_fact, little_pack

LEXICON = load_lexicon()
SHE, HE = (Pronoun.SHE,), (Pronoun.HE,)


@pytest.mark.parametrize(
    ("mira", "ona", "fitting"),
    [
        ((), SHE, {"he", "she"}),
        (SHE, SHE, {"she"}),
        (SHE, HE, {"he", "she"}),
    ],
)
def test_a_fact_is_meant_by_the_pronouns_of_those_it_names(
    mira: tuple[Pronoun, ...], ona: tuple[Pronoun, ...], fitting: set[str]
) -> None:
    pack = little_pack(facts=[little_fact()])
    singer, sister = pack.entities
    pack = replace(pack, entities=(replace(singer, pronouns=mira), replace(sister, pronouns=ona)))

    (fact,) = Indexer(pack, LEXICON, {}).facts()

    assert fact.pronouns == fitting


def test_whom_most_entries_name_is_the_main_person_unless_the_pack_says_another() -> None:
    pack = little_pack()

    assert find_main(pack, EntityKind.PERSON) == "mira-vale"
    assert find_main(replace(pack, main="ona"), EntityKind.PERSON) == "ona"
    assert find_main(pack, EntityKind.BAND) == ""


def test_a_question_is_asked_of_the_packs_that_know_its_names() -> None:
    def asking(*names: set[str]) -> Query:
        mentions = tuple(Mention(frozenset(keys), 1.0, "a name") for keys in names)
        return Query((), mentions, frozenset(), frozenset())

    both = frozenset({"owls", "larks"})

    assert narrow_scope(asking(), both) == both
    assert narrow_scope(asking({"owls/barn"}), both) == {"owls"}
    assert narrow_scope(asking({"owls/barn", "larks/barn"}), both) == both
    assert narrow_scope(asking({"owls/barn"}, {"larks/song"}), both) == both
