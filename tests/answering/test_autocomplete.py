from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.autocomplete import MAX_CHOICES, Autocompleter, QuestionCompleter, weigh_words
from bot.answering.results import Suggestion

TITLES = Autocompleter(
    [
        ("When does the album come out?", "one", 1),
        ("Who plays guitar?", "one", 2),
        ("Where can I buy the album?", "one", 3),
        ("Who wrote “Tide Table”?", "two", 4),
    ]
)
BOTH = frozenset({"one", "two"})
MANY = Autocompleter([(f"Question number {number}?", "one", number) for number in range(100)])


def test_with_nothing_typed_everything_is_offered_in_its_order() -> None:
    assert TITLES.complete("", BOTH) == (1, 2, 3, 4)
    assert TITLES.complete("   ", BOTH) == (1, 2, 3, 4)


@pytest.mark.parametrize("typed", ["who pl", "GUITAR", "guitr", "plays who", "wh gui", "guitar?"])
def test_what_is_meant_is_offered_first(typed: str) -> None:
    assert TITLES.complete(typed, BOTH)[0] == 2


def test_quotation_marks_and_slashes_do_not_hide_a_word() -> None:
    assert TITLES.complete("tide", BOTH)[0] == 4
    assert Autocompleter([("Is 24/Seven out?", "one", 1)]).complete("seven", BOTH) == (1,)


def test_nothing_outside_the_scope_is_offered() -> None:
    assert TITLES.complete("tide table", frozenset({"one"})) == ()
    assert TITLES.complete("", frozenset({"two"})) == (4,)
    assert TITLES.complete("", frozenset()) == ()


def test_nothing_like_it_is_nothing() -> None:
    assert TITLES.complete("zzzzqqqq", BOTH) == ()


def test_discord_shows_no_more_than_25() -> None:
    assert MANY.complete("", frozenset({"one"})) == tuple(range(MAX_CHOICES))
    assert len(MANY.complete("question", frozenset({"one"}))) == MAX_CHOICES
    assert len(MANY.complete("questoin", frozenset({"one"}))) == MAX_CHOICES


def test_an_exact_fit_comes_before_a_near_one() -> None:
    found = MANY.complete("number 77", frozenset({"one"}))

    assert found[0] == 77


def test_what_two_packs_hold_is_offered_once() -> None:
    themes = Autocompleter(
        [("fans", "one", "fans"), ("fans", "two", "fans"), ("sea", "two", "sea")]
    )

    assert themes.complete("", BOTH) == ("fans", "sea")
    assert themes.complete("fan", BOTH) == ("fans",)


def test_duplicates_do_not_crowd_out_the_rest() -> None:
    items = [("fans", f"pack-{number}", "fans") for number in range(40)]
    themes = Autocompleter([*items, ("fantasy", "pack-1", "fantasy")])

    found = themes.complete("fan", frozenset(f"pack-{number}" for number in range(40)))

    assert found == ("fans", "fantasy")


@given(st.text(max_size=300))
def test_any_text_is_completed_with_items_in_scope(typed: str) -> None:
    assert set(TITLES.complete(typed, frozenset({"one"}))) <= {1, 2, 3}


def suggestion(fact: str, question: str, pack: str = "one") -> Suggestion:
    return Suggestion(pack, fact, question, "It says so.")


QUESTIONS = QuestionCompleter(
    [
        (suggestion(fact, ways[0], pack), weigh_words(ways, subjects))
        for fact, pack, subjects, ways in (
            ("who", "one", ["Mira Vale"], ["Who is Mira Vale?", "tell me about mira"]),
            ("date", "one", ["tidewater"], ["When is Tidewater out?", "release date of the album"]),
            ("shop", "one", ["tidewater"], ["Where can I buy it?", "does the album cost much"]),
            ("guitar", "one", ["ona"], ["Who plays guitar?", "which instrument does ona play"]),
            ("sign", "two", ["÷"], ["Who wrote ÷?", "the one with a sign for a name"]),
        )
    ]
)


def offered(typed: str, scope: frozenset[str] = BOTH) -> list[str]:
    return [each.fact for each in QUESTIONS.complete(typed, scope)]


def test_with_nothing_typed_the_most_useful_questions_come_first() -> None:
    assert offered("") == offered("  ") == ["who", "date", "shop", "guitar", "sign"]


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("album", ["date", "shop"]),  # by ways of asking that nobody is shown
        ("RELEASE", ["date"]),
        ("tidew", ["date", "shop"]),  # by the subject; whose own question has it comes first
        ("instr", ["guitar"]),
        ("guitr", ["guitar"]),  # misspelt
        ("what does the album cost", ["shop"]),
        ("÷", ["sign"]),
        ("zzzzqqqq", []),
        ("who zzzzqqqq", []),
    ],
)
def test_a_question_is_found_by_every_way_of_asking_and_by_its_subject(
    typed: str, facts: list[str]
) -> None:
    assert offered(typed)[: len(facts)] == facts
    assert bool(offered(typed)) == bool(facts)


def test_a_fact_is_offered_once_under_its_first_question() -> None:
    (found,) = QUESTIONS.complete("release date album", BOTH)

    assert found.question == "When is Tidewater out?"


def test_no_question_outside_the_scope_is_offered() -> None:
    assert offered("who", frozenset({"two"})) == ["sign"]
    assert offered("who", frozenset()) == []


def test_a_word_that_most_ways_have_counts_for_more_than_one_that_a_single_way_has() -> None:
    often = weigh_words(["Is it out?", "the record?", "that record?"], [])
    once = weigh_words(["Is it long?", "the record?", "how many minutes?"], [])
    facts = [(suggestion("once", "Is it long?"), once), (suggestion("often", "Is it out?"), often)]

    found = QuestionCompleter(facts).complete("record", frozenset({"one"}))

    assert [each.fact for each in found] == ["often", "once"]


@given(st.text(max_size=300))
def test_any_text_is_completed_with_questions_in_scope(typed: str) -> None:
    assert {each.pack for each in QUESTIONS.complete(typed, frozenset({"one"}))} <= {"one"}
