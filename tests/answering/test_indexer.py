from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.indexer import (
    MAX_PHRASINGS,
    Indexer,
    find_names,
)
from bot.answering.ranking import decode_document, encode_document
from tests.support.packs import WITHDRAWN, little_fact, little_pack, little_quote

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Pack


@pytest.mark.parametrize("which", ["facts", "quotes"])
def test_every_document_comes_back_from_the_store_as_it_went(
    real_pack: Pack, lexicon: Lexicon, which: str
) -> None:
    for document in getattr(Indexer(real_pack, lexicon, {}), which)():
        back = decode_document(document.pack, document.id, *encode_document(document))

        assert back == document


def test_every_entry_that_may_be_served_has_a_document(
    lantern_pack: Pack, lexicon: Lexicon
) -> None:
    indexer = Indexer(lantern_pack, lexicon, {})

    assert {document.id for document in indexer.facts()} == {
        fact.id for fact in lantern_pack.facts if fact.withdrawn is None
    }
    assert {document.id for document in indexer.quotes()} == {
        quote.id for quote in lantern_pack.quotes if quote.withdrawn is None
    }


def test_fewer_questions_can_be_learnt_from_than_the_pack_has(
    lantern_pack: Pack, lexicon: Lexicon
) -> None:
    fewer = tuple(replace(fact, questions=fact.questions[:3]) for fact in lantern_pack.facts)

    documents = Indexer(lantern_pack, lexicon, {}).facts(fewer)

    assert documents == Indexer(replace(lantern_pack, facts=fewer), lexicon, {}).facts()
    assert documents != Indexer(lantern_pack, lexicon, {}).facts()


def test_what_was_withdrawn_has_no_document(lexicon: Lexicon) -> None:
    pack = little_pack(
        facts=[little_fact(), little_fact("secret", withdrawn=WITHDRAWN)],
        quotes=[little_quote(withdrawn=WITHDRAWN)],
    )

    indexer = Indexer(pack, lexicon, {})

    assert [document.id for document in indexer.facts()] == ["sister"]
    assert indexer.quotes() == []


def test_names_aliases_titles_and_songs_are_all_names(lexicon: Lexicon) -> None:
    names = set(find_names(little_pack(), lexicon))

    assert {
        (("mira", "vale"), "mira-vale"),
        (("mira",), "mira-vale"),
        (("tidewater",), "tidewater"),
        (("tide", "water"), "tidewater"),
        (("low", "water"), "low-water"),
        (("lowa",), "low-water"),
    } <= names


def test_his_band_is_also_the_band_of_whoever_speaks(real_pack: Pack, lexicon: Lexicon) -> None:
    possessive = [
        (phrase, entity.id)
        for entity in real_pack.entities
        for phrase in entity.described_as
        if phrase.startswith("his ")
    ]
    names = set(find_names(real_pack, lexicon))

    assert possessive
    for phrase, key in possessive:
        rest = tuple(phrase.lower().split()[1:])
        assert any(words[1:] == rest and words[0] != "his" and k == key for words, k in names)


def test_a_fact_speaks_of_its_subject_and_what_it_is_about(lexicon: Lexicon) -> None:
    (document,) = Indexer(little_pack(), lexicon, {}).facts()

    assert document.subject == {"n:mira-vale/ona"}
    assert document.names == {"n:mira-vale/ona", "n:mira-vale/mira-vale"}


def test_a_fact_about_a_song_speaks_of_its_record(lexicon: Lexicon) -> None:
    pack = little_pack(facts=[little_fact(subject="low-water")])

    (document,) = Indexer(pack, lexicon, {}).facts()

    assert "n:mira-vale/tidewater" in document.names


def test_more_phrasings_than_can_be_kept_are_bounded(lexicon: Lexicon) -> None:
    many = tuple(f"Who is Ona number {number}?" for number in range(MAX_PHRASINGS * 2))
    pack = little_pack(facts=[little_fact(questions=many)])

    (document,) = Indexer(pack, lexicon, {}).facts()

    assert len(document.phrasings.totals) == MAX_PHRASINGS


def test_of_too_many_phrasings_the_last_are_kept_with_the_statement(lexicon: Lexicon) -> None:
    words = [f"zz{chr(97 + at // 26)}{chr(97 + at % 26)}q" for at in range(MAX_PHRASINGS + 45)]
    questions = tuple(f"who is {word}" for word in words)
    statement = "Ona plays the piano on Tidewater."
    pack = little_pack(facts=[little_fact(questions=questions, statement=statement)])

    (document,) = Indexer(pack, lexicon, {}).facts()

    assert "n:mira-vale/tidewater" in document.names
    kept = [word for word in words if document.phrasings.count(f"w:{word}")]
    assert kept == words[-MAX_PHRASINGS + 1 :]  # and the statement after them
    assert document.phrasings.shared_weights({"w:piano": 1.0})[-1] == 100
    assert document.phrasings.shared_weights({f"w:{words[-1]}": 1.0})[-2] == 100


def test_a_word_of_a_phrasing_that_is_not_kept_is_still_typical(lexicon: Lexicon) -> None:
    many = ("who is zebrina", *(f"who is number {number}" for number in range(MAX_PHRASINGS)))
    pack = little_pack(facts=[little_fact(questions=many)])

    (document,) = Indexer(pack, lexicon, {}).facts()

    assert document.phrasings.count("w:zebrina") == 0
    assert "w:zebrina" in document.log_odds


def test_related_facts_are_related_in_either_direction(lexicon: Lexicon) -> None:
    pack = little_pack(
        facts=[little_fact("sister", related=("piano",)), little_fact("piano"), little_fact("sea")]
    )

    documents = {document.id: document.related for document in Indexer(pack, lexicon, {}).facts()}

    assert documents == {"sister": {"piano"}, "piano": {"sister"}, "sea": frozenset()}


def test_the_vocabulary_counts_phrasings_and_names(lexicon: Lexicon) -> None:
    vocabulary = Indexer(little_pack(), lexicon, {}).vocabulary()

    assert vocabulary["piano"] == 1
    assert vocabulary["ona"] == 3
    assert "heffron" not in vocabulary


def test_a_pack_without_entries_has_no_documents(lexicon: Lexicon) -> None:
    indexer = Indexer(little_pack(facts=(), quotes=(), releases=()), lexicon, {})

    assert indexer.facts() == []
    assert indexer.quotes() == []
