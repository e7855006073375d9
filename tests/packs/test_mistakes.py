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
from bot.evaluation.slips import find_slips
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
15: entity 'Port Arden': 'id' is the text 'Port Arden'; write 'port-arden': a to z, 0 to 9, single hyphens
17: entity 'Port Arden': 'name' has an invisible character (U+00AD) after 'Port'; type the word anew
20: 'title': a text that begins with '*' means something else to YAML; put this text in quotation marks
21: release 'tidewater': 'artist' names 'mira-wale', and no entity has that id; did you mean 'mira-vale'?
23: release 'tidewater': 'date' is 'May 4', which is no date; write 2013-06-11, 2013-06 or 2013, as exactly as the source says
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


PLANTED_BY_FANS = """\
pack: mira-wale
title: “Mira Vale, 2020”
source:
  title: a talk with Mira Vale
  author = Jo Quill
  publishers: [The Lighthouse Review
  year: "2020"
  year_from: the masthead
  kind: interview
  rights: © 2020 Jo Quill: quoted briefly
  paragraphs: 3
// who is named
entities:
  - id: mira-vale
    kind: person
    name: Mira Vale
    aliases: [Vale, @mira]
    pronouns: she/her
  - {id: ona kind: persn, name: Ona}
  - id: Port Arden
    kind: place
    name: Port\u00ad Arden
    aliases: [“Arden”, the]
releases:
  - id: tidewater
    title: *Tidewater* (deluxe)
    artist: Mira Vale
    kind: album
\tdate: 31/12/2013
    date_note: ''
    status: announced
    paragraph: 2-3
    songs:
    - {id: low-water, title: Low Water, performers: [mira-vale]}
facts:
  - id: record
    subject: tidewater
    statement: A Record reached #1 in May.
    questions:
  - When is Tidewater out?
  - what day is it due
    paragraph: 9
    id: sister
    subjct: ona
    statement: >-
      Ona is Mira's sister
    and no friend of the piano.
    questions:
      - When is Tidewater out?
      * who is ona
      - 'what's her sister called'
    paragraph: 2
    related: [best-part]
  - id: piano
   subject: ona
    statement: Ona hates the piano."
    questions:
      - Does Ona like the piano?
        - who hates the piano
    paragraph: 2
    pronouns: [she]
  - id: tour
    subject: ona
<<<<<<< HEAD
    statement: Ona tours.
=======
    statement: Ona is on tour.
>>>>>>> mine
    questions: ["Who tours?, is ona on tour]
paragraph: 3
quotes:
  - id: best-part
    speaker: mira-vale
    words: Nobody sleeps
    context: #On the nights before the band leaves.
    themes: [#1 fan, touring; sleep]
    paragraph: 3
tests:
  - {question: when is Tidewater coming out, fact: rekord}
  - {question: Ona: who is she, fact: none}
"""

