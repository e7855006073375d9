from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from tests.cli.conftest import Run

EXAMPLE = Path("tests/packs/lantern-weir.yaml").resolve()

PACK = """\
pack: owls
title: Owls, 1999
source:
  title: a talk with the Night Owls
  author: Ada Example
  publishers: [Paper]
  year: 1999
  year_from: its masthead
  kind: interview
  rights: © 1999 Ada Example
  paragraphs: 3
entities:
  - {id: night-owls, kind: band, name: The Night Owls}
  - {id: paper, kind: outlet, name: Paper}
facts:
  - id: barn
    subject: night-owls
    statement: They recorded it in a barn.
    questions: [Where did the Night Owls record?]
    paragraph: 1
    as_of: 1999
  - id: drummer
    subject: night-owls
    statement: Mika plays the drums.
    questions: [Who beats the drums?, Who hits the drums?, Who drums?, How old is the drummer?]
    paragraph: 1
    as_of: 1999
tests:
  - {question: Where did the Night Owls record?, fact: barn}
  - {question: What is the price of a ticket?, fact: null}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    text = PACK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "owls.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pack_whose_tests_hold_passes_its_check(run_facts: Run, tmp_path: Path) -> None:
    result = run_facts("check", written(tmp_path))

    assert (result.exit_code, result.output.count("\n")) == (0, 1)


def test_a_test_that_fails_is_a_fault_with_its_line(run_facts: Run, tmp_path: Path) -> None:
    path = written(
        tmp_path, ("record?, fact: barn", "record?, fact: drummer"), ("ticket?", "barn?"),
        ("What is the price of a", "Where did the Night Owls record in a"),
    )  # fmt: skip

    result = run_facts("check", path)

    assert result.exit_code == 1
    assert [line.split("; ")[0] for line in result.output.splitlines()[:2]] == [
        (
            f"{path}:29: the test 'Where did the Night Owls record?' wants 'drummer'"
            " and is answered with 'barn'"
        ),
        (
            f"{path}:30: the test 'Where did the Night Owls record in a barn?' wants nothing"
            " and is answered with 'barn'"
        ),
    ]


def test_a_test_that_fails_names_its_cure(run_facts: Run, tmp_path: Path) -> None:
    path = written(tmp_path, ("record?, fact: barn", "record?, fact: drummer"))

    (told, _) = run_facts("check", path).output.splitlines()

    assert told.endswith(
        "; no sample question of 'drummer' has 'record', 'the night owls': write one that has"
    )


def test_a_test_that_wants_nothing_names_the_question_that_it_is_like(
    run_facts: Run, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        ("What is the price of a ticket?", "Where did the Night Owls record?"),
        (
            "{question: Where did the Night Owls record?, fact: barn}",
            "{question: Who drums?, fact: drummer}",
        ),
    )

    lines = run_facts("check", path).output.splitlines()

    assert lines[0].endswith(
        "; reword 'Where did the Night Owls record?', which is like it, or correct the test"
    )


def test_an_attribute_that_nobody_knows_is_a_fault(run_facts: Run, tmp_path: Path) -> None:
    path = written(
        tmp_path, ("    as_of: 1999\n  - id", "    as_of: 1999\n    covers: [aged]\n  - id")
    )

    result = run_facts("check", path)

    assert result.exit_code == 1
    assert result.output.startswith(
        f"{path}:22: fact 'barn': the lexicon has no attribute 'aged' to cover; did you mean 'age'?"
    )


def test_advice_names_line_fault_and_remedy(run_facts: Run, tmp_path: Path) -> None:
    path = written(tmp_path)

    result = run_facts("lint", path)

    assert result.exit_code == 0
    assert [line.removeprefix(f"{path}:") for line in result.output.splitlines()] == [
        (
            "13: entity 'night-owls' goes by its full name only;"
            " add aliases, or what it is called without its name (described_as)"
        ),
        (
            "19: fact 'barn' has 1 sample question; write at least 8, better thirty; nobody asks"
            " yet in a few keywords; long, with a story around it; in slang; as somebody who is"
            " learning English; without any of the answer's words"
        ),
        (
            "25: fact 'drummer' has 4 sample questions; write at least 8, better thirty; nobody"
            " asks yet in a few keywords; long, with a story around it; in slang; as somebody who"
            " is learning English"
        ),
        "owls: 4 of 4 sample questions (100 %) would find their fact if they were not listed.",
        (
            "More ways of asking will help, up to 85 % and 8 a fact: linernotes facts questionnaire"
            " asks for them."
        ),
    ]


def test_the_facts_that_fewest_questions_find_are_named(run_facts: Run, tmp_path: Path) -> None:
    sticks = (
        "  - id: sticks\n    subject: night-owls\n    statement: They break sticks.\n"
        "    questions: [Who beats them?, how loud are the lads]\n    paragraph: 1\ntests:"
    )

    told = run_facts("lint", written(tmp_path, ("tests:", sticks))).output.splitlines()[-1]

    assert told == "They help most where fewest find their fact: sticks (0 of 2)."


def test_many_facts_of_few_questions_are_told_in_one_line(run_facts: Run, tmp_path: Path) -> None:
    more = "".join(
        f"  - id: extra-{n}\n    subject: night-owls\n    statement: The Night Owls did {n}.\n"
        f"    questions: [Did the Night Owls do {n}?]\n    paragraph: 1\n"
        for n in range(10, 14)
    )
    path = written(tmp_path, ("tests:", f"{more}tests:"))

    told = [line for line in run_facts("lint", path).output.splitlines() if "fewer than 8" in line]

    assert len(told) == 1
    assert "6 of 6 facts have fewer than 8 sample questions, as 'barn', 'drummer'" in told[0]
    assert "'linernotes facts questionnaire' asks for them" in told[0]


def test_quotes_are_advised_on_too(run_facts: Run, tmp_path: Path) -> None:
    quotes = """\
