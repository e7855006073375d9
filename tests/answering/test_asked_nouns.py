"""A question for one of a kind that no way of asking a fact asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.lexicon import load_lexicon
from bot.answering.objections import find_unasked_noun, list_asked_nouns, list_chosen
from bot.answering.query import Query

LEXICON = load_lexicon()
SAMPLES = [
    tuple(words.split())
    for words in (
        "how did @ and @ meet",
        "what job did they have before",
        "which record did they make there",
    )
]


def asked(words: str, *types: str, unknown: str = "") -> Query:
    return replace(
        Query((), (), frozenset(types), frozenset()),
        asking_template=tuple(words.split()),
        unknown_words=frozenset(unknown.split()),
    )


@pytest.mark.parametrize(
    ("words", "noun"),
    [
        ("which hospital did they meet at", "hospital"),
        ("at what old hospital did @ and @ meet", "hospital"),
        ("what brand of computer did they have", "brand"),
        ("what job did @ have", None),
        ("which jobs did they have", None),
        ("which album did they make", None),  # a record
        ("what did they do", None),
        ("for what reason did they meet", None),
        ("what happens in the end", None),
        ("how did they meet", None),
    ],
)
def test_a_noun_counts_that_no_way_of_asking_asks_for(words: str, noun: str | None) -> None:
    nouns = list_asked_nouns(asked(words, "what"), LEXICON)

    assert find_unasked_noun(nouns, SAMPLES, LEXICON) == noun


def test_a_noun_that_asks_when_is_judged_by_that() -> None:
    assert list_asked_nouns(asked("what year did they meet", "when"), LEXICON) == []


def test_a_word_that_may_be_a_name_is_not_judged_here() -> None:
    question = asked("which grohl did they meet", "which", unknown="grohl")

    assert list_asked_nouns(question, LEXICON) == []


def test_the_words_behind_which_end_at_a_function_word() -> None:
    template = ["so", "which", "pop", "band", "did", "@", "like", "and", "what", "@", "song"]

    chosen = list(list_chosen(template, LEXICON, LEXICON.grammar.choosing_words))

    assert chosen == [(["pop", "band"], "did")]


def test_in_a_way_of_asking_a_word_of_two_meanings_may_ask_for_a_thing() -> None:
    samples = [["que", "banda", "inspiro", "a", "@"]]

    assert find_unasked_noun(["banda"], samples, load_lexicon("es")) is None
    assert find_unasked_noun(["banda"], [["quien", "inspiro", "a", "@"]], load_lexicon("es"))
