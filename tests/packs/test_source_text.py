from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.packs.audit import audit
from bot.packs.loader import load_pack
from bot.packs.prose import plain_text
from bot.packs.quote_advice import advise
from bot.packs.source_text import SourceText, has_unmarked_questions, split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

TRANSCRIPT = """\
Mira Vale met The Lighthouse Review in Port Arden.

REVIEW: Is the second record done?

VALE: Nobody sleeps before a tour, and that is the best part of it (laughs).
We called it "Tidewater".

It is due on May 4.

REVIEW: And who plays?
ONA: The Small Hours do.

VALE: They play, and I hum.

Mira Vale’s Harbour Sessions come later.
"""
NOBODY_SLEEPS = (
    '"Nobody sleeps before a tour, and that is the best part of it [laughs]. '
    "We called it 'Tidewater'.\""
)
WORDS = "words: Nobody sleeps … the best part of it"


def told(path: Path, source: str) -> list[str]:
    return [str(fault) for fault in audit(load_pack(path), source)]


def told_of_quotes(path: Path, source: str) -> list[str]:
    """The faults of quotes alone: the facts of the pack are not about the transcript."""
    return [line for line in told(path, source) if "quote '" in line]


def test_paragraphs_are_set_apart_by_blank_lines() -> None:
    assert split_paragraphs("\n one\ntwo \n \t\nthree\r\n\r\nfour\n\n\n") == (
        "one two",
        "three",
        "four",
    )


@pytest.mark.parametrize(
    "gap",
    ["\r\n\r\n", "\r\r", "\n\u00a0\n", "\n\u200b\n", "\u2028\u2028", "\u2029", "\n\ufeff \r\n"],
)
def test_a_line_is_blank_that_looks_blank(gap: str) -> None:
    assert split_paragraphs(f"one{gap}two") == ("one", "two")


def test_a_pasted_line_break_ends_no_paragraph() -> None:
    assert split_paragraphs("one\u2028two\rthree\r\nfour") == ("one two three four",)


@pytest.mark.parametrize(
    ("pasted", "seen"),
    [
        pytest.param("re\u00adcord", "record", id="soft hyphen"),
        pytest.param("the\u00a0best\u202fpart\u2009of", "the best part of", id="fixed spaces"),
        pytest.param("\u201cno\u201d \u00abno\u00bb \u201eno\u201c", '"no" "no" "no"', id="double"),
        pytest.param("don\u2019t don\u02bct don\u00b4t", "don't don't don't", id="apostrophes"),
        pytest.param("\ufb01nal \ufb02at o\ufb03ce o\ufb00", "final flat office off", id="joined"),
        pytest.param("\ufeffone\u200b two\u2060", "one two", id="invisible"),
        pytest.param("twenty\u2011one", "twenty-one", id="hyphens"),
        pytest.param("Ze\u0301", "Z\u00e9", id="accent of its own"),
        pytest.param("so... so . . . so\u2026", "so… so … so…", id="dots"),
        pytest.param("\u200fMira\u200e", "Mira", id="marks of direction"),
    ],
)
def test_a_text_is_read_as_it_looks(pasted: str, seen: str) -> None:
    assert plain_text(pasted) == seen


@pytest.mark.parametrize(
    ("written", "pasted"),
    [("sleeps", "sle\u00adeps"), ("best part", "best\u00a0part"), ("of it", "o\u200bf it")],
)
def test_a_quote_stands_word_for_word_where_it_looks_so(
    write: Write, source: str, written: str, pasted: str
) -> None:
    assert told(write(), source.replace(written, pasted)) == []


def test_no_invisible_character_hides_borrowed_words(write: Write) -> None:
    source = "one two three fo\u00adur five six\u00a0seven eight nine\n\nEnd.\n\nEnd."
    path = write(("statement: Ona is", "statement: one two three four five six seven eight is"))

    assert any(
        "fact 'sister': statement: 8 words or more in a row" in t for t in told(path, source)
    )


def test_a_transcript_has_a_paragraph_to_each_turn() -> None:
    text = SourceText.read(TRANSCRIPT)

    assert list(zip(text.speakers, text.paragraphs, strict=True)) == [
        ("", "Mira Vale met The Lighthouse Review in Port Arden."),
        ("REVIEW", '"Is the second record done?"'),
        (
            "VALE",
            NOBODY_SLEEPS,
        ),
        ("VALE", '"It is due on May 4."'),
        ("REVIEW", '"And who plays?"'),
        ("ONA", '"The Small Hours do."'),
        ("VALE", '"They play, and I hum."'),
        ("", "Mira Vale's Harbour Sessions come later."),
    ]


@pytest.mark.parametrize(
    ("question", "answer", "labels"),
    [
        ("Q: Why? ", "A: Because.", ("Q", "A")),
        ("Q. Why? ", "A. Because.", ("Q", "A")),
        ("**Review:** Why?", "**Mira Vale:** Because.", ("Review", "Mira Vale")),
        ("**Review**: Why?", "**Mira Vale**: Because.", ("Review", "Mira Vale")),
        ("[00:12] Jo Quill: Why?", "Mira (1:02:03): Because.", ("Jo Quill", "Mira")),
        ("REVIEW :\u00a0Why?", "MIRA:\nBecause.", ("REVIEW", "MIRA")),
    ],
)
def test_labels_are_known_in_their_usual_forms(
    question: str, answer: str, labels: tuple[str, str]
) -> None:
    text = SourceText.read(f"{question}\n\n{answer}\n\n" * 2)

    assert text.speakers == labels * 2
    assert text.paragraphs == ('"Why?"', '"Because."') * 2


