from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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


MIKA = "{id: mika, kind: person, name: Mika Reed}"
PLAYERS = [f"{{id: owl-{name}, kind: person, name: Owl {name.title()}}}" for name in "abcdefgh"]


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
        "; 'barn' is nearer, by its 'Where did the Night Owls record?'; no sample question of"
        " 'drummer' has 'record', 'the night owls': write some that have; leave the test's own"
        " wording to the test"
    )


def test_a_test_that_its_own_fact_has_word_for_word_is_advised_on(
    run_facts: Run, tmp_path: Path
) -> None:
    output = run_facts("lint", written(tmp_path)).output

    assert (
        ":29: the test 'Where did the Night Owls record?' is a sample question of 'barn', and"
        " proves nothing; reword the test"
    ) in output
    assert "price of a ticket" not in output


def test_a_test_that_is_like_what_nothing_answers_names_that(
    run_facts: Run, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        ("  - id: drummer", "    unanswered: [which barn did they record it in]\n  - id: drummer"),
        (
            "{question: Where did the Night Owls record?, fact: barn}",
            "{question: in which barn did they record it, fact: barn}",
        ),
    )

    lines = run_facts("check", path).output.splitlines()

    assert lines[0].endswith(
        "; it is like 'which barn did they record it in', which stands under 'unanswered' of "
        "'barn': reword or remove that, or correct the test"
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
        "; if nothing tells that, write it under 'unanswered' of 'barn'; else reword "
        "'Where did the Night Owls record?', which is like it, or correct the test"
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


def test_advice_names_line_fault_and_remedy_and_ends_with_a_verdict(
    run_facts: Run, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        ("kind: band, name: The Night Owls}", "kind: band, name: The Night Owls}\n  - " + MIKA),
    )

    result = run_facts("lint", path)

    assert result.exit_code == 0
    assert [line.removeprefix(f"{path}:") for line in result.output.splitlines()] == [
        (
            "20: fact 'barn' has 1 sample question; write 9 more; it seems that nobody asks"
            " yet: in a few keywords; long, with a story around it; in slang; as somebody who is"
            " learning English; without any of the answer's words"
        ),
        (
            "26: fact 'drummer' has 4 sample questions; write 6 more; it seems that nobody"
            " asks yet: in a few keywords; long, with a story around it; in slang; as somebody who"
            " is learning English"
        ),
        (
            "17: 2 of 2 facts list nothing under 'unanswered', as 'barn'; write two or three"
            " questions that one would ask next and nothing answers, or let others (facts"
            " questionnaire): theirs took a third to three quarters of the invented answers away in"
            " three packs"
        ),
        (
            "13: entity 'night-owls' goes by its full name only;"
            " add aliases, or what it is called without its name (described_as)"
        ),
        (
            "14: entity 'mika' goes by its full name only;"
            " add aliases, or what it is called without its name (described_as)"
        ),
        (
            "30: the test 'Where did the Night Owls record?' is a sample question of 'barn', and"
            " proves nothing; reword the test"
        ),
        "owls: nothing of this must be mended; it is advice.",
        (
            "owls: nearly good enough: 2 of 2 facts have fewer than 10 ways of asking: barn (1),"
            " drummer (4); with 15 more in all, every fact has 10, and that is good enough."
        ),
    ]


def test_a_place_needs_no_short_form(run_facts: Run, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("  - {id: paper,", "  - {id: la-paz, kind: place, name: La Paz}\n  - {id: paper,"),
    )

    assert "la-paz" not in run_facts("lint", path).output


def more_facts(count: int, ways: int) -> tuple[str, str]:
    asked = "Was {} done for the {} time?"
    facts = "".join(
        f"  - id: extra-{n}\n    subject: night-owls\n    statement: The Night Owls did {n}.\n"
        f"    questions: [{', '.join(asked.format(n, way) for way in range(ways))}]\n"
        "    paragraph: 1\n"
        for n in range(10, 10 + count)
    )
    return "tests:", f"{facts}tests:"


def test_of_much_advice_a_few_lines_are_shown_and_the_others_counted(
    run_facts: Run, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        more_facts(20, 1),
        ("  - {id: paper,", "  - " + "\n  - ".join(PLAYERS) + "\n  - {id: paper,"),
    )

    short = run_facts("lint", path).output.splitlines()
    whole = run_facts("lint", path, "--all").output.splitlines()

    advice = [line for line in whole if line.startswith(f"{path}:")]
    assert len(advice) > 8  # so many are shown
    assert short[:8] == advice[:8]
    assert short[8] == f"{path}: there are {len(advice) - 8} more; --all shows them"
    assert short[9:] == whole[len(advice) :]
    # Of those with too few questions the weakest five come first, and the others last.
    others = [line for line in advice if "in the same words" not in line]
    assert ["sample questions; w" in line or "sample question; w" in line for line in others] == [
        *[True] * 5, *[False] * 12, *[True] * 17
    ]  # fmt: skip


def test_styles_that_most_facts_lack_are_told_in_one_line(run_facts: Run, tmp_path: Path) -> None:
    output = run_facts("lint", written(tmp_path, more_facts(10, 12)), "--all").output

    (told,) = [line for line in output.splitlines() if "in some styles" in line]
    assert (
        "most of 12 facts seem never to be asked for in some styles: in a few keywords (12); "
        in told
    )
    assert "write some of these first" in told


def test_the_verdict_names_the_weakest_facts(run_facts: Run, tmp_path: Path) -> None:
    output = run_facts("lint", written(tmp_path, more_facts(3, 9))).output

    assert (
        "owls: nearly good enough: 5 of 5 facts have fewer than 10 ways of asking: barn (1),"
        in (output)
    )
    path = written(tmp_path, more_facts(20, 1))
    *_, verdict, _, command = run_facts("lint", path).output.splitlines()
    assert verdict.startswith("owls: worth another hour: 22 of 22 facts have fewer than 10 ways")
    assert command == f"  linernotes facts questionnaire {path} --weakest 10"


def test_the_verdict_says_what_packs_of_as_many_ways_of_asking_answered(
    run_facts: Run, tmp_path: Path
) -> None:
    def lint(ways: int) -> str:
        asked = [f"Who {n} drums?" for n in range(ways)]
        barn = [f"Where was {n} made?" for n in range(ways)]
        path = written(
            tmp_path,
            ("[Where did the Night Owls record?]", f"[{', '.join(barn)}]"),
            (
                "[Who beats the drums?, Who hits the drums?, Who drums?, How old is the drummer?]",
                f"[{', '.join(asked)}]",
            ),
        )
        return run_facts("lint", path).output

    assert lint(10).splitlines()[-1] == (
        "owls: good enough: every fact has 10 ways of asking or more; packs like that answered 7 of"
        " 10 questions of strangers right."
    )
    assert lint(30).splitlines()[-1] == (
        "owls: good enough: every fact has 30 ways of asking or more; packs like that answered 3 of"
        " 4 questions of strangers right, few more than with 12."
    )
    assert lint(45).splitlines()[-1] == (
        "owls: more than good enough: every fact has 45 ways of asking or more; packs like that"
        " answered 8 of 10 questions of strangers right."
    )


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

    assert (
        "facts 'barn' and 'drummer' are asked for in the same words; write ways of asking 'barn' "
        "with words that only it has, as "
    ) in output


def test_many_questions_that_another_fact_draws_are_told(run_facts: Run, tmp_path: Path) -> None:
    things = "snare cymbal gong bongo tambourine triangle marimba bell whistle piano harp flute"
    drums = [
        f"{ask} the {thing}?"
        for ask in ("Who hits", "Who has", "Whose is")
        for thing in things.split()
    ]
    tails = [
        "now",
        "then",
        "here",
        "today",
        "tonight",
        "live",
        "there",
        "first",
        "last",
        "next",
        "again",
        "loudly",
    ]
    barn = [
        f"Who hits the {thing} {tail}?" for thing, tail in zip(things.split(), tails, strict=True)
    ]
    barn += [f"Where is barn {n}?" for n in range(24)]

    def lint(count: int) -> str:
        path = written(
            tmp_path,
            ("[Where did the Night Owls record?]", f"[{', '.join(barn[:count])}]"),
            (
                "[Who beats the drums?, Who hits the drums?, Who drums?, How old is the drummer?]",
                f"[{', '.join(drums[:count])}]",
            ),
        )
        return run_facts("lint", path).output

    assert "facts 'barn' and 'drummer' are easily mistaken: " in lint(40)
    assert "more ways of asking 'barn', with words that only it has, as 'barn'" in lint(40)
    # Of a few that tells nothing: they stand where they belong.
    assert "easily mistaken" not in lint(20)


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

    assert "easily mistaken" not in run_facts("lint", path).output


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


def test_what_may_have_changed_since_is_advised_to_say_as_of_when(
    run_facts: Run, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        ("facts:", "as_of_every_fact: false\nfacts:"),
        ("    paragraph: 1\n    as_of: 1999\ntests", "    paragraph: 1\ntests"),
        ("Mika plays the drums.", "Mika is 34 and plays the drums."),
    )

    assert (
        "one fact without an 'as_of' seems to tell of an age, a plan or today: 'drummer'; where"
        " that may have changed, add 'as_of: 1999'"
    ) in run_facts("lint", path).output


@pytest.mark.parametrize(
    ("statement", "is_advised"),
    [
        ("Mika plays the drums. He is nineteen and has not been abroad yet.", True),
        ("Mika is learning how to weld.", True),
        ("The second album of Mika is due in May.", True),
        ("Mika is not yet on the record.", True),
        ("To Mika, it is what others have not yet heard.", False),
        ("The record of Mika is thirty-eight minutes long.", False),
        ("The record of Mika was due in 1998.", False),
    ],
)
def test_an_age_a_plan_and_the_present_are_known_by_their_words(
    run_facts: Run, tmp_path: Path, statement: str, *, is_advised: bool
) -> None:
    path = written(
        tmp_path,
        ("facts:", "as_of_every_fact: false\nfacts:"),
        ("    paragraph: 1\n    as_of: 1999\ntests", "    paragraph: 1\ntests"),
        ("Mika plays the drums.", statement),
    )

    assert ("an age, a plan or today" in run_facts("lint", path).output) is is_advised


def test_advice_comes_as_json_too(run_facts: Run, tmp_path: Path) -> None:
    advice = json.loads(run_facts("lint", written(tmp_path), "--json").output)

    assert [fault["line"] for fault in advice] == [19, 25, 16, 13, 29]


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