TOLD_TO_FANS = """\
1: the pack is called 'mira-wale', its file 'mira-vale'; rename one of them
2: 'title' stands in typographic quotation marks, which are a part of the text; use plain ones, or none
5: the colon behind 'author' is missing; write 'author: '
6: 'publishers': a bracket is opened and never closed; close it with ']'
7: 'year' is the text '2020', not a whole number; write digits, without quotes
10: 'rights': a colon with a space behind it ends this text for YAML; put this text in quotation marks
12: '//' begins no comment here; write '# ' instead of '//'
17: 'aliases': a text that begins with '@' means something else to YAML; put this text in quotation marks
18: entity 'mira-vale': 'pronouns' is the text 'she/her', not a list; write [he], [she] or [they]
19: the comma before 'kind:' is missing; write ', kind:'
19: entity 'ona': 'kind' is the text 'persn'; use one of 'person', 'band', 'show', 'outlet', 'award', 'place' or 'thing'
20: entity 'Port Arden': 'id' is the text 'Port Arden'; write 'port-arden': a to z, 0 to 9, single hyphens
22: entity 'Port Arden': 'name' has an invisible character (U+00AD) after 'Port'; type the word anew
23: entity 'Port Arden': an entry of 'aliases' stands in typographic quotation marks, which are a part of the text; use plain ones, or none
23: entity 'Port Arden': an entry of 'aliases' is 'the', an everyday word that many questions have; remove it, or write the name as people say it in full
26: 'title': a text that begins with '*' means something else to YAML; put this text in quotation marks
27: release 'tidewater': 'artist' says 'Mira Vale', which is a name and no id; write its id, 'mira-vale'
29: there is a tab; use spaces
29: release 'tidewater': 'date' is '31/12/2013', which is no date; write 2013-06-11, 2013-06 or 2013, as exactly as the source says
32: release 'tidewater': 'paragraph' is the text '2-3', not a whole number; write 'paragraphs: [2, 3]', each that bears it
38: fact 'record': 'statement' ends at 'A Record reached', for ' #' begins a comment; put the text in quotation marks, or the comment on a line of its own
40: this list stands less deep than the key that it belongs to; begin each of its lines with 6 spaces
42: fact 'record' cites paragraph 9, the source has 3; correct 'paragraph'
43: an entry begins here without its dash; write '- id:', two columns to the left
43: fact 'sister': 'subject' is missing; add it: the entity, release or song that it is about
44: fact 'sister': unknown key 'subjct'; did you mean 'subject'?
47: this line goes on with the text above it, and stands no deeper than its key; begin it with 6 spaces
49: fact 'sister': the question 'When is Tidewater out?' stands on line 40 too, of fact 'record'; keep it where it belongs
50: '*' begins no entry of a list; write '- ' instead of '* '
51: an apostrophe inside this text ends it for YAML; put this text in double quotation marks
53: fact 'sister': 'related' names 'best-part', which is a quote; name a fact
55: 3 spaces begin this line, which fits nothing above it; begin it with 4 spaces
56: fact 'piano': 'statement' has a quotation mark without its partner; put one at each end, or none
59: 8 spaces begin this line, which fits nothing above it; begin it with 6 spaces
61: fact 'piano': unknown key 'pronouns'; it belongs to an entity: move it there, or remove it
62: fact 'tour': 'paragraph' is missing; add it, or 'paragraphs: [4, 5]' where several bear it
64: Git could not merge two versions of the lines from here to '>>>>>>>'; keep one, and delete the lines with '<<<<<<<', '=======' and '>>>>>>>'
69: 'questions': the quotation mark before 'Who tours?' has no partner; put one at each end of the text, and a comma between entries
70: unknown key 'paragraph'; it belongs to a release, a fact or a quote: move it there, or remove it
74: quote 'best-part': 'words' are 2 words, at least 4; quote more, or write a fact
75: quote 'best-part': 'context' is empty, for '#' begins a comment; put the text in quotation marks
76: 'themes': a '#' behind a space begins a comment, and hides the bracket's end; put the text with the '#' in quotation marks
79: 'fact' names 'rekord', and no fact has that id; did you mean 'record'?
80: a colon with a space behind it ends this text for YAML; put this text in quotation marks
80: 'fact' names 'none', and no fact has that id; write null for a question without an answer
"""


def test_forty_more_mistakes_of_one_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mira-vale.yaml"
    path.write_text(PLANTED_BY_FANS, encoding="utf-8")

    found = told(path)

    assert found == TOLD_TO_FANS.splitlines()
    assert len(found) == 45


def test_a_file_of_windows_is_told_the_same(tmp_path: Path) -> None:
    path = tmp_path / "mira-vale.yaml"
    path.write_text(PLANTED_BY_FANS, encoding="utf-8", newline="\r\n")

    assert told(path) == TOLD_TO_FANS.splitlines()


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


ASKED = "    questions: [Who is Ona?]"
SAID = "    statement: Ona is Mira's sister and no friend of the piano."


