from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.lexicon import load_lexicon
from bot.answering.text import (
    MIN_CORRECTION_USES,
    closest_word,
    deletion_variants,
    find_odd_spellings,
    fold,
    is_probable_typo,
    split_clauses,
    split_words,
)

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon

LEXICON = load_lexicon()
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=14)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("KENDALL", "kendall"),
        ("Beyoncé", "beyonce"),
        ("kendall’s", "kendall's"),
        ("kendall‘s", "kendall's"),
        ("Rock & Roll", "rock  and  roll"),
        ("\uff26\uff35\uff2c\uff2c", "full"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
    ],
)
def test_folding_keeps_what_tells_words_apart_and_no_more(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_text_is_split_where_sentences_end(lexicon: Lexicon) -> None:
    found = split_clauses("Love the show! When does the album come out? I want it", lexicon)

    assert [clause.words[0] for clause in found] == ["love", "when", "i"]
    assert [clause.is_question for clause in found] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            (
                "I promised my little brother that I would buy him the new record, and now I can't "
                "find the date anywhere, which day is it"
            ),
            "which day is it",
        ),
        (
            (
                "my cousin told me that she moved into some tower and I thought he was joking "
                "so can you tell me where she lives"
            ),
            "so can you tell me where she lives",
        ),
        (
            (
                "we are four girls from Holland who have loved this band for years, so when do "
                "they play here, if at all?"
            ),
            "so when do they play here if at all",
        ),
        (
            (
                "My aunt swears that she took her washing to the place - nobody in our family "
                "believes her - what kind of place was it?"
            ),
            "what kind of place was it",
        ),
    ],
)
def test_of_a_long_sentence_the_end_asks_and_the_story_before_tells(
    text: str, asked: str, lexicon: Lexicon
) -> None:
    told, question = split_clauses(text, lexicon)

    assert (told.is_question, question.is_question) == (False, True)
    assert question.words == tuple(asked.split())


@pytest.mark.parametrize(
    "text",
    [
        "who is the guy that plays the drums on the song with the train in it, do you know?",
        "there is a second voice on the songs that gives me goosebumps every time, so who is it?",
        (
            "They finished the record in the spring, which made them late, and then they toured "
            "for a year, when it rained."
        ),
        "after the tour, who left?",
    ],
)
def test_a_sentence_without_a_story_before_its_question_stays_whole(
    text: str, lexicon: Lexicon
) -> None:
    assert len(split_clauses(text, lexicon)) == 1


def test_a_question_before_a_story_asks_as_the_one_behind_it_does(lexicon: Lexicon) -> None:
    text = (
        "Which day does the album come out, because my son is drawing a poster for his wall, and "
        "where can we buy it?"
    )

    clauses = split_clauses(text, lexicon)

    assert [clause.is_question for clause in clauses] == [True, False, True]


def test_beside_a_sentence_that_asks_a_long_one_only_tells(lexicon: Lexicon) -> None:
    text = (
        "I'm making a chart with one sticker for every tune, yes I'm eleven, do not judge, my mum "
        "is getting me the album. How many do I need?"
    )

    assert [clause.is_question for clause in split_clauses(text, lexicon)] == [False, True]


def test_a_comma_in_a_name_parts_no_story_from_its_question(lexicon: Lexicon) -> None:
    text = (
        "my brother and I have argued the whole evening about this, our aunt is tired of it, when "
        "did Crosby, who stayed, Stills and Nash sing"
    )

    assert len(split_clauses(text, lexicon)) == 2
    assert find_odd_spellings("Crosby, Stills and Nash") == {"crosby,"}
    assert split_clauses(text, lexicon, {"crosby,"})[-1].words[0] == "when"


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "…", "😀", "\x00", "\ud800", "\u200b", "___", "'''"]
)
def test_a_text_without_words_has_no_clauses(text: str, lexicon: Lexicon) -> None:
    assert split_clauses(text, lexicon) == ()


@pytest.mark.parametrize(
    ("text", "kept", "words"),
    [
        ("sooooo good", (), ("soo", "good")),
        ("Owls III", (), ("owls", "iii")),
        ("1000 and XXX", (), ("1000", "and", "xxx")),
        ("is Wooo out", ("wooo",), ("is", "wooo", "out")),
        ("when was R.E.M. founded", (), ("when", "was", "rem", "founded")),
        ("N.E.R.D, M.I.A., t.A.T.u.", (), ("nerd", "mia", "tatu")),
        ("who is in Hush.Hush", (), ("who", "is", "in", "hush", "hush")),
        ("P!nk sings", (), ("p", "nk", "sings")),
        ("who wrote ÷?", ("÷",), ("who", "wrote", "÷")),
        ("who made !!!?", ("!!!",), ("who", "made", "!!!")),
        ("play ❤\ufe0f", ("❤",), ("play", "❤")),
    ],
)
def test_a_name_is_read_as_it_is_written(
    text: str, kept: tuple[str, ...], words: tuple[str, ...], lexicon: Lexicon
) -> None:
    assert set(kept) <= find_odd_spellings(text)
    assert split_words(text, lexicon, kept) == words


