# ruff: noqa: E501  # a fault is one line here as it is to a person
"""Further ways of asking in a file beside a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.answering.pack_set import PackSet, cache_key
from bot.cli.facts import facts
from bot.errors import PackError
from bot.packs.audit import audit
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.files import read_text
from bot.packs.loader import load_pack, locate_values
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

SIDECAR = """\
questions:
  sister:
    - does mira have a sister
    - who can't stand the piano?
themes:
  best-part:
    - nights on the road
"""


@pytest.fixture
def sidecar(tmp_path: Path) -> Path:
    path = tmp_path / "mira-vale.questions.yaml"
    path.write_text(SIDECAR, encoding="utf-8")
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(path)
    return [str(fault).removeprefix(f"{path.parent}/") for fault in caught.value.faults]


def test_what_a_sidecar_adds_stands_behind_what_the_pack_has(write: Write, sidecar: Path) -> None:
    pack = load_pack(write())

    assert pack.facts[1].questions == (
        "Who is Ona?",
        "does mira have a sister",
        "who can't stand the piano?",
    )
    assert pack.quotes[0].themes == ("touring", "sleep", "nights on the road")
    assert len(pack.facts[0].questions) == 2


def test_a_sidecar_is_no_pack(write: Write, sidecar: Path) -> None:
    path = write()

    assert find_pack_files([path.parent]) == (path,)
    with pytest.raises(PackError, match=rf"is no pack; name the pack: {path}"):
        find_pack_files([sidecar])


def test_faults_of_both_files_are_told_together_with_their_lines(
    write: Write, sidecar: Path
) -> None:
    sidecar.write_text(
        "questions:\n"
        "  sister:\n"
        "    - When is Tidewater out?\n"  # the pack asks this of another fact
        "    - 12\n"
        "  sisster: [who is she]\n"
        "them: {}\n"
        "themes:\n"
        "  best-part: []\n",
        encoding="utf-8",
    )

    assert faults_of(write(("kind: band", "kind: bnad"))) == [
        "mira-vale.yaml:21: entity 'the-small-hours': 'kind' is the text 'bnad'; use one of 'person', 'band', 'show', 'outlet', 'award' or 'place'",
        "mira-vale.questions.yaml:3: fact 'sister': the question 'When is Tidewater out?' stands on line 49 of mira-vale.yaml too, of fact 'record-date'; keep it where it belongs",
        "mira-vale.questions.yaml:4: an entry of 'sister' is 12, not text; write a text; quote what looks like a number",
        "mira-vale.questions.yaml:5: 'questions' names 'sisster', and no fact of the pack has that id; did you mean 'sister'?",
        "mira-vale.questions.yaml:6: unknown key 'them'; did you mean 'themes'?",
        "mira-vale.questions.yaml:8: 'best-part' is an empty list; give it at least one entry",
    ]


def test_a_question_that_stands_twice_in_a_sidecar_is_told(write: Write, sidecar: Path) -> None:
    sidecar.write_text("questions:\n  sister: [her sis?, Her sis]\n", encoding="utf-8")

    assert faults_of(write()) == [
        "mira-vale.questions.yaml:2: fact 'sister': the question 'Her sis' stands on line 2 too, in this fact; keep it where it belongs"
    ]


def test_a_sidecar_that_is_no_yaml_hides_no_fault_of_its_pack(write: Write, sidecar: Path) -> None:
    sidecar.write_text("questions: [", encoding="utf-8")

    told = faults_of(write(("kind: band", "kind: bnad")))

    assert [fault.partition(":")[0] for fault in told] == [
        "mira-vale.yaml",
        "mira-vale.questions.yaml",
    ]


def test_an_empty_sidecar_is_told_how_to_begin(write: Write, sidecar: Path) -> None:
    sidecar.write_text("", encoding="utf-8")

    assert faults_of(write()) == [
        "mira-vale.questions.yaml:1: the file is empty; start with 'questions:'"
    ]


def test_a_place_behind_the_packs_own_questions_is_a_line_of_the_sidecar(
    write: Write, sidecar: Path
) -> None:
    path = write()

    assert locate_values(
        path,
        [
            ("facts", 1, "questions", 0),
            ("facts", 1, "questions", 2),
            ("quotes", 0, "themes", 2),
            ("facts", 0, "questions", 1),
        ],
    ) == ((path, 56), (sidecar, 4), (sidecar, 7), (path, 49))


def test_the_audit_holds_a_sidecar_against_the_source(
    write: Write, sidecar: Path, source: str
) -> None:
    copied = "nobody sleeps before a tour and that is the best part"
    sidecar.write_text(f"questions:\n  sister: ['{copied}']\n", encoding="utf-8")

    told = [str(fault) for fault in audit(load_pack(write()), source)]

    assert [line.partition(":")[0] for line in told] == ["fact 'sister'"]
    assert "8 words or more in a row" in told[0]


def test_a_changed_sidecar_is_another_pack_to_the_running_bot(write: Write, sidecar: Path) -> None:
    path = write()
    packs = PackSet((path,), path.parent / "store", is_configured=True)
    key, fingerprint = cache_key([path]), packs.take_fingerprint()

    sidecar.write_text(SIDECAR + "# longer\n", encoding="utf-8")

    assert cache_key([path]) != key
    assert packs.take_fingerprint() != fingerprint


def test_a_sidecar_without_its_pack_is_told_by_the_check(write: Write, sidecar: Path) -> None:
    write()
    stray = sidecar.rename(sidecar.with_name("mira-wale.questions.yaml"))

    result = CliRunner().invoke(facts, ["check", str(stray.parent)])

    assert result.exit_code == 1
    assert (
        f"{stray}: this file adds ways of asking to mira-wale.yaml, which is not beside it; "
        "give it the name of its pack, or remove it\n" in result.output
    )


def test_the_shipped_pack_can_be_read_in_one_sitting() -> None:
    path = shipped_folder() / "big-time-rush-2013.yaml"
    text = read_text(path)
    content = parse_yaml(text, path).content
    facts_of, quotes_of = content["facts"], content["quotes"]
    assert isinstance(facts_of, tuple)
    assert isinstance(quotes_of, tuple)

    assert len(text.splitlines()) < 900
    assert max(len(fact["questions"]) for fact in facts_of) <= 10  # type: ignore[arg-type, call-overload, index]
    assert max(len(quote["themes"]) for quote in quotes_of) <= 8  # type: ignore[arg-type, call-overload, index]
    assert min(len(fact.questions) for fact in load_pack(path).facts) > 50