@pytest.mark.parametrize(
    ("there", "written", "fault"),
    [
        # A text of another program.
        ("\nfacts:", "\n```\nfacts:", "44: a line with ``` means nothing in a pack; delete it"),
        (
            "    subject: ona",
            "    // Ona\n    subject: ona",
            "54: '//' begins no comment here; write '# ' instead of '//'",
        ),
        (
            "    subject: ona",
            '    "subject": "ona",',
            "54: a comma ends this line, as none does here; delete the comma",
        ),
        (
            SAID,
            f"<<<<<<< HEAD\n    statement: Ona.\n=======\n{SAID}\n>>>>>>> theirs",
            "55: Git could not merge two versions of the lines from here to '>>>>>>>'; keep one, and delete the lines with '<<<<<<<', '=======' and '>>>>>>>'",
        ),
        (
            ASKED,
            "    questions:\n      * Who is Ona?\n      - Who is she?",
            "57: '*' begins no entry of a list; write '- ' instead of '* '",
        ),
        (
            ASKED,
            "    questions:\n      • Who is Ona?\n      • Who is she?",
            "56: fact 'sister': 'questions' is the text '• Who is Ona? • Who is she?', not a list; begin each line with '- ' instead of '•'",
        ),
        (
            ASKED,
            "    questions:\n      1. Who is Ona?",
            "56: fact 'sister': 'questions' is the text '1. Who is Ona?', not a list; begin each line with '- ' instead of '1.'",
        ),
        (
            "    subject: ona",
            "    subject = ona",
            "54: the colon behind 'subject' is missing; write 'subject: '",
        ),
        (
            "    subject: ona",
            "    subject\uff1aona",
            "54: the colon behind 'subject' is missing; write 'subject: '",
        ),
        (
            "    subject: ona",
            "    subject ona",
            "54: the colon behind 'subject' is missing; write 'subject: '",
        ),
        # Brackets.
        (
            "[touring, sleep]",
            '["touring, sleep]',
            "66: 'themes': the quotation mark before 'touring' has no partner; put one at each end of the text, and a comma between entries",
        ),
        (
            "[touring, sleep]",
            "[#1 song, sleep]",
            "66: 'themes': a '#' behind a space begins a comment, and hides the bracket's end; put the text with the '#' in quotation marks",
        ),
        (
            "{id: ona, kind",
            "{id: ona kind",
            "19: the comma before 'kind:' is missing; write ', kind:'",
        ),
        (
            "{question: How old",
            "{question: Ona: how old",
            "71: a colon with a space behind it ends this text for YAML; put this text in quotation marks",
        ),
        (
            "[Vale, Mira]",
            "[Vale, @mira]",
            "18: 'aliases': a text that begins with '@' means something else to YAML; put this text in quotation marks",
        ),
        # Indents.
        (
            ASKED,
            "    questions:\n  - Who is Ona?\n  - Who is she?",
            "57: this list stands less deep than the key that it belongs to; begin each of its lines with 6 spaces",
        ),
        (
            ASKED,
            "    questions:\n- Who is Ona?\n- Who is she?",
            "57: this list stands less deep than the key that it belongs to; begin each of its lines with 6 spaces",
        ),
        (
            ASKED,
            "    questions:\n      - Who is Ona?\n        - Who is she?",
            "57: fact 'sister': an entry of 'questions' goes on with the line '- Who is she?', which is deeper; begin that line with as many spaces as the entry above it",
        ),
        (
            "    subject: ona",
            "subject: ona",
            "54: 0 spaces begin this line, and 4 those above and below it; begin it with 4 spaces",
        ),
        (
            "\nquotes:",
            "\n  quotes:",
            "61: 2 spaces begin this line, which fits nothing above it; begin it with 0 spaces",
        ),
        (
            "  - id: sister",
            "    id: sister",
            "53: an entry begins here without its dash; write '- id:', two columns to the left",
        ),
        (
            ASKED,
            "    questions:\n      - Who is Ona?\n    who is she",
            "58: this line goes on with the entry above it, and stands no deeper than its dash; begin it with '      - ' if it is an entry, or with 8 spaces",
        ),
        (
            SAID,
            "    statement: >-\n      Ona is Mira's sister\n    and no friend.",
            "57: this line goes on with the text above it, and stands no deeper than its key; begin it with 6 spaces",
        ),
        (
            SAID,
            "    statement: >-\n    Ona is Mira's sister.",
            "56: this line goes on with the text above it, and stands no deeper than its key; begin it with 6 spaces",
        ),
        (
            SAID,
            "    statement: >-\n        Ona is Mira's sister\n      and no friend.",
            "57: 6 spaces begin this line, and 8 the first line of the same text; begin it with 8 spaces",
        ),
        (
            SAID,
            "    statement: Ona is Mira's sister\n    and no friend.",
            "56: this line goes on with the text above it, and stands no deeper than its key; begin it with 6 spaces",
        ),
        ("    subject: ona", "\tsubject: ona", "54: there is a tab; use spaces"),
        (
            "    subject: ona",
            "*   subject: ona",
            "54: a * stands before 'subject:'; delete it",
        ),
        (
            "      - {id: low-water, title: Low Water, performers: [mira-vale]}",
            "      id: low-water\n        title: Low Water\n        performers: [mira-vale]",
            "42: an entry begins here without its dash; write '- id:'",
        ),
        (
            ASKED,
            "    questions:\n          - Who is Ona?\n      - Who is she?\n      - is she hers",
            "57: 10 spaces begin this line, and 6 the other entries of the list; begin it with 6 spaces",
        ),
        (
            "    related: [sister]",
            "related: [sister]",
            "52: 0 spaces begin this line, and 4 the keys above it; begin it with 4 spaces",
        ),
        (
            ASKED,
            "    questions: - Who is Ona?\n      - Who is she?",
            "56: a list begins on the line of 'questions:'; put '- Who is Ona?' on a line of its own below it",
        ),
        (
            SAID,
            "statement: >-\n      Ona is Mira's sister\n      and no friend.",
            "55: 0 spaces begin this line, and 4 those above and below it; begin it with 4 spaces",
        ),
        (
            SAID,
            "    statement: >- Ona\n      is Mira's sister.",
            "55: behind '>-' the text begins on the next line; write nothing more behind '>-'",
        ),
        # Entries.
        (
            "subject: ona",
            "subject: Ona",
            "54: fact 'sister': 'subject' says 'Ona', which is a name and no id; write its id, 'ona'",
        ),
        (
            "related: [sister]",
            "related: [best-part]",
            "52: fact 'record-date': 'related' names 'best-part', which is a quote; name a fact",
        ),
        (
            "fact: null",
            "fact: none",
            "71: 'fact' names 'none', and no fact has that id; write null for a question without an answer",
        ),
        (
            "paragraph: 3",
            "paragraph: 2-3",
            "67: quote 'best-part': 'paragraph' is the text '2-3', not a whole number; write 'paragraphs: [2, 3]', each that bears it",
        ),
        (
            "date: 2020-05-04",
            "date: 31/12/2013",
            "34: release 'tidewater': 'date' is '31/12/2013', which is no date; write 2013-06-11, 2013-06 or 2013, as exactly as the source says",
        ),
        (
            "    aliases: [Vale, Mira]",
            "    aliases: [Vale, Mira]\n    pronouns: she/her",
            "19: entity 'mira-vale': 'pronouns' is the text 'she/her', not a list; write [he], [she] or [they]",
        ),
        (
            "title: Tidewater",
            "title: #Tidewater",
            "31: release 'tidewater': 'title' is empty, for '#' begins a comment; put the text in quotation marks",
        ),
        (
            "    subject: ona",
            "    pronouns: [she]\n    subject: ona",
            "54: fact 'sister': unknown key 'pronouns'; it belongs to an entity: move it there, or remove it",
        ),
        (
            SAID,
            "    statement:\n      - Ona is Mira's sister.",
            "55: fact 'sister': 'statement' is a list, not text; write one text, without dashes and square brackets",
        ),
        (
            "no friend of the piano.",
            'no friend of the piano."',
            "55: fact 'sister': 'statement' has a quotation mark without its partner; put one at each end, or none",
        ),
        (
            "[touring, sleep]",
            "[touring; sleep]",
            "66: quote 'best-part': an entry of 'themes' has a ';' in it; put a comma between the entries of a list",
        ),
    ],
)
def test_a_mistake_is_told_once_and_hides_no_other(
    write: Write, there: str, written: str, fault: str
) -> None:
    path = write((there, written), ("kind: band", "kind: bnad"))
    with pytest.raises(PackError) as refused:
        load_pack(path)
    found = (*refused.value.faults, *find_slips([path], {}))
    lines = [str(each).removeprefix(f"{path}:") for each in found]

    other = "entity 'the-small-hours': 'kind' is the text 'bnad'"
    assert [line for line in lines if other not in line] == [fault]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04\x14\x00", "this is a document of Word or a packed folder, and no plain text"),
        (b"%PDF-1.4\n%\xe2", "this is a PDF, and no plain text"),
        (rb"{\rtf1\ansi pack: mira-vale}", "this is a document of a word processor (RTF), and no"),
        (b"\n<!DOCTYPE html>\n<p>pack: x</p>", "this is a web page (HTML), and no plain text"),
        ("pack: mira-vale".encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
        ("pack: mira-vale".encode("utf-16-le"), "the file is UTF-16; save it as UTF-8"),
        (
            b"Ona hates the piano.\n\nShe says: so.",
            "this is a text, and no pack; 'linernotes facts",
        ),
        (b"id,subject\nsister,ona\n", "this is a text, and no pack; 'linernotes facts new NAME"),
        (b"- pack: mira-vale\n", "the file has no 'key: value' line to begin with; start with"),
        (b"# to do\n", "the file is empty; start with 'pack:'"),
    ],
)
def test_a_file_that_is_no_pack_is_told_in_one_line(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    path = tmp_path / "mira-vale.yaml"
    path.write_bytes(content)

    with pytest.raises(PackError) as refused:
        load_pack(path)

    (line,) = map(str, refused.value.faults)
    assert line.startswith(f"{path}:1: {fault}")


@pytest.mark.parametrize(
    ("there", "written", "fault", "missing"),
    [
        (
            "    subject: ona\n    statement:",
            "    subject: ona statement:",
            "54: 'statement:' stands on the line of 'subject:'; begin a new line with 'statement:'",
            "53: fact 'sister': 'statement' is missing",
        ),
        (
            "source:\n  title: a talk with Mira Vale",
            "source: title: a talk with Mira Vale",
            "4: 'title:' stands on the line of 'source:'; begin a new line with 'title:'",
            "4: 'title' is missing",
        ),
        (
            f"{SAID}\n{ASKED}",
            "    statement: 'Ona is a sister.'\n      - Who is Ona?\n      - Who is she?",
            "56: a list begins here, and the line above is no key that it could belong to; write its key above it, such as 'questions:'",
            "53: fact 'sister': 'questions' is missing",
        ),
    ],
)
def test_a_line_that_was_lost_is_told_beside_the_key_that_it_had(
    write: Write, there: str, written: str, fault: str, missing: str
) -> None:
    path = write((there, written), ("kind: band", "kind: bnad"))

    with pytest.raises(PackError) as refused:
        load_pack(path)
    lines = [str(each).removeprefix(f"{path}:") for each in refused.value.faults]

    assert fault in lines
    assert sum(line.startswith((fault, missing)) or "bnad" in line for line in lines) == 3
    assert len(lines) == 3