def test_bold_questions_make_a_transcript_without_labels() -> None:
    text = SourceText.read(
        "The band is back.\n\n**Why now?**\n\nBecause we *missed* it.\n\nAnd each other.\n\n"
        "__And then?__\n\nWe shall see.\n\n(This talk was shortened.)\n"
    )

    assert text.paragraphs == (
        "The band is back.",
        '"Why now?"',
        '"Because we missed it."',
        '"And each other."',
        '"And then?"',
        '"We shall see."',
        "(This talk was shortened.)",
    )
    assert text.speakers == ("", "?", "", "", "?", "", "")


def test_speech_in_single_marks_is_speech() -> None:
    british = (
        "\u2018I can\u2019t say \u201cno\u201d to the boys\u2019 mother,\u2019 she said.\n\n"
        "They play \u2018Low Water\u2019 twice. \u2018Why not?\u2019"
    )

    assert split_paragraphs(british) == (
        "\"I can't say 'no' to the boys' mother,\" she said.",
        "They play 'Low Water' twice. \"Why not?\"",
    )


def test_single_marks_within_double_ones_stay_single() -> None:
    text = "\u201cThey play \u2018Low Water,\u2019 and I hum,\u201d she said."

    assert split_paragraphs(text) == ("\"They play 'Low Water,' and I hum,\" she said.",)


def test_a_heading_in_markdown_is_read_without_its_marks() -> None:
    assert split_paragraphs("## Five *minutes*\n\nTrack #1 is #2.") == (
        "Five minutes",
        "Track #1 is #2.",
    )


def test_questions_that_lost_their_bold_type_are_recognised() -> None:
    plain = "Mira is back.\n\n" + "Why now?\n\nBecause we missed it.\n\n" * 4

    assert has_unmarked_questions(SourceText.read(plain))
    assert not has_unmarked_questions(SourceText.read(plain.replace("Why now?", "**Why now?**")))
    assert not has_unmarked_questions(SourceText.read(plain.replace("Why now?", "Q: Why now?")))
    assert not has_unmarked_questions(SourceText.read(plain.replace("Why now?", "They left.")))


@pytest.mark.parametrize(
    "text",
    [
        "Note: it rained.\n\nNote: it rained again.\n\nVerdict: go.",
        "Side A: one.\nSide B: two.\nSide C: three.\nSide D: four.",
        "so: no.\n\nso: no.\n\nso: no.\n\nso: no.",
        "See https://one.example\n\nSee https://one.example\n\nAt 10:30 we left.",
    ],
)
def test_a_few_colons_make_no_transcript(text: str) -> None:
    assert set(SourceText.read(text).speakers) == {""}
    assert '"' not in " ".join(split_paragraphs(text))


def test_an_answer_may_begin_like_a_label() -> None:
    text = SourceText.read("Jo: Why?\nMira: Because.\n" * 2 + "Well: not quite.\nJo: Thanks.")

    assert text.speakers == ("Jo", "Mira", "Jo", "Mira", "Jo")


def test_a_transcript_can_be_quoted_from(write: Write) -> None:
    pack = write(("  paragraphs: 3", "  paragraphs: 8"), (WORDS + "\n", WORDS + "\n"))

    assert told_of_quotes(pack, TRANSCRIPT) == []
    assert advise(load_pack(pack), TRANSCRIPT) == ()


def test_words_before_and_after_a_transcript_are_the_editors(write: Write) -> None:
    path = write(
        ("  paragraphs: 3", "  paragraphs: 8"),
        (WORDS, "words: Harbour Sessions come later"),
        ("touring, sleep]\n    paragraph: 3", "touring, sleep]\n    paragraph: 8"),
    )

    assert any("outside quotation marks" in line for line in told(path, TRANSCRIPT))


@pytest.mark.parametrize("label", ["VALE", "MIRA VALE", "Mira", "MV"])
def test_a_turn_belongs_to_its_speaker(write: Write, label: str) -> None:
    transcript = TRANSCRIPT.replace("VALE:", f"{label}:")
    path = write(
        ("  paragraphs: 3", "  paragraphs: 8"),
        ("speaker: mira-vale", "speaker: ona"),
    )

    assert told_of_quotes(path, transcript) == [
        "quote 'best-part': paragraph 3 is spoken by 'mira-vale', not by 'ona'; correct 'speaker'"
    ]


def test_a_label_that_may_mean_two_people_is_held_against_nobody(write: Write) -> None:
    path = write(
        ("  paragraphs: 3", "  paragraphs: 8"),
        ("speaker: mira-vale", "speaker: ona"),
        ("name: Ona}", "name: Ona Vale}"),
        ("aliases: [Vale, Mira]", "aliases: [Mira]"),
        ("not_names: [May", "not_names: [Ona, May"),
    )

    assert told_of_quotes(path, TRANSCRIPT) == []
