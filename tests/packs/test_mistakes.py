# ruff: noqa: E501  # a fault is one line here as it is to a person
"""Twenty mistakes that authors make, planted in one file and told all at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from bot.cli.facts import facts
from bot.errors import PackError
from bot.packs.loader import load_pack
from bot.packs.yaml_quoting import mend_slips

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., Path]

ROOT = Path(__file__).parents[2]

PLANTED = """\
pack: mira-wale
title: “Mira Vale, 2020”
source:
  title: a talk with Mira Vale
  author: Jo Quill
  publishers: [The Lighthouse Review]
  year: "2020"
  year_from: the masthead
  kind: interview
  rights: © 2020 Jo Quill: quoted briefly
  paragraphs: 3
entities:
  - {id: mira-vale, kind: person, name: Mira Vale, aliases: [Mira, the]}
  - {id: ona, kind: persn, name: Ona}
  - id: Port Arden
    kind: place
    name: Port\u00ad Arden
releases:
  - id: tidewater
    title: *Tidewater* (deluxe)
    artist: mira-wale
    kind: album
    date: May 4
    date_note: ''
    status: announced
    paragraph: 2
facts:
  - id: record
    subject: tidewater
    statement: A Record reached #1 in May.
    questions: [When is Tidewater out?]
    paragraph: 9
  - id: sister
    subjct: ona
    statement: Ona is Mira's sister: no friend of the piano.
    questions:
      - When is Tidewater out?
      - 'what's her sister called'
    paragraph: 2
quotes:
  - id: best-part
    speaker: mira-vale
    words: Nobody sleeps
    context: On the nights before the band leaves.
    themes: [touring]
    paragraph: 3
tests:
  - {question: when is Tidewater coming out, fact: rekord}
