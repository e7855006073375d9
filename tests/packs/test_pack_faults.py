# ruff: noqa: E501  # a fault is one line here as it is to a person
from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import PackError
from bot.packs.loader import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


def faults_of(path: Path) -> list[str]:
    """The faults as a person reads them, without the folder."""
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault).removeprefix(f"{path.parent}/") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "kind: person\n    name: Mira",
            "knd: person\n    kind: person\n    name: Mira",
            "16: entity 'mira-vale': unknown key 'knd'; did you mean 'kind'?",
        ),
        (
            "tracks: 9,",
            "tracks: 9, colour: red,",
            "40: release 'tidewater': edition 'regular': unknown key 'colour'; remove it; known here: name, tracks, note",
        ),
        (
            "    subject: ona\n",
            "    subject: ona\n    subject: ona\n",
            "55: the key 'subject' stands twice, first on line 54; remove one",
        ),
        (
            "- {id: ona,",
            "- {id: tidewater,",
            "30: the id 'tidewater' stands twice, first on line 19 (entities, releases and songs share their ids); rename one",
        ),
        (
            "id: sister",
            "id: record-date",
            "53: the id 'record-date' stands twice, first on line 45 (facts need ids of their own); rename one",
        ),
        (
            "id: ona, kind",
            "id: Ona Vale, kind",
            "19: entity 'Ona Vale': 'id' is the text 'Ona Vale'; write 'ona-vale': a to z, 0 to 9, single hyphens",
        ),
        (
            "pack: mira-vale",
            "pack: mira-veil",
            "1: the pack is called 'mira-veil', its file 'mira-vale'; rename one of them",
        ),
        (
            "subject: tidewater",
            "subject: tidewaters",
            "46: fact 'record-date': 'subject' names 'tidewaters', and no entity, release or song has that id; did you mean 'tidewater'?",
        ),
        (
            "about: [mira-vale]",
            "about: [mira-vale, zed]",
            "47: fact 'record-date': 'about' names 'zed', and no entity, release or song has that id; add it, or remove this",
        ),
        (
            "quotes: [best-part]",
            "quotes: [best]",
            "57: fact 'sister': 'quotes' names 'best', and no quote has that id; did you mean 'best-part'?",
        ),
        (
            "related: [sister]",
            "related: [record-date]",
            "52: fact 'record-date' is related to itself; remove it",
        ),
        (
            "speaker: mira-vale",
            "speaker: the-small-hours",
            "63: quote 'best-part': 'speaker' names 'the-small-hours', which is a band; name a person",
        ),
        (
            "artist: mira-vale",
            "artist: mira",
            "32: release 'tidewater': 'artist' says 'mira', which is a name and no id; write its id, 'mira-vale'",
        ),
        (
            "performers: [mira-vale]",
            "performers: [tidewater]",
            "42: song 'low-water': 'performers' names 'tidewater', which is an album; name an entity",
        ),
        (
            "fact: record-date}",
            "fact: record-dates}",
            "70: 'fact' names 'record-dates', and no fact has that id; did you mean 'record-date'?",
        ),
        (
            "themes: [touring, sleep]\n    paragraph: 3",
            "themes: [touring, sleep]\n    paragraph: 19",
            "67: quote 'best-part' cites paragraph 19, the source has 3; correct 'paragraph'",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraph: [1, 2]\n    as_of: 2020\n    related",
            "50: fact 'record-date': 'paragraph' is a list; write 'paragraphs:' for several",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraph: 0\n    as_of: 2020\n    related",
            "50: fact 'record-date': 'paragraph' is 0; give at least 1",
        ),
        (
            "words: Nobody sleeps … the best part of it",
            f"words: {'very ' * 17}",
            "64: quote 'best-part': 'words' are 17 words, at most 16; cut them, with … inside",
        ),
        (
            "words: Nobody sleeps … the best part of it",
            "words: Nobody … sleeps … ever",
            "64: quote 'best-part': 'words' are 3 words, at least 4; quote more, or write a fact",
        ),
        (
            "words: Nobody sleeps … the",
            "words: Nobody [ever] sleeps … the",
            "64: quote 'best-part': 'words' holds the editor's brackets; write … where they stood",
        ),
        (
            "words: Nobody sleeps … the",
            "words: Nobody sleeps ... the",
            "64: quote 'best-part': 'words' cuts with three dots; write …",
        ),
        (
            "words: Nobody sleeps … the best part of it",
            "words: '\"Nobody sleeps\" … the best part of it'",
            "64: quote 'best-part': 'words' holds double quotation marks; leave them out; they are added when shown",
        ),
        (
            "statement: Ona is Mira's sister and no friend of the piano.",
            "statement: ' '",
            "55: fact 'sister': 'statement' is empty; say something",
        ),
        (
            "statement: Ona is Mira's sister and no friend of the piano.",
            f"statement: {'x' * 351}",
            "55: fact 'sister': 'statement' has 351 characters, at most 350; shorten it",
        ),
        (
            "statement: Ona is Mira's sister and no friend of the piano.",
            "statement: |-\n      two\n      lines",
            "55: fact 'sister': 'statement' runs over several lines; write it as one ('>-' folds lines into one)",
        ),
        (
            "context: On the",
            f"context: {'x' * 160} On the",
            "65: quote 'best-part': 'context' has 198 characters, at most 160; shorten it",
        ),
        (
            "questions: [Who is Ona?]",
            "questions: []",
            "56: fact 'sister': 'questions' is an empty list; give it at least one entry",
        ),
        (
            "    questions: [Who is Ona?]\n",
            "",
            "53: fact 'sister': 'questions' is missing; add it: how people ask for it; the first is shown to them",
        ),
        (
            "questions: [Who is Ona?]",
            f"questions: [{'x' * 301}]",
            "56: fact 'sister': an entry of 'questions' has 301 characters, at most 300; shorten it",
        ),
        (
            "questions: [Who is Ona?]",
            "questions: [when is TIDEWATER  out]",
            "56: fact 'sister': the question 'when is TIDEWATER  out' stands on line 49 too, of fact 'record-date'; keep it where it belongs",
        ),
        (
            "themes: [touring, sleep]\n    paragraph: 3",
            "themes: [touring, sleep]\n    paragraphs: [2,\n      19]",
            "68: quote 'best-part' cites paragraph 19, the source has 3; correct 'paragraphs'",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraph: 2\n    paragraphs: [1, 2]\n    as_of: 2020\n    related",
            "51: fact 'record-date': both 'paragraph' and 'paragraphs' are given; keep one of them",
        ),
        (
            "    paragraph: 2\n    as_of: 2020\n    related",
            "    as_of: 2020\n    related",
            "45: fact 'record-date': 'paragraph' is missing; add it, or 'paragraphs: [4, 5]' where several bear it",
        ),
        (
            "as_of: 2020\n    paragraph: 2",
            "as_of: 2020\n    paragraphs: [3, 1, 3]",
            "38: release 'tidewater': 'paragraphs' are not in order, each once; write [1, 3]",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraphs: []\n    as_of: 2020\n    related",
            "50: fact 'record-date': 'paragraphs' is an empty list; give it at least one entry",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraphs: 2\n    as_of: 2020\n    related",
            "50: fact 'record-date': 'paragraphs' is 2, not a list; write [2], or lines with '- '",
        ),
        (
            "    as_of: 2020\n    related",
            "    unanswered:\n    as_of: 2020\n    related",
            "51: fact 'record-date': 'unanswered' is empty, not a list; write lines with '- ' below it, or remove the key",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraph: 2\n    quotes:\n    as_of: 2020\n    related",
            "51: fact 'record-date': 'quotes' is empty, not a list; write lines with '- ' below it, or remove the key",
        ),
        (
            "paragraph: 2\n    as_of: 2020\n    related",
            "paragraph:\n    as_of: 2020\n    related",
            "50: fact 'record-date': 'paragraph' is empty, not a whole number; write digits, without quotes",
        ),
        (
            "    themes: [touring, sleep]\n",
            "    themes: [touring, sleep]\n    daily: no\n",
            "67: quote 'best-part': 'daily' is the text 'no'; write true or false, without quotes",
        ),
        (
            "questions: [Who is Ona?]",
            "questions: ['???']",
            "56: fact 'sister': a question has no words; ask something",
        ),
        (
            "date: 2020-05-04",
            "date: 2020-02-30",
            "34: release 'tidewater': 'date' 2020-02-30 is not in the calendar; write 2013-06-11, 2013-06 or 2013, as exactly as the source says",
        ),
        (
            "date: 2020-05-04",
            "date: May 4",
            "34: release 'tidewater': 'date' is 'May 4', which is no date; write 2013-06-11, 2013-06 or 2013, as exactly as the source says",
        ),
        (
            "  year_from: the masthead\n",
            "",
            "8: a year is given, and 'year_from' is empty; add it: how the year is known, as a phrase",
        ),
        (
            "    date_note: the year is the masthead's\n",
            "",
            "30: release 'tidewater': 'date_note' is missing; add it: what of the date the source does not say itself; '' if it says all",
        ),
        (
            "as_of: 2020\n    related",
            "as_of: '2020'\n    related",
            "51: fact 'record-date': 'as_of' is the text '2020', not a whole number; write digits, without quotes",
        ),
        (
            "as_of: 2020\n    related",
            f"as_of: {'9' * 5000}\n    related",
            "51: fact 'record-date': 'as_of' is too large; write fewer digits",
        ),
        (
            "tracks: 9",
            "tracks: .nan",
            "40: release 'tidewater': edition 'regular': 'tracks' is the text '.nan', not a whole number; write digits, without quotes",
        ),
        (
            "title: Low Water",
            "title: 1989",
            "42: release 'tidewater': song 'low-water': 'title' is 1989, not text; put it in quotation marks",
        ),
        (
            "aliases: [Small Hours]",
            "aliases: Small Hours",
            "23: entity 'the-small-hours': 'aliases' is the text 'Small Hours', not a list; write [Small Hours], or lines with '- '",
        ),
        (
            "    related: [sister]\n",
            "    withdrawn:\n",
            "52: fact 'record-date': 'withdrawn' is empty; say why it is withdrawn, or remove the key",
        ),
        (
            "    related: [sister]\n",
            "    withdrawn: true\n",
            "52: fact 'record-date': 'withdrawn' is 'true', which is no reason; say why it is withdrawn, or remove the key",
        ),
        (
            "    related: [sister]\n",
            "    withdrawn: No\n",
            "52: fact 'record-date': 'withdrawn' is 'no', which is no reason; say why it is withdrawn, or remove the key",
        ),
        (
            "name: Mira Vale",
            'name: "Mira \\u202eVale"',
            "17: entity 'mira-vale': 'name' holds a mark that turns the direction of text; remove it",
        ),
        (
            "kind: band",
            "kind: bnad",
            "21: entity 'the-small-hours': 'kind' is the text 'bnad'; use one of 'person', 'band', 'show', 'outlet', 'award', 'place' or 'thing'",
        ),
    ],
)
def test_a_fault_is_told_with_its_line_and_remedy(
    write: Write, old: str, new: str, fault: str
) -> None:
    assert f"mira-vale.yaml:{fault}" in faults_of(write((old, new)))


def test_all_faults_are_told_at_once_in_the_order_of_their_lines(write: Write) -> None:
    faults = faults_of(
        write(
            ("kind: band", "kind: bnad"),
            ("related: [sister]", "related: [brother]"),
            ("as_of: 2020\n    paragraph: 2", "as_of: 2020\n    paragraph: 20"),
            ("- {question: How old is Ona?, fact: null}", "- How old is Ona?"),
        )
    )

    lines = [int(fault.split(":")[1]) for fault in faults]
    assert lines == [21, 38, 52, 71]


def test_one_misspelt_key_brings_no_complaint_about_its_list(write: Write) -> None:
    faults = faults_of(write(("    subject: ona\n", "    subjct: ona\n")))

    assert [re.sub(r".*: (unknown key .*|'subject' .*)", r"\1", fault) for fault in faults] == [
        "'subject' is missing; add it: the entity, release or song that it is about",
        "unknown key 'subjct'; did you mean 'subject'?",
    ]
