from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.errors import LinerNotesError, QuestionsError

if TYPE_CHECKING:
    from tests.cli.conftest import Run

EXAMPLE = Path("tests/packs/lantern-weir.yaml").resolve()

QUESTIONS = [
    {"id": "right", "question": "Who produced Slow Water Almanac?", "facts": ["almanac-producer"]},
    {"id": "wrong", "question": "Who produced Slow Water Almanac?", "facts": ["band-name"]},
    {"id": "invented", "question": "Who produced Slow Water Almanac?", "kind": "near"},
    {
        "id": "fine",
        "question": "Who produced Slow Water Almanac?",
        "ok": ["almanac-producer"],
        "kind": "near",
    },
    {"id": "held", "question": "What is the capital of Australia?", "kind": "far"},
    {"id": "quote", "request": "dancing", "quotes": ["wet-boots"]},
    {"id": "none", "request": "submarine warfare", "quotes": []},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in QUESTIONS), encoding="utf-8")
    return path


def test_figures_come_with_counts_and_intervals(run_facts: Run, questions: Path) -> None:
    result = run_facts("eval", questions, "--packs", EXAMPLE)

    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert lines[:9] == [
        "right 50.0% 1 of 2 95 %: 9.5% to 90.5%",
        "wrong 50.0% 1 of 2 95 %: 9.5% to 90.5%",
        "missed 0.0% 0 of 2 95 %: 0.0% to 65.8%",
        "right or assisted 50.0% 1 of 2 95 %: 9.5% to 90.5%",
        "sample questions word for word 100.0% 2 of 2 95 %: 34.2% to 100.0%",
        "invented 33.3% 1 of 3 95 %: 6.1% to 79.2%",
        "suggested on unanswerable 0.0% 0 of 3 95 %: 0.0% to 56.1%",
        "invented, far 0.0% 0 of 1 95 %: 0.0% to 79.3%",
        "suggested on unanswerable, far 0.0% 0 of 1 95 %: 0.0% to 79.3%",
    ]
    assert "quotes right 100.0% 1 of 1 95 %: 20.7% to 100.0%" in lines
    assert "quotes word for word 100.0% 1 of 1 95 %: 20.7% to 100.0%" in lines
    assert "none held 100.0% 1 of 1 95 %: 20.7% to 100.0%" in lines


def test_what_was_taken_for_what_is_told(run_facts: Run, questions: Path) -> None:
    output = run_facts("eval", questions, "--packs", EXAMPLE).output

    assert "   1  band-name → lantern-weir/almanac-producer  (wrong)\n" in output
    assert "   1  nothing → lantern-weir/almanac-producer  (invented)\n" in output


def test_every_fault_is_shown_when_asked_for(run_facts: Run, questions: Path) -> None:
    output = run_facts("eval", questions, "--packs", EXAMPLE, "--show").output

    assert "wrong: wrong Who produced Slow Water Almanac?\n  wanted: band-name\n" in output
    assert "invented: invented Who produced" in output
    assert "right: right" not in output


def test_a_run_is_kept_and_compared_with(run_facts: Run, questions: Path, tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    run_facts("eval", questions, "--packs", EXAMPLE, "--save", kept)
    marks = json.loads(kept.read_text(encoding="utf-8"))["marks"]
    marks |= {"right": "missed", "held": "held", "wrong": "right"}
    kept.write_text(json.dumps({"marks": marks}), encoding="utf-8")

    output = run_facts("eval", questions, "--packs", EXAMPLE, "--against", kept).output

    assert output.endswith(
        "Against the run before: 1 better, 1 worse or other.\n"
        "  - wrong right → wrong: Who produced Slow Water Almanac?\n"
        "  + right missed → right: Who produced Slow Water Almanac?\n"
    )


def test_what_is_no_kept_run_is_refused(run_facts: Run, questions: Path) -> None:
    result = run_facts("eval", questions, "--packs", EXAMPLE, "--against", questions)

    assert isinstance(result.exception, QuestionsError)
    assert "name a file that 'facts eval --save' wrote" in str(result.exception)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("none/run.json", "there is no folder {folder}/none; make it first"),
        ("", "this is a folder; name a file in it"),
    ],
)
def test_a_run_that_could_not_be_kept_is_not_begun(
    run_facts: Run, questions: Path, name: str, what: str
) -> None:
    folder = questions.parent

    result = run_facts("eval", questions, "--packs", EXAMPLE, "--save", folder / name)

    assert isinstance(result.exception, LinerNotesError)
    assert str(result.exception).endswith(what.format(folder=folder))
    assert result.output == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
def test_a_run_that_the_disk_does_not_take_is_told(run_facts: Run, questions: Path) -> None:
    result = run_facts("eval", questions, "--packs", EXAMPLE, "--save", "/dev/full")

    assert isinstance(result.exception, LinerNotesError)
    assert "cannot be written (No space left on device)" in str(result.exception)


def test_an_id_that_no_pack_has_is_refused(run_facts: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"id": "a", "question": "who?", "facts": ["no-such-fact"]}\n')

    result = run_facts("eval", file, "--packs", EXAMPLE)

    assert "The question 'a' names 'no-such-fact', which no pack here has" in str(result.exception)


def test_no_questions_are_an_error(run_facts: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()

    result = run_facts("eval", tmp_path / "empty.jsonl", "--packs", EXAMPLE)

    assert isinstance(result.exception, LinerNotesError)
    assert "empty.jsonl: no questions here; write one a line" in str(result.exception)


def test_all_of_it_comes_as_json_too(run_facts: Run, questions: Path) -> None:
    report = json.loads(run_facts("eval", questions, "--packs", EXAMPLE, "--json").output)

    assert report["figures"][0]["name"] == "right"
    assert report["figures"][0]["share"] == 0.5
    assert [(reply["id"], reply["mark"]) for reply in report["replies"]] == [
        ("right", "right"),
        ("wrong", "wrong"),
        ("invented", "invented"),
        ("fine", "fine"),
        ("held", "held"),
        ("quote", "right"),
        ("none", "held"),
    ]
    assert report["changes"] is None
