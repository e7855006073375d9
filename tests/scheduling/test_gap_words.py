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
        ("write to ann @ mail . example please", "write to … please"),
        ("foo punto com or foo point org / x please", "… or … please"),
        ("five hundred and fifty five is it", "… is it"),
        ("see foo . com or foo[.]com, foo (dot) example please", "see … or … please"),
        ("see foo .org/x and bar . me / y today", "see … and … today"),
        ("see https : // foo . bar / x now", "see … now"),
        ("see hxxps://foo[.]bar/x or www . foo . bar now", "see … or … now"),
        ("join discord gg abcXYZ today", "join … today"),
        ("join discordgg/abcXYZ or discord/gg/abc today", "join … or … today"),
        ("ask robin_the_fan or _ann_lee_ who sang", "ask … or … who sang"),
        ("my number is five hundred fifty five", "my number is …"),
        ("call fifty-five, twenty and three today", "call … today"),
        ("llama al cinco cinco cinco por favor", "llama al … por favor"),
        ("liga para nove oito sete meia dois", "liga para …"),
        ("ruf null eins sieben sechs an", "ruf … an"),
        ("appelle le zéro six douze trente-deux vite", "appelle le … vite"),
        ("I live at twelve elm street in Ohio", "I live at … in Ohio"),
        ("I live at twenty-two old mill road", "I live at …"),
        ("vivo en la calle mayor doce con ellos", "vivo en la … con ellos"),
        ("I am fourteen, who sings it?", "I am …, who sings it?"),
        ("im a twenty-one year old fan", "im a … year old fan"),
        ("ich bin vierzehn, wer singt?", "ich bin …, wer singt?"),
        ("tengo catorce años y canto", "tengo … años y canto"),
        ("my ig is anna.b, who sings?", "my ig is …, who sings?"),
        ("my tik tok name: annab, who sings?", "my tik tok name: …, who sings?"),
        ("my birthday is 3 may 2010, who else?", "my birthday is …, who else?"),
        ("two\x00 \u202elines\nof\x07 it\u2028all", "two lines of it all"),
    ],
)
def test_what_tells_of_somebody_is_left_out(typed: str, kept: str) -> None:
    assert anonymize(typed) == kept
    assert anonymize(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "Who sings oh oh oh on the one two punch?",
        "Did two of the three play in twenty songs?",
        "Is there one more way, or one last drive?",
        "Was it on the one road to the sea street?",
        "Is it true . com quem ele gravou?".replace(" . ", ". "),
        "They were late. me too, and it was fun. es verdad?",
        "Tem discord com fãs? Is there a discord?",
        "What does _really_ mean, and *this*?",
        "Is the point that they left at dawn?",
        "Which song is about a long and winding road?",
        "Did it rain once, or twice, or three times?",
        "Et toi, un jour, une nuit, deux amis?",
        "um um um, who was it again?",
        "Please could you point me to it, in one, two and three?",
        "¿Desde qué punto de vista se cuenta?",
        "What's her @? And the @ of the band?",
        "I am once again asking, I'm one of the fans",
        "tengo dos preguntas",
        "My favourite is the one about May.",
        "my insta friends sing",
    ],
)
def test_ordinary_words_stay(typed: str) -> None:
    assert anonymize(typed) == typed
    assert anonymize(typed, keeps_counts=True) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("It has 12 songs", "It has 12 songs"),
        ("It was 2013, not in 2012!", "It was 2013, not in 2012!"),
        ("It sold 1,200 copies (not 900).", "It sold 1,200 copies (not 900)."),
        ("It is the 3rd one, of the 1990s", "It is the 3rd one, of the 1990s"),
        ("It sold 40000 copies", "It sold … copies"),
        ("call 0151 234 5678 now", "call … now"),
        ("call 555-1234 or 5551234 now", "call … or … now"),
        ("I'm 14 and it has 11 songs", "I'm … and it has 11 songs"),
        ("They live at 12 Elm Street", "They live at …"),
        ("on 11/06/2013 it came out", "on … it came out"),
        ("call 5551 - 2345 now", "call … now"),
        ("call 151 and 2345 and 6789 now", "call … and … and … now"),
        ("call 0151 and 2345 now", "call … and … now"),
        ("It has 10 and 12 songs", "It has 10 and 12 songs"),
        (
            "It ran 2009 - 2013, or 2010 and 2012 and 2014",
            "It ran 2009 - 2013, or 2010 and 2012 and 2014",
        ),
        ("my birthday is 3 may 2010 and it has 11 songs", "my birthday is … and it has 11 songs"),
        ("I was born 12 March 2009 too", "I was born … too"),
        ("I was born on March 12th, 2009 too", "I was born on … too"),
        ("my pin 1234 and it has 11 songs", "my pin … and it has 11 songs"),
        ("my copy has 11 songs", "my copy has 11 songs"),
    ],
)
def test_a_count_in_a_correction_stays_and_a_long_number_does_not(typed: str, kept: str) -> None:
    assert anonymize(typed, keeps_counts=True) == kept


@pytest.mark.parametrize(
    "typed", ["", "   ", "???", "12345", "@ann", "https://a.example", "<@1> 7"]
)
def test_where_nothing_is_left_nothing_is_kept(typed: str) -> None:
    assert not anonymize(typed)


def test_a_name_in_the_notes_keeps_its_digits_but_never_a_bare_number() -> None:
    known = {"24/seven", "1989"}
    assert anonymize("Who made 24/Seven?", known) == "Who made 24/Seven?"
    assert anonymize("my song is 24/Seven", known) == "my song is 24/Seven"
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