"""

TOLD = """\
1: the pack is called 'mira-wale', its file 'mira-vale'; rename one of them
2: 'title' stands in typographic quotation marks, which are a part of the text; use plain ones, or none
7: 'year' is the text '2020', not a whole number; write digits, without quotes
10: 'rights': a colon with a space behind it ends this text for YAML; put this text in quotation marks
13: entity 'mira-vale': an entry of 'aliases' is 'the', an everyday word that many questions have; remove it, or write the name as people say it in full
14: entity 'ona': 'kind' is the text 'persn'; use one of 'person', 'band', 'show', 'outlet', 'award', 'place' or 'thing'
15: entity 'Port Arden': 'id' is the text 'Port Arden'; write it in-kebab-case: a to z, 0 to 9, single hyphens
17: entity 'Port Arden': 'name' has an invisible character (U+00AD) after 'Port'; type the word anew
20: 'title': a text that begins with '*' means something else to YAML; put this text in quotation marks
21: release 'tidewater': 'artist' names 'mira-wale', and no entity has that id; did you mean 'mira-vale'?
23: release 'tidewater': 'date' is no date; write 2013-06-11, 2013-06 or 2013, as exactly as the source says
30: fact 'record': 'statement' ends at 'A Record reached', for ' #' begins a comment; put the text in quotation marks, or the comment on a line of its own
32: fact 'record' cites paragraph 9, the source has 3; correct 'paragraph'
33: fact 'sister': 'subject' is missing; add it: the entity, release or song that it is about
34: fact 'sister': unknown key 'subjct'; did you mean 'subject'?
35: 'statement': a colon with a space behind it ends this text for YAML; put this text in quotation marks
37: fact 'sister': the question 'When is Tidewater out?' stands on line 31 too, of fact 'record'; keep it where it belongs
38: an apostrophe inside this text ends it for YAML; put this text in double quotation marks
43: quote 'best-part': 'words' are 2 words, at least 4; quote more, or write a fact
48: 'fact' names 'rekord', and no fact has that id; did you mean 'record'?
"""


def told(path: Path) -> list[str]:
    result = CliRunner().invoke(facts, ["check", str(path)])
    return [
        line.removeprefix(f"{path}:")
        for line in result.output.splitlines()
        if line.startswith(str(path))
    ]


def test_twenty_mistakes_of_one_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mira-vale.yaml"
    path.write_text(PLANTED, encoding="utf-8")

    found = told(path)

    assert found == TOLD.splitlines()
    assert len(found) == 20


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("statement: Ona: a sister.", "a colon with a space behind it ends this text"),
        ("statement: *Ona* is a sister.", "a text that begins with '*' means something else"),
        ("statement: & Ona too.", "a text that begins with '&' means something else"),
        ("statement: @ona is hers.", "a text that begins with '@' means something else"),
        ("statement: '''Tis Ona' she said.", "an apostrophe inside this text ends it"),
        ('statement: "Ona" is a sister.', "a quotation mark inside this text ends it"),
        ("statement: 'Tis Ona.", "the quotation mark at the beginning of this text is never"),
    ],
)
def test_a_text_that_lacks_its_marks_is_told_and_hides_no_other_fault(
    write: Write, written: str, fault: str
) -> None:
    path = write(
        ("statement: Ona is Mira's sister and no friend of the piano.", written),
        ("kind: band", "kind: bnad"),
    )

    lines = told(path)

    assert [line.partition(":")[0] for line in lines] == ["21", "55"]
    assert fault in lines[1]
    assert "quotation marks" in lines[1]


@pytest.mark.parametrize(
    ("there", "written", "fault"),
    [
        (
            "    questions: [Who is Ona?]",
            "    questions:\n      - Who is Ona?\n      -Who is she?\n      - is she hers",
            "the space behind the dash is missing; write '- ' before the text",
        ),
        (
            "    questions: [Who is Ona?]",
            "    questions:\n      - Who is Ona?\n      who is she\n      - is she hers",
            "the dash before this entry of a list is missing; write '- ' before it",
        ),
        ("    subject: ona", "    subject:ona", "the space behind 'subject:' is missing"),
        ("    subject: ona", "  \u00a0 subject: ona", "a fixed space (U+00A0) begins this line"),
        (
            "[touring, sleep]",
            "[touring, sleep",
            "'themes': a bracket is opened and never closed; close it with ']'",
        ),
        (
            "[touring, sleep]",
            "[touring, her fan #1, sleep]",
            "'themes': a '#' behind a space begins a comment, and hides the bracket's end; put",
        ),
        (
            "{question: when is Tidewater coming out, fact: record-date}",
            "{question: is she no. #1, fact: record-date}",
            "a '#' behind a space begins a comment, and hides the bracket's end; put",
        ),
        ("    subject: ona", "     subject: ona", "5 spaces begin this line, which fits nothing"),
        ("    subject: ona", "  subject: ona", "it; begin it with 4 spaces"),
        (
            "    questions: [Who",
            "   questions: [Who",
            "3 spaces begin this line, which fits nothing",
        ),
        (
            "    questions: [Who is Ona?]",
            "    questions:\n      - Who is Ona?\n     - Who is she?\n      - is she hers",
            "5 spaces begin this line, which fits nothing above it; begin it with 6 spaces",
        ),
        (
            "    questions: [Who is Ona?]",
            "    questions:\n      - Who is Ona?\n    - is she hers",
            "4 spaces begin this line, which fits nothing above it; begin it with 6 spaces",
        ),
    ],
)
def test_a_slip_of_spaces_or_brackets_is_told_and_hides_no_other_fault(
    write: Write, there: str, written: str, fault: str
) -> None:
    path = write((there, written), ("kind: band", "kind: bnad"))

    with pytest.raises(PackError) as refused:
        load_pack(path)

    spaces, band = sorted(map(str, refused.value.faults), key=lambda each: "bnad" in each)
    assert fault in spaces
    assert "bnad" in band


@pytest.mark.parametrize(
    "written",
    [
        "statement: Ona is a sister.   # of Mira's",
        'statement: "Ona: a sister #1"',
        "statement: >-\n      Ona: a sister #1 of *hers*",
        "statement: 'Ona’s sister: it''s Mira' # so",
        "statement: Ona is no. 1#2 of them.",
    ],
)
def test_texts_with_their_marks_are_no_mistakes(write: Write, written: str) -> None:
    path = write(("statement: Ona is Mira's sister and no friend of the piano.", written))

    assert told(path) == []
    assert load_pack(path).facts[1].statement.startswith("Ona")


@pytest.mark.parametrize(
    ("width", "indent"),
    [
        (40, 4),
        (1000, 2),
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in [(40, 2), (80, 2), (80, 4), (1000, 4)]
        ),
    ],
)
def test_a_pack_without_slips_has_none(width: int, indent: int) -> None:
    for path in (*ROOT.glob("facts/*.yaml"), *ROOT.glob("tests/packs/*.yaml")):
        text = path.read_text(encoding="utf-8")
        values = yaml.load(text, yaml.CSafeLoader)
        dumped = yaml.dump(
            values, Dumper=yaml.CSafeDumper, width=width, indent=indent, allow_unicode=True
        )

        assert mend_slips(text) == (text, ())
        assert mend_slips(dumped) == (dumped, ())


def test_a_slip_that_was_served_before_is_no_reason_to_serve_nothing(write: Write) -> None:
    path = write(("no friend of the piano", "her fan #1"))

    assert load_pack(path).facts[1].statement == "Ona is Mira's sister and her fan"
    assert "ends at" in told(path)[0]


def test_an_entry_that_is_read_as_a_part_of_the_one_above_is_told(write: Write) -> None:
    there = "    questions: [Who is Ona?]"
    path = write((there, "    questions:\n      - Who is Ona?\n        -Who is she?"))

    (line,) = told(path)

    assert "an entry of 'questions' goes on with the line '-Who is she?'" in line
    assert line.endswith("write '- ' before that entry")


def test_marks_around_the_words_of_a_quote_are_told_once(write: Write) -> None:
    words = "Nobody sleeps … the best part of it"

    (line,) = told(write((f"words: {words}", f"words: “{words}”")))

    assert line.endswith("leave them out; they are added when shown")


def test_a_sidecar_is_looked_through_for_slips_too(write: Write) -> None:
    path = write()
    sidecar = path.with_name("mira-vale.questions.yaml")
    sidecar.write_text("questions:\n  sister:\n    - is she fan #1\n", encoding="utf-8")

    assert [line.partition("-vale.")[2] for line in told_of(sidecar, path)] == [
        "questions.yaml:3: an entry of 'questions' ends at 'is she fan', for ' #' begins a comment; put the text in quotation marks, or the comment on a line of its own"
    ]


def told_of(file: Path, pack: Path) -> list[str]:
    output = CliRunner().invoke(facts, ["check", str(pack)]).output
    return [line for line in output.splitlines() if line.startswith(str(file))]
