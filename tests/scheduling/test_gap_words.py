"""Nothing is kept that looks like an address, a number, a mention or a link."""

from __future__ import annotations

import unicodedata

import pytest

from bot.scheduling.gap_words import MAX_WORDS, anonymize, fold_words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Who mixed the album?", "Who mixed the album?"),
        ("¿Quién grabó el disco?", "¿Quién grabó el disco?"),
        (
            "How was the U.S. tour, e.g. Ohio?",
            "How was the U.S. tour, e.g. Ohio?",
        ),
        ("What happened in 2013?", "What happened in …?"),
        ("call me at 0151 234-5678 please", "call me at … please"),
        ("call +49 (0)151/2345 now", "call … now"),
        ("\uff15\uff11\uff12\uff13 is my number", "… is my number"),
        ("1\u200b2\u200b3 hidden digits", "… hidden digits"),
        ("five five five one two three is it", "… is it"),
        ("write to ann.lee+x@mail.example, please", "write to … please"),
        ("write to ann (at) mail (dot) example please", "write to … please"),
        ("write ann at mail dot com please", "write … please"),
        ("who is <@123456789012345678>, or @ann?", "who is …, or …"),
        ("see <#42>, <@&7>, <:hi:9>, </ask:3> and <t:1:R> there", "see … and … there"),
        ("ask ann#1234 about #general", "ask … about …"),
        ("@everyone look at this", "… look at this"),
        ("see https://example.com/a?b=c now", "see … now"),
        ("see [this](http://evil.example) now", "see … now"),
        ("see www.example.com, t.me/x or example.co.uk/y", "see … or …"),
        ("join discord.gg/abc or discord . gg / abc today", "join … or … today"),
        ("mailto:ann tel:ann a word", "… a word"),
        ("Do they live at 12 Main Street or in Hauptstraße 7?", "Do they live at … or in …?"),
        ("Do they live in Calle Mayor 12?", "Do they live in …?"),
        ("two\x00 \u202elines\nof\x07 it\u2028all", "two lines of it all"),
    ],
)
def test_what_tells_of_somebody_is_left_out(typed: str, kept: str) -> None:
    assert anonymize(typed) == kept
    assert anonymize(kept) == kept


@pytest.mark.parametrize(
    "typed", ["", "   ", "???", "12345", "@ann", "https://a.example", "<@1> 7"]
)
def test_where_nothing_is_left_nothing_is_kept(typed: str) -> None:
    assert not anonymize(typed)


def test_a_name_in_the_notes_keeps_its_digits_but_never_a_bare_number() -> None:
    known = {"24/seven", "1989"}
    assert anonymize("Who made 24/Seven?", known) == "Who made 24/Seven?"
    assert anonymize("Who made 1989, or 24?", known) == "Who made …, or …?"


def test_heaps_of_accents_are_taken_down_and_words_keep_theirs() -> None:
    scrawl = "".join(f"{letter}{chr(0x300) * 50}" for letter in "zalgo")
    kept = anonymize(f"{scrawl} sings in Việt Nam and हिन्दी")
    assert len([each for each in kept if unicodedata.combining(each)]) < 20
    assert "Việt Nam and हिन्दी" in kept


@pytest.mark.parametrize(
    "typed",
    ["word " * 800, "x" * 4_000, "a@b.c " * 600, "a." * 2_000, "\ufdfa" * 4_000, "<@" * 2_000],
)
def test_four_thousand_characters_become_at_most_three_hundred(typed: str) -> None:
    assert len(anonymize(typed)) <= MAX_WORDS


def test_an_address_at_the_cut_does_not_remain_in_half() -> None:
    for filling in range(560, 620):
        assert "ann" not in anonymize(f"{'w ' * (filling // 2)}{'w' * (filling % 2)} ann.lee@x.org")


def test_like_words_are_counted_as_one() -> None:
    assert fold_words("Who MIXED it?!") == fold_words("who mixed it")
    assert fold_words("who mixed it") != fold_words("who mixed them")
