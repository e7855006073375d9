from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.lexicon import (
    build_phrasebook,
    decode_lexicon,
    encode_lexicon,
    load_lexicon,
    longest_match,
    stem,
)
from bot.answering.text import split_words

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Pack


@pytest.mark.parametrize(
    ("one", "other"),
    [("release", "released"), ("album", "albums"), ("tour", "touring"), ("fan", "fans")],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("fan", "fantasy"), ("song", "son"), ("band", "bank")])
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def ideas_of(phrase: str, lexicon: Lexicon) -> frozenset[str]:
    return longest_match(lexicon.concepts, tuple(map(stem, split_words(phrase, lexicon))), 0)[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("album", "record"),
        ("album", "cd"),
        ("album", "lp"),
        ("comes out", "drops"),
        ("comes out", "released"),
        ("television", "tv"),
    ],
)
def test_synonyms_share_an_idea(one: str, other: str, lexicon: Lexicon) -> None:
    assert ideas_of(one, lexicon) & ideas_of(other, lexicon)


def test_a_longer_phrase_wins_over_its_beginning() -> None:
    book = build_phrasebook(
        [(("big",), "size"), (("big", "time"), "show"), (("big", "time"), "band")]
    )

    assert longest_match(book, ("big", "time", "rush"), 0) == (2, frozenset({"show", "band"}))
    assert longest_match(book, ("big", "deal"), 0) == (1, frozenset({"size"}))
    assert longest_match(book, ("small", "big"), 0) == (0, frozenset())
    assert longest_match(book, ("so", "big"), 1) == (1, frozenset({"size"}))


def test_no_spelling_leads_to_another(lexicon: Lexicon) -> None:
    chains = {
        word: means
        for word, means in lexicon.spellings.items()
        if any(part in lexicon.spellings and part != word for part in means)
    }

    assert chains == {}


def test_no_phrase_waits_for_a_word_that_is_spelt_out_before_it_is_looked_for(
    lexicon: Lexicon,
) -> None:
    written = (
        phrase
        for book in (lexicon.question_types, lexicon.attributes)
        for entries in book.values()
        for _, phrases in entries
        for phrase in phrases
    )
    unheard = {word for phrase in written for word in phrase} & lexicon.spellings.keys()

    assert {word for word in unheard if lexicon.spellings[word] != (word,)} == set()


def test_every_kind_has_a_rank(lexicon: Lexicon) -> None:
    listed = [phrases for entries in lexicon.question_types.values() for _, phrases in entries]
    asked = {kind for phrases in listed for kinds in phrases.values() for kind in kinds}

    assert asked == set(lexicon.question_type_order)


def test_the_shared_lexicon_names_nobody(
    lexicon: Lexicon, real_pack: Pack, lantern_pack: Pack
) -> None:
    people = {
        word
        for pack in (real_pack, lantern_pack)
        for entity in pack.entities
        if entity.kind == "person"
        for word in entity.name.lower().split()
    }
    # Words anywhere else, though names here.
    english = {"the", "sisters", "brothers", "belt", "fans", "big", "time", "service"}

    assert people & lexicon.words <= english


def test_the_lexicon_is_read_anew_and_the_same() -> None:
    assert load_lexicon() == load_lexicon()


def test_the_lexicon_comes_back_from_an_index_as_it_went(lexicon: Lexicon) -> None:
    assert decode_lexicon(encode_lexicon(lexicon)) == lexicon
