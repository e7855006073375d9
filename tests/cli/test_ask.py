from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.packs import LANTERN_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

ANSWERED = "When does the new album come out?"
OWLS = """\
pack: owls
title: The Owls, 1999
source:
  title: a talk with the Owls
  author: Ada Example
  publishers: [Paper]
  year: 1999
  year_from: its masthead
  kind: interview
  rights: © 1999 Ada Example
  paragraphs: 2
  url: https://paper.example/owls
entities:
  - {id: robin, kind: person, name: Robin Owl}
  - {id: record, kind: outlet, name: The Record}
facts:
  - id: barn
    subject: record
    statement: The record was made in a barn.
    questions: [Where was the record made?]
    quotes: [barn-words]
    paragraph: 1
    as_of: 1999
quotes:
  - id: barn-words
    speaker: robin
    words: the barn had better ideas than we did
    context: On recording, with Mika
    themes: [barn]
    paragraph: 2
"""


def lines_of(output: str) -> list[Any]:
    """Return the JSON lines, by a reader that knows no NaN."""

    def refuse(name: str) -> None:
        raise AssertionError(name)

    return [json.loads(line, parse_constant=refuse) for line in output.splitlines()]


# ask


def test_an_answer_is_fact_and_source(run: Run) -> None:
    result = run("ask", ANSWERED)

    assert result.exit_code == 0
    fact, *_, source = result.output.splitlines()
    assert "June 11, 2013" in fact
    assert fact.startswith("As of 2013: ")
    assert source == "Brittany Frederick, interview, BFTV/Starpulse, 2013."


@pytest.mark.parametrize(
    ("said", "reply"), [("hi", "Hello!"), ("thanks", "You’re welcome!"), ("?", "Ask me anything")]
)
def test_small_talk_is_answered_in_kind_with_questions_to_try(
    said: str, reply: str, run: Run
) -> None:
    result = run("ask", said)
    assert result.exit_code == 3
    told, *questions = result.output.splitlines()
    assert told.startswith(reply)
    assert len(questions) == 3
    assert all(question.endswith("?") for question in questions)


def test_an_answer_shows_its_quotation_with_its_context(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "owls.yaml"
    pack.write_text(OWLS, encoding="utf-8")
    asked = ("ask", "--packs", str(pack), "Where was the record made?")

    assert run(*asked).output == (
        "As of 1999: The record was made in a barn.\n"
        "“the barn had better ideas than we did” — Robin Owl\n"
        "On recording, with Mika\n"
        "Ada Example, interview, Paper, 1999.\nhttps://paper.example/owls\n"
    )
    assert json.loads(run(*asked, "--json").output)["text"] == (
        "The record was made in a barn. “the barn had better ideas than we did” — Robin Owl. "
        "On recording, with Mika. As of 1999. Ada Example, interview, Paper, 1999."
    )


def test_words_need_no_quotation_marks(run: Run) -> None:
    assert run("ask", *ANSWERED.split()).output == run("ask", ANSWERED).output


def test_an_answer_is_plain_when_piped(run: Run) -> None:
    for words in (("ask", ANSWERED), ("topics",), ("quote", "--seed", "1"), ("release",)):
        assert "\x1b" not in run(*words).output


def test_what_the_notes_do_not_say_is_said_with_what_they_do(run: Run) -> None:
    result = run("ask", "What is Kendall's favourite food?")

    assert result.exit_code == 3
    first, second, *offered = result.output.splitlines()
    assert first == "The notes don’t say that about Kendall Schmidt."
    assert second == "The notes do say:"
    assert 1 <= len(offered) <= 3
    assert all(line.startswith("  ") for line in offered)


def test_what_is_far_from_the_notes_is_told_in_one_line(run: Run) -> None:
    assert run("ask", "how do i boil an egg").output == "The notes don’t say.\n"


def test_a_doubtful_question_is_offered_what_it_may_mean(run: Run) -> None:
    first, *offered = run("ask", "how long is the album").output.splitlines()

    assert first == "I’m not sure which of these you mean:"
    assert 1 <= len(offered) <= 3


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("ask", ANSWERED), 0),
        (("ask", "how do i boil an egg"), 3),
        (("ask", "--explain", "how do i boil an egg"), 3),
        (("ask", "how long is the album"), 4),
        (("quote", "--about", "fans"), 0),
        (("quote", "--about", "quantum chromodynamics"), 3),
        (("quote", "--by", "Nobody Known"), 3),
        (("release", "24/Seven"), 0),
        (("release", "Thriller"), 3),
        (("topics",), 0),
        # Their output says it, to programs that have read it there until now.
        (("ask", "--json", "how do i boil an egg"), 0),
        (("quote", "--json", "--by", "Nobody Known"), 0),
        (("release", "--json", "Thriller"), 0),
    ],
)
def test_a_script_is_told_by_the_status_what_the_notes_have(
    run: Run, words: tuple[str, ...], status: int
) -> None:
    assert run(*words).exit_code == status


