"""Questions about somebody else that are worded like a fact's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.lexicon import load_lexicon
from bot.answering.objections import (
    align,
    find_askers_own,
    find_famous_name,
    find_foreign_name,
)
from bot.answering.query import Query, find_written_names

LEXICON = load_lexicon()
SAMPLES = [
    ("which", "band", "inspired", "@"),
    ("who", "inspired", "@"),
    ("who", "inspired", "them"),
    ("when", "does", "the", "album", "come", "out"),
]


def asked(words: str, *unknown: str) -> Query:
    query = Query((), (), frozenset(), frozenset())
    template = tuple(words.split())
    return replace(
        query,
        asking_template=template,
        dictionary_words=frozenset(template),
        unknown_words=frozenset(unknown),
    )


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("which band inspired metallica", "metallica"),
        ("who inspired metallica", "metallica"),
        ("when does the album by metallica come out", "metallica"),
        ("when does the album of metallica come out", "metallica"),
    ],
)
def test_an_unknown_word_in_the_place_of_the_subject_is_foreign(words: str, unknown: str) -> None:
    assert find_foreign_name(asked(words, unknown), SAMPLES, LEXICON) == unknown


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("who inspired @", ""),
        ("when does the shiny album come out", "shiny"),
        ("when does the album of september come out", "september"),
        ("pls when does the album come out", "pls"),
    ],
)
def test_a_known_subject_or_a_word_beside_it_is_not(words: str, unknown: str) -> None:
    assert find_foreign_name(asked(words, unknown), SAMPLES, LEXICON) is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("who plays guitar for queen", "queen"),
        ("did the harry styles tour end", "harry styles"),
        ("is journey breaking up", "journey"),
        ("when does the album by yes come out", "yes"),
        ("is the journey over", None),
        ("are they bad", None),
        ("when did europe form", "europe"),
        ("was @ in europe for the tour", None),
        ("is there a tour of europe", None),
        ("when is @ out", None),
    ],
)
def test_a_well_known_name_counts_where_a_name_would_stand(words: str, name: str | None) -> None:
    assert find_famous_name(asked(words), LEXICON) == name


def test_a_place_written_with_a_capital_is_no_band() -> None:
    query = replace(asked("@ was in europe"), names_written=frozenset({"europe"}))

    assert find_famous_name(query, LEXICON) is None


def test_an_everyday_word_in_the_place_of_the_subject_is_a_name() -> None:
    samples = [("who", "did", "@", "inspire"), ("why", "did", "the", "drummer", "leave", "@")]

    for words, name in (
        ("who did bread inspire", "bread"),
        ("did cupboard inspire @", "cupboard"),
    ):
        assert find_foreign_name(asked(words), samples, LEXICON, [name]) == name
    assert find_foreign_name(asked("who did bread inspire"), samples, LEXICON) is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("who inspired bread", "bread"),
        ("which band inspired cake", "cake"),
        ("when does the cake come out", None),  # where no sample has its subject
        ("who inspired cake with @", None),  # a subject of the pack's is named
        ("who inspired eight", None),  # a number, and no name
        ("who inspired al", None),  # a slip for "all"
    ],
)
def test_an_everyday_word_behind_what_leads_up_to_the_subject_is_a_name(
    words: str, name: str | None
) -> None:
    query, strange = asked(words), ["bread", "cake", "eight", "al"]

    assert find_foreign_name(query, SAMPLES, LEXICON, strange) == name


@pytest.mark.parametrize(
    ("words", "thing"),
    [
        ("when does my album come out", "album"),
        ("what month is our baby due", "baby"),
        ("what is my @", "@"),
        ("does my favourite band have an album", None),
        ("are my boys coming out", None),
        ("can my sister meet them", None),
        ("will my mother see @", None),
        ("can it be had on my phone", None),
        ("when does my mother come out", None),  # as one of the samples has it
    ],
)
def test_a_question_about_a_thing_of_the_askers_own_is_not_about_the_packs(
    words: str, thing: str | None
) -> None:
    samples = [*SAMPLES, ("can", "my", "mother", "come")]

    assert find_askers_own(asked(words), samples, LEXICON.grammar) == thing


def test_in_other_languages_fondness_stands_behind_the_thing() -> None:
    for language, owned, fond in (
        ("es", "cuando es mi fiesta", "cuando es mi fiesta favorita"),
        ("pt-BR", "quando e minha festa", "quando e minha festa favorita"),
    ):
        grammar = load_lexicon(language).grammar

        assert find_askers_own(asked(owned), [], grammar) == owned.split()[-1]
        assert find_askers_own(asked(fond), [], grammar) is None


def test_a_word_of_the_facts_own_ways_of_asking_is_no_other_name() -> None:
    samples = [("is", "it", "on", "steam"), ("is", "@", "on", "@")]

    assert find_foreign_name(asked("is @ on steam", "steam"), samples, LEXICON) is None
    assert find_foreign_name(asked("is @ on vapour", "vapour"), samples, LEXICON) == "vapour"


def test_what_no_sample_resembles_says_nothing_about_a_words_place() -> None:
    query = asked("please tell me all there is to know of metallica", "metallica")

    assert find_foreign_name(query, [("how", "tall", "is", "@")], LEXICON) is None


def test_a_question_is_aligned_word_by_word_with_gaps_on_either_side() -> None:
    score, pairs = align(
        ("so", "who", "inspired", "metallica"), ("who", "inspired", "@"), LEXICON, {"metallica"}
    )

    assert pairs == [(0, None), (1, "who"), (2, "inspired"), (3, "@")]
    assert score > 0


def test_aligning_with_nothing_pairs_nothing() -> None:
    assert align(("who", "knows"), (), LEXICON) == (0.0, [(0, None), (1, None)])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("is train's new record out", {"train"}),
        ("How many songs are on Red?", {"red"}),
        ("When Does Nevermind Come Out", set()),
        ("WHEN DOES NEVERMIND COME OUT", set()),
        ("Who? Nobody knows", set()),
    ],
)
def test_possessives_and_capitals_in_mid_sentence_are_written_as_names(
    text: str, names: set[str]
) -> None:
    assert find_written_names(text) == names
