from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.lexicon import build_phrasebook
from bot.answering.query import informativeness, parse_clauses
from bot.answering.text import Spelling, split_clauses

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query

NAMES = build_phrasebook(
    [
        (("big", "time", "rush"), "show"),
        (("big", "time", "rush"), "band"),
        (("kendall",), "kendall"),
        (("the", "band"), "band"),
    ]
)
COMMON = {"the": 7.7, "album": 4.3, "when": 6.5, "guitar": 4.6, "song": 5.0}


def asked(text: str, lexicon: Lexicon, corrections: dict[str, str] | None = None) -> Query:
    spelling = Spelling(corrections or {}, COMMON)
    return parse_clauses(split_clauses(text, lexicon), lexicon, spelling, NAMES)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When is the album out?", "when"),
        ("Where can I buy it?", "where"),
        ("Who plays guitar?", "who"),
        ("Why did they stop?", "why"),
        ("How many songs are on it?", "how_many"),
        ("how old is kendall", "how_old"),
        ("what day is the show on", "when"),
    ],
)
def test_the_kind_of_a_question_is_told_by_its_words(
    text: str, kind: str, lexicon: Lexicon
) -> None:
    assert asked(text, lexicon).question_types == {kind}


def test_keywords_ask_no_kind_of_question(lexicon: Lexicon) -> None:
    assert asked("guitar songs", lexicon).question_types == frozenset()


def test_the_sentence_that_asks_decides_not_the_one_that_tells(lexicon: Lexicon) -> None:
    question = asked("I cried when the show ended. Who plays guitar?", lexicon)

    assert question.question_types == {"who"}
    told = {term.text: term.weight for term in question.terms}
    assert told["guitar"] > told["cried"]


def test_names_are_read_before_words_and_the_longest_first(lexicon: Lexicon) -> None:
    question = asked("is Big Time Rush the band of Kendall", lexicon)

    assert [mention.text for mention in question.mentions] == [
        "big time rush",
        "the band",
        "kendall",
    ]
    assert question.mentions[0].names == {"show", "band"}
    assert not {"big", "time", "rush"} & {term.text for term in question.terms}


def test_a_name_said_twice_counts_once(lexicon: Lexicon) -> None:
    assert len(asked("kendall kendall KENDALL", lexicon).mentions) == 1


def test_a_word_said_twice_counts_once(lexicon: Lexicon) -> None:
    assert len(asked("guitar guitars guitar", lexicon).terms) == 1


def test_filler_tells_nothing(lexicon: Lexicon) -> None:
    plain = asked("guitar", lexicon)
    chatty = asked("ok so guitar pls lol", lexicon)

    assert {term.text for term in chatty.terms} == {term.text for term in plain.terms}


def test_a_correction_is_read_as_the_word_meant(lexicon: Lexicon) -> None:
    question = asked("kendal guitr", lexicon, {"kendal": "kendall", "guitr": "guitar"})

    assert question.mentions[0].names == {"kendall"}
    assert [term.text for term in question.terms] == ["guitar"]


@pytest.mark.parametrize("whose", ["my", "our"])
def test_what_is_the_askers_own_is_not_asked_about(lexicon: Lexicon, whose: str) -> None:
    own = asked(f"when is {whose} birthday", lexicon)
    kendalls = asked("when is kendall birthday", lexicon)

    assert (own.attributes, {term.text for term in own.terms}) == (frozenset(), set())
    assert kendalls.attributes == {"age"}
    assert {term.text for term in kendalls.terms} == {"birthday"}


def test_only_the_word_after_my_is_the_askers_own(lexicon: Lexicon) -> None:
    question = asked("is my sister on the album", lexicon)

    assert {term.text for term in question.terms} == {"album"}


def test_after_my_a_stop_word_takes_no_other_term_away(lexicon: Lexicon) -> None:
    assert {term.text for term in asked("guitar my and", lexicon).terms} == {"guitar"}


def test_a_name_after_my_is_still_a_name(lexicon: Lexicon) -> None:
    assert [mention.text for mention in asked("is my kendall in it", lexicon).mentions] == [
        "kendall"
    ]


def test_rare_words_tell_more_than_common_ones() -> None:
    assert informativeness(None) == 1.0
    assert informativeness(2.0) == 1.0
    assert informativeness(4.0) > informativeness(5.0) > informativeness(6.0)
    assert informativeness(9.0) == 0.15


def test_no_words_are_an_empty_question(lexicon: Lexicon) -> None:
    question = asked("?!", lexicon)

    assert question.is_empty
    assert question.question_types == frozenset()


def test_the_order_of_words_does_not_matter_to_what_is_read(lexicon: Lexicon) -> None:
    one, other = asked("guitar kendall song", lexicon), asked("song guitar kendall", lexicon)

    assert {term.forms for term in one.terms} == {term.forms for term in other.terms}
    assert set(one.mentions) == set(other.mentions)


def test_turns_of_phrase_are_small_words_and_pairs_with_any_name_as_one(lexicon: Lexicon) -> None:
    ngrams = asked("Who is Kendall?", lexicon).ngrams

    assert {"u:who", "u:is", "p:^ who", "p:who is", "p:is @", "p:@ $"} <= ngrams.keys()


def test_a_turn_of_phrase_beside_the_question_counts_for_less(lexicon: Lexicon) -> None:
    ngrams = asked("I met him. Who plays?", lexicon).ngrams

    assert ngrams["u:him"] < ngrams["u:who"]