@pytest.mark.parametrize(
    ("text", "kept"),
    [("when did Wham! start", "wham!"), ("does Dr. Plum sing", "dr."), ("is Wham! out", "wham!")],
)
def test_a_mark_in_a_name_ends_no_clause(text: str, kept: str, lexicon: Lexicon) -> None:
    assert len(split_clauses(text, lexicon)) == 2
    assert len(split_clauses(text, lexicon, {kept})) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("what's his band", "whats his band"),
        ("What’s his band", "what is his band"),
        ("kendall's band", "kendall band"),
        ("rock & roll", "rock and roll"),
        ("when's it out", "when is it out"),
        ("sooooo good", "soo good"),
        ("didn't", "did not"),
        ("didnt", "did not"),
        ("When? does! it; come: out", "when does it come out"),
        ("heffron-drive", "heffron drive"),
        ("24/7", "24 7"),
    ],
)
def test_ways_of_writing_the_same_are_the_same(one: str, other: str, lexicon: Lexicon) -> None:
    assert split_words(one, lexicon) == split_words(other, lexicon)


@given(st.text(max_size=300))
def test_words_are_plain_whatever_the_text(text: str) -> None:
    for clause in split_clauses(text, LEXICON):
        assert clause.words
        for word in clause.words:
            assert word
            assert word.isalnum()
            word.encode()  # no half of a surrogate pair gets by


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("kendal", "kendall"),
        ("kandall", "kendall"),
        ("kednall", "kendall"),
        ("heffrn", "heffron"),
        ("hefron", "heffron"),
        ("untouchble", "untouchable"),
        ("albumm", "album"),
        ("twitr", "twitter"),
    ],
)
def test_a_mistyped_word_is_near_the_right_one(wrong: str, right: str) -> None:
    others = [("heft", 9.0), ("untouched", 9.0), ("candle", 9.0), ("alarm", 9.0)]

    assert closest_word(wrong, [*others, (right, 1.0)]) == right
    assert deletion_variants(wrong) & deletion_variants(right)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("wrong", "right"),
        ("maslow", "pillow"),
        ("band", "bundle"),
        ("cat", "at"),
        ("toury", "trophy"),
    ],
)
def test_words_further_apart_are_not_taken_for_each_other(word: str, other: str) -> None:
    assert closest_word(word, [(other, 9.0)]) is None


def test_of_words_equally_near_one_with_the_same_first_letter_wins() -> None:
    assert closest_word("toury", [("youry", 9.0), ("tours", 1.0)]) == "tours"


def test_of_words_equally_near_the_weightier_wins() -> None:
    assert closest_word("sonng", [("songs", 5.0), ("song", 1.0)]) == "song"
    assert closest_word("bandx", [("bandy", 1.0), ("bands", 7.0)]) == "bands"


@pytest.mark.parametrize(
    ("wrong", "right"), [("jeffron", "heffron"), ("effron", "heffron"), ("hkendall", "kendall")]
)
def test_a_word_whose_first_letter_is_mistyped_is_found_by_that_mistake_alone(
    wrong: str, right: str
) -> None:
    assert deletion_variants(wrong) & deletion_variants(right)
    assert closest_word(wrong, [(right, 1.0)]) == right


@pytest.mark.parametrize(("wrong", "right"), [("jeffrn", "heffron"), ("bendal", "kendall")])
def test_beside_another_mistake_the_first_letter_must_be_right(wrong: str, right: str) -> None:
    assert closest_word(wrong, [(right, 9.0)]) is None
    assert closest_word(right[0] + wrong[1:], [(right, 9.0)]) == right


def test_a_rare_word_gives_way_only_to_one_that_begins_alike_and_is_used_often() -> None:
    assert is_probable_typo("tania", "tanya", MIN_CORRECTION_USES)
    assert not is_probable_typo("tania", "tanya", MIN_CORRECTION_USES - 1)
    assert not is_probable_typo("mania", "tania", MIN_CORRECTION_USES)
    assert not is_probable_typo("tania", "tonya", MIN_CORRECTION_USES)


def test_nothing_near_is_nothing() -> None:
    assert closest_word("kendall", []) is None
    assert closest_word("kendall", [("heffron", 9.0)]) is None


@given(WORDS, st.data())
def test_one_letter_left_out_always_finds_the_word(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    typed = word[:at] + word[at + 1 :]

    assert deletion_variants(typed) & deletion_variants(word)


@given(WORDS, st.data())
def test_two_letters_swapped_always_find_the_word(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    assert deletion_variants(typed) & deletion_variants(word)


@given(st.text(max_size=5000))
def test_the_deletions_of_any_text_are_few(text: str) -> None:
    assert len(deletion_variants(text)) <= 1 + 8 + 28