@pytest.mark.parametrize("command", ["ask", "quote", "release", "topics"])
def test_help_tells_the_statuses(run: Run, command: str) -> None:
    told = " ".join(run(command, "--help").output.split())

    assert "Exit status: 0 if the notes say, 3 if they do not" in told
    assert ("4 if it is not sure what is meant" in told) == (command == "ask")


FACTS_ALONE = """
pack: facts-alone
title: Facts alone
source:
  title: a talk
  author: Jo Quill
  publishers: [Tide]
  year: 2020
  year_from: the masthead
  kind: interview
  rights: © 2020 Jo Quill
  paragraphs: 3
entities:
  - id: mira
    kind: person
    name: Mira Vale
facts:
  - id: piano
    subject: mira
    statement: Mira plays the piano.
    questions: [What does Mira play?]
    paragraph: 1
    as_of: 2020
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("quote",), "The packs here have no quotes."),
        (("quote", "--by", "Mira"), "The packs here have no quotes."),
        (("release",), "The packs here have no releases."),
        (("release", "Thriller"), "The packs here have no releases."),
    ],
)
def test_what_a_pack_has_none_of_is_said(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "facts-alone.yaml"
    file.write_text(FACTS_ALONE, encoding="utf-8")

    result = run(words[0], "--packs", file, *words[1:])

    assert (result.output, result.exit_code) == (f"{said}\n", 3)


def test_a_pack_whose_facts_are_withdrawn_has_none(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts-alone.yaml"
    file.write_text(f"{FACTS_ALONE}    withdrawn: she asked for it\n", encoding="utf-8")

    for words in (("ask", "What does Mira play?"), ("topics",)):
        result = run(words[0], "--packs", file, *words[1:])
        assert (result.output, result.exit_code) == ("The packs here have no facts.\n", 3)


def test_a_faulty_translation_is_told_beside_the_answer(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts-alone.yaml"
    file.write_text(FACTS_ALONE, encoding="utf-8")
    translation = tmp_path / "facts-alone.es.yaml"
    translation.write_text("title: [Mira\n", encoding="utf-8")

    result = run("ask", "--packs", file, "What does Mira play?")

    assert result.exit_code == 0
    assert "piano" in result.stdout
    told, fault, *_ = result.stderr.splitlines()
    assert told == "What these translations lack is answered in the language of its pack:"
    assert fault.startswith(f"{translation}:1: ")


@pytest.mark.parametrize("words", [("ask", "anything"), ("quote",), ("release",), ("topics",)])
def test_without_any_pack_that_is_said(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(words[0], "--packs", tmp_path, *words[1:])

    assert result.output == "No pack answers here; name one with --packs, or in LINERNOTES_PACKS.\n"
    assert result.exit_code == 3


def test_one_answer_as_json(run: Run) -> None:
    answer = json.loads(run("ask", "--json", ANSWERED).output)

    assert answer.keys() == {"id", "outcome", "text", "fact", "suggestions", "ms"}
    assert (answer["outcome"], answer["fact"]) == ("answer", "album-release-date")
    assert answer["text"].startswith("24/Seven")
    assert answer["text"].endswith("2013.")


def test_an_explanation_shows_candidates_scores_and_the_verdict(run: Run) -> None:
    output = run("ask", "--explain", ANSWERED).output

    assert "kind of question: when" in output
    assert "24-seven" in output
    assert "album-release-date (big-time-rush-2013)" in output
    assert "nearest way of asking: “when does … come out”, 100% alike" in output
    assert "answered: “album-release-date” answers it: " in output
    assert output.endswith(run("ask", ANSWERED).output)


def test_an_explanation_says_why_nobody_won(run: Run) -> None:
    unanswered = run("ask", "--explain", "how do i boil an egg").output
    assert "not answered: " in unanswered
    # No number stands there that only the bot's engineers can read.
    assert not re.search(r"\d\.\d", unanswered)
    assert "not answered: " in run("ask", "--explain", "?!").output


def test_another_pack_can_be_asked(run: Run) -> None:
    result = run("ask", "--packs", LANTERN_FILE, "who produced slow water almanac")

    assert "Benedetta Orrow" in result.output
    assert "The Reedbed Review" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("ask",),
        ("ask", " "),
        ("ask", "--jsonl", "and", "words"),
        ("ask", "--json", "--jsonl"),
        ("ask", "--json", "--explain", "words"),
        ("ask", "--packs", "no/such/folder", "words"),
        ("ask", "--nonsense", "words"),
        ("quote", "--json", "--jsonl"),
        ("quote", "--jsonl", "fans"),
        ("quote", "fans", "--about", "love"),
        ("quote", "--jsonl", "--by", "Kendall"),
        ("quote", "--seed", "soon"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert "Error: " in result.output


@pytest.mark.parametrize("text", ["'", '"', "a\x00b", "\udcff\udcfe", "x" * 5000, "-- -%", "😀"])
def test_a_hostile_question_is_a_question(run: Run, text: str) -> None:
    result = run("ask", "--", text)

    assert result.exit_code == 3
    told = result.output
    assert told.startswith(("The notes don’t say.", "Ask me anything about")), told


# ask --jsonl


def ask_lines(run: Run, text: bytes) -> tuple[list[Any], int]:
    result = run("ask", "--jsonl", given=text)
    return lines_of(result.output), result.exit_code


def test_each_question_is_answered_on_a_line_of_its_own(run: Run) -> None:
    asked = [("a", ANSWERED), (7, "how do i boil an egg"), ("c", "how long is the album")]
    text = "\n".join(json.dumps({"id": key, "question": question}) for key, question in asked)

    rows, status = ask_lines(run, text.encode())

    assert status == 0
    assert [row["id"] for row in rows] == ["a", 7, "c"]
    assert [row["outcome"] for row in rows] == ["answer", "none", "suggest"]
    answered, unknown, unsure = rows
    assert answered["fact"] == "album-release-date"
    assert answered["suggestions"] == []
    assert len(answered["text"]) <= 600
    assert (unknown["text"], unknown["fact"], unknown["suggestions"]) == ("", None, [])
    assert (unsure["text"], unsure["fact"]) == ("", None)
    assert 1 <= len(unsure["suggestions"]) <= 3
    assert all(0 < len(text) <= 300 for text in unsure["suggestions"])
    assert all(row["ms"] > 0 for row in rows)


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"\xff\xfe\x00\x01",
        b"[1, 2]",
        b"null",
        b'"text"',
        b'{"id": 1}',
        b'{"question": "when"}',
        b'{"id": 1, "question": 7}',
        b'{"id": 1, "question": null}',
        b'{"id": NaN, "question": "when"}',
        b'{"id": 1e999, "question": "when"}',
        b'{"id": [], "question": "when"}',
        b'{"id": ' + b"9" * 5000 + b', "question": "when"}',
        b"[" * 100_000,
        b'{"id": 1, "question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id": 1, "question": "when"',
        '{"id": 1, "question": "when"}'.encode("utf-16"),
    ],
    ids=range(17),
)
def test_a_malformed_line_is_told_by_its_number_and_the_run_goes_on(run: Run, line: bytes) -> None:
    good = json.dumps({"id": "good", "question": ANSWERED}).encode()

    rows, status = ask_lines(run, b"\n".join([good, b"", line, good]))

    assert status == 1
    assert [row.get("id") for row in rows] == ["good", None, "good"]
    assert rows[1].keys() == {"line", "error"}
    assert rows[1]["line"] == 3


def test_no_lines_are_no_replies(run: Run) -> None:
    assert ask_lines(run, b"") == ([], 0)
    assert ask_lines(run, b"\n \n\r\n") == ([], 0)


@pytest.mark.parametrize(
    "row",
    [
        {"id": "\ud800", "question": "\udfff"},
        {"id": "é😀", "question": "¿cuándo? 什么时候"},
        {"id": "", "question": ""},
        {"id": -1, "question": "a\x00b\n\r\t\u2028"},
        {"id": 1, "question": ANSWERED * 1000, "more": {"is": "ignored"}},
    ],
)
def test_whatever_a_string_may_hold_is_echoed_in_one_line(run: Run, row: dict[str, Any]) -> None:
    (reply,), status = ask_lines(run, json.dumps(row).encode())

    assert status == 0
    assert reply["id"] == row["id"]


def test_a_byte_order_mark_is_forgiven(run: Run) -> None:
    text = json.dumps({"id": 1, "question": ANSWERED})

    (reply,), status = ask_lines(run, text.encode("utf-8-sig"))

    assert (reply["outcome"], status) == ("answer", 0)


@pytest.mark.long
@settings(
    max_examples=25,
    # Each run is a new process's worth of work, and the fixture only runs it.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.lists(st.binary(max_size=60) | st.text(max_size=60).map(str.encode)).map(b"\n".join))
def test_any_bytes_get_a_reply_a_line_and_a_status(run: Run, text: bytes) -> None:
    rows, status = ask_lines(run, text)

    assert status in {0, 1}
    assert len(rows) == sum(bool(line.strip()) for line in text.split(b"\n"))
    assert status == any("error" in row for row in rows)


# quote


def test_a_quote_is_words_speaker_context_and_source(run: Run) -> None:
    words, context, source = run("quote", "--about", "fans", "--by", "Kendall").output.splitlines()

    assert words.startswith("“")
    assert words.endswith("” — Kendall Schmidt")
    assert context
    assert source.startswith("Brittany Frederick, interview")


def test_a_theme_is_typed_as_a_question_is(run: Run) -> None:
    assert run("quote", "real", "fans").output == run("quote", "--about", "real fans").output
    assert run("quote", "quantum", "chromodynamics").exit_code == 3


def test_a_seed_draws_the_same_quote_again(run: Run) -> None:
    drawn = [run("quote", "--seed", str(seed)).output for seed in range(12)]

    assert run("quote", "--seed", "0").output == drawn[0]
    assert len(set(drawn)) > 1


def test_no_such_quote_is_said(run: Run) -> None:
    words = ("quote", "--by", "Kendall", "--about", "quantum chromodynamics")
    assert run(*words).output == "The notes hold no such quote.\n"
    assert json.loads(run("quote", "--by", "Nobody Known", "--json").output) is None


def test_an_unknown_speaker_is_told_who_speaks(run: Run) -> None:
    assert run("quote", "--by", "Nobody Known").output == (
        "The notes know no speaker called “Nobody Known”.\nThey do know:\n  Kendall Schmidt\n"
    )


def test_a_slip_in_a_speaker_s_name_is_forgiven(run: Run) -> None:
    assert "— Kendall Schmidt" in run("quote", "--by", "Kendal Schmit").output


def test_one_quote_as_json(run: Run) -> None:
    quote = json.loads(run("quote", "--about", "fans", "--json").output)

    assert quote.keys() == {"pack", "quote", "text", "speaker", "context", "citation"}
    assert quote["speaker"] == "Kendall Schmidt"


def test_quotes_are_given_a_line_each(run: Run) -> None:
    asked = [{"id": "q1", "request": "fans"}, {"id": "q2", "request": "quantum chromodynamics"}]

    result = run("quote", "--jsonl", given="\n".join(map(json.dumps, asked)) + "\nnot json\n")

    fans, nothing, error = lines_of(result.output)
    assert result.exit_code == 1
    assert (fans["id"], fans["outcome"], fans["speaker"]) == ("q1", "answer", "Kendall Schmidt")
    assert fans["text"]
    assert fans["context"]
    assert nothing == {"id": "q2", "outcome": "none", "text": "", "speaker": "", "context": ""}
    assert error["line"] == 3


# release and topics


@pytest.mark.parametrize("title", ["24/Seven", "24", "amazing"])
def test_a_title_asked_for_alone_is_answered_with_its_release(run: Run, title: str) -> None:
    asked = run("ask", title)

    assert (asked.exit_code, asked.output) == (0, run("release", "24/Seven").output)


@pytest.mark.parametrize("title", ["24/Seven", "24/7", "amazing", "untouchble"])
def test_a_release_is_told_by_title_or_song(run: Run, title: str) -> None:
    output = run("release", title).output

    assert output.startswith("24/Seven: album by Big Time Rush, announced\n  Out: June 11, 2013 (")
    assert "  Edition: deluxe, 15 tracks" in output
    assert "  Song: Amazing, by James Maslow" in output
    assert "  Where to get it: Amazon" in output


def test_without_a_title_every_release_is_told(run: Run) -> None:
    output = run("release", "--packs", LANTERN_FILE).output

    assert [line for line in output.splitlines() if not line.startswith(" ")] == [
        "Slow Water Almanac: album by Lantern Weir, announced",
        "",
        "Towpath Hymns: album by Lantern Weir, released",
    ]


def test_an_unknown_release_is_said(run: Run) -> None:
    assert run("release", "Thriller").output == "The notes know no release or song by that title.\n"
    assert json.loads(run("release", "Thriller", "--json").output) == []


def test_an_unknown_title_is_offered_what_is_near(run: Run) -> None:
    assert run("release", "Amaz", "nig").output == (
        "The notes know no release or song by that title.\nThey do know:\n  Amazing\n"
    )


def test_a_release_as_json_bears_its_date_as_it_is_known(run: Run) -> None:
    (release,) = json.loads(run("release", "24/7", "--json").output)

    assert release["date"]["text"] == "2013-06-11"
    assert release["date"]["precision"] == "day"
    assert [edition["tracks"] for edition in release["editions"]] == [10, 15]


def test_topics_list_what_can_be_asked(run: Run) -> None:
    output = run("topics").output

    assert "Heffron Drive\n" in output
    assert "  When does 24/Seven come out?\n" in output


def test_topics_as_json_bear_the_facts(run: Run) -> None:
    topics = json.loads(run("topics", "--json").output)

    assert {topic["pack"] for topic in topics} == {"big-time-rush-2013"}
    assert "album-release-date" in {item["fact"] for t in topics for item in t["questions"]}