quotes:
  - id: loud
    speaker: mika
    words: We were loud for a week.
    context: On the barn.
    themes: [noise, the barn]
    paragraph: 1
  - id: quiet
    speaker: mika
    words: Then we were quiet again.
    context: On the time after.
    themes: [The barn, noise, silence, sleep]
    paragraph: 2
tests:"""
    path = written(
        tmp_path,
        ("tests:", quotes),
        ("  - {id: paper,", "  - {id: mika, kind: person, name: Mika}\n  - {id: paper,"),
    )

    output = run_facts("lint", path).output

    assert "quote 'loud' has 2 themes; write at least 4: words by which people" in output
    assert "quotes 'loud' and 'quiet' share most of their themes; give each" in output


def test_no_advice_is_given_about_what_a_fact_covers(run_facts: Run, tmp_path: Path) -> None:
    """Its own questions say that already, and an odd one among many is no reason to."""
    many = ", ".join(f"Where did the Night Owls record number {n}?" for n in range(40))
    path = written(
        tmp_path, ("[Where did the Night Owls record?]", f"[{many}, How old is the barn?]")
    )

    assert "cover" not in run_facts("lint", path).output


def test_advice_fails_only_when_strict(run_facts: Run, tmp_path: Path) -> None:
    assert run_facts("lint", written(tmp_path), "--strict").exit_code == 1


def test_facts_asked_for_in_the_same_words_are_told(run_facts: Run, tmp_path: Path) -> None:
    twin = "[Who drums now?, Who is hitting drums?, Who hits drums?, How old is this drummer?]"
    path = written(
        tmp_path,
        ("[Where did the Night Owls record?]", twin),
        ("They recorded it in a barn.", "Mika drums."),
    )

    output = run_facts("lint", path).output

    assert "facts 'barn' and 'drummer' are asked for in the same words; tell them apart" in output


def test_questions_that_another_fact_draws_are_told(run_facts: Run, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("[Where did the Night Owls record?]", "[Where is the barn?, Who plays?, Who hits drums?]"),
    )

    output = run_facts("lint", path).output

    assert (
        "fact 'barn': 2 of 3 sample questions would reach 'drummer' if they were not listed"
    ) in output
    assert "'Who plays?', 'Who hits drums?', by the words 'drums', 'hits'" in output


def test_questions_that_only_their_name_tells_apart_do_not_go_astray(
    run_facts: Run, tmp_path: Path
) -> None:
    asked = "[When did {0} start?, How did {0} start?, Why did {0} start?, Where did {0} start?]"
    path = written(
        tmp_path,
        (
            "  - {id: paper, kind: outlet, name: Paper}",
            "  - {id: paper, kind: outlet, name: Paper}\n  - {id: larks, kind: band, name: Larks}",
        ),
        ("[Where did the Night Owls record?]", asked.format("the Night Owls")),
        ("They recorded it in a barn.", "The Night Owls started in a barn."),
        (
            "[Who beats the drums?, Who hits the drums?, Who drums?, How old is the drummer?]",
            asked.format("Larks"),
        ),
        ("drummer\n    subject: night-owls", "drummer\n    subject: larks"),
        ("Mika plays the drums.", "Larks started in a shed."),
    )

    assert "would reach" not in run_facts("lint", path).output


def test_facts_of_no_telling_word_are_advised_on(run_facts: Run, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("[Where did the Night Owls record?]", "[Where was it?]"),
        ("They recorded it in a barn.", "It was there."),
        (
            "[Who beats the drums?, Who hits the drums?, Who drums?, How old is the drummer?]",
            "[Who is it?]",
        ),
        ("Mika plays the drums.", "It is he."),
    )

    result = run_facts("lint", path)

    assert result.exit_code == 0, result.output


def test_advice_comes_as_json_too(run_facts: Run, tmp_path: Path) -> None:
    advice = json.loads(run_facts("lint", written(tmp_path), "--json").output)

    assert [fault["line"] for fault in advice] == [13, 19, 25]


def test_entries_are_found_by_their_words(run_facts: Run) -> None:
    result = run_facts("find", "dancing", "boots", "--packs", EXAMPLE)

    assert result.exit_code == 0
    assert result.output.startswith("quote wet-boots (lantern-weir)\n  ")


def test_words_to_find_are_never_syntax(run_facts: Run) -> None:
    result = run_facts("find", 'boots" AND zebra', "--packs", EXAMPLE)

    assert isinstance(result.exception, LinerNotesError)
    assert str(result.exception) == "No entry uses all of these words; try fewer."


def test_what_is_found_comes_as_json_too(run_facts: Run) -> None:
    found = json.loads(run_facts("find", "dancing", "boots", "--packs", EXAMPLE, "--json").output)

    assert (found[0]["kind"], found[0]["id"]) == ("quote", "wet-boots")
