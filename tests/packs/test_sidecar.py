# ruff: noqa: E501  # a fault is one line here as it is to a person
"""Further ways of asking in a file beside a pack."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
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
from bot.packs.sidecar_editing import add_questions, add_test, format_question, format_test
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., Path]

SIDECAR = """\
questions:
  sister:
    - does mira have a sister
    - who can't stand the piano?
unanswered:
  sister: [how old is ona]
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
    assert pack.facts[1].unanswered == ("how old is ona",)
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
        "unanswered: {sister: [When is Tidewater out], sisters: [why]}\n"
        "them: {}\n"
        "themes:\n"
        "  best-part: []\n",
        encoding="utf-8",
    )

    assert faults_of(write(("kind: band", "kind: bnad"))) == [
        "mira-vale.yaml:21: entity 'the-small-hours': 'kind' is the text 'bnad'; use one of 'person', 'band', 'show', 'outlet', 'award', 'place' or 'thing'",
        "mira-vale.questions.yaml:3: fact 'sister': the question 'When is Tidewater out?' stands on line 49 of mira-vale.yaml too, of fact 'record-date'; keep it where it belongs",
        "mira-vale.questions.yaml:4: an entry of 'sister' is 12, not text; put it in quotation marks",
        "mira-vale.questions.yaml:5: 'questions' names 'sisster', and no fact of the pack has that id; did you mean 'sister'?",
        "mira-vale.questions.yaml:6: 'unanswered' names 'sisters', and no fact of the pack has that id; did you mean 'sister'?",
        "mira-vale.questions.yaml:6: fact 'sister': the question 'When is Tidewater out' stands on line 49 of mira-vale.yaml too, of fact 'record-date'; keep it where it belongs",
        "mira-vale.questions.yaml:7: unknown key 'them'; did you mean 'themes'?",
        "mira-vale.questions.yaml:9: 'best-part' is an empty list; give it at least one entry",
    ]


def test_a_question_that_stands_twice_in_a_sidecar_is_told(write: Write, sidecar: Path) -> None:
    sidecar.write_text("questions:\n  sister: [her sis?, Her sis]\n", encoding="utf-8")

    assert faults_of(write()) == [
        "mira-vale.questions.yaml:2: fact 'sister': the question 'Her sis' stands on line 2 too, in this fact; keep it where it belongs"
    ]


def test_a_sidecar_that_is_no_yaml_hides_no_fault_of_its_pack(write: Write, sidecar: Path) -> None:
    sidecar.write_text("questions: [", encoding="utf-8")

    told = faults_of(write(("kind: band", "kind: bnad")))

    assert {fault.partition(":")[0] for fault in told} == {
        "mira-vale.yaml",
        "mira-vale.questions.yaml",
    }


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
            ("facts", 1, "unanswered", 0),
            ("quotes", 0, "themes", 2),
            ("facts", 0, "questions", 1),
        ],
    ) == ((path, 56), (sidecar, 4), (sidecar, 6), (sidecar, 9), (path, 49))


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
        f"{stray}: this file adds to mira-wale.yaml, which is not beside it; "
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


def test_tests_of_a_sidecar_stand_behind_those_of_the_pack(write: Write, sidecar: Path) -> None:
    sidecar.write_text(
        f"{SIDECAR}tests:\n  - {{question: is ona her sister, fact: sister}}\n", encoding="utf-8"
    )
    path = write()

    tests = load_pack(path).tests

    assert [(test.question, test.fact) for test in tests[-1:]] == [("is ona her sister", "sister")]
    assert locate_values(path, [("tests", len(tests) - 1)]) == ((sidecar, 11),)


def test_a_test_of_a_sidecar_for_no_fact_of_the_pack_is_told(write: Write, sidecar: Path) -> None:
    sidecar.write_text("tests:\n  - {question: who is ona, fact: sisster}\n", encoding="utf-8")

    assert faults_of(write()) == [
        "mira-vale.questions.yaml:2: test 1: 'fact' names 'sisster', and no fact has that id; did you mean 'sister'?"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            None,
            '# Further ways of asking for the facts of mira-vale.yaml.\ntests:\n  - {question: "how tall, really?", fact: null}\n',
        ),
        (
            "questions:\n  sister:\n    - is ona kin  # mine\n",
            'questions:\n  sister:\n    - is ona kin  # mine\ntests:\n  - {question: "how tall, really?", fact: null}\n',
        ),
        (
            "tests:\n- {question: a, fact: null}  # keep\n\n# the end\nthemes: {}\n",
            'tests:\n- {question: a, fact: null}  # keep\n- {question: "how tall, really?", fact: null}\n\n# the end\nthemes: {}\n',
        ),
        (
            "tests: [{question: a, fact: null}, {question: b,\n  fact: sister}]  # two\nthemes: {}\n",
            'tests: [{question: a, fact: null}, {question: b,\n  fact: sister}, {question: "how tall, really?", fact: null}]  # two\nthemes: {}\n',
        ),
        ("tests: []\n", 'tests: [{question: "how tall, really?", fact: null}]\n'),
    ],
)
def test_a_test_is_added_and_all_else_stays(
    write: Write, tmp_path: Path, before: str | None, after: str
) -> None:
    pack, path = write(), tmp_path / "mira-vale.questions.yaml"
    if before is not None:
        path.write_text(before, encoding="utf-8")

    assert add_test(pack, "how tall, really?", None) == path
    assert path.read_text(encoding="utf-8") == after
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name, pack.name]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "questions: {sister: [who hits things]}\n",
            "questions: {sister: [who hits things, is ona kin], piano: [who hates it]}\n",
        ),
        (
            "questions:\n  sister: [ a, # keep me\n    b ] # me too\n",
            "questions:\n  sister: [ a, # keep me\n    b, is ona kin ] # me too\n  piano:\n    - who hates it\n",
        ),
        (
            "questions: # nothing yet\n# or is there\nthemes: {}\n",
            "questions: # nothing yet\n  sister:\n    - is ona kin\n  piano:\n    - who hates it\n# or is there\nthemes: {}\n",
        ),
        (
            "questions: ~ # nothing yet\n",
            "questions: # nothing yet\n  sister:\n    - is ona kin\n  piano:\n    - who hates it\n",
        ),
        (
            "# no end of the line\n{questions: {sister: , drummer: [a,]}}",
            "# no end of the line\n{questions: {sister: [is ona kin], drummer: [a,], piano: [who hates it]}}",
        ),
        (
            "questions:\r\n  sister:\r\n  - 🎸 'é'  # mine\r\n\r\n# the end\r\n",
            "questions:\r\n  sister:\r\n  - 🎸 'é'  # mine\r\n  - is ona kin\r\n  piano:\r\n    - who hates it\r\n\r\n# the end\r\n",
        ),
        (
            "\ufeffquestions:\n    sister:\n            - a\n\n\n",
            "\ufeffquestions:\n    sister:\n            - a\n            - is ona kin\n    piano:\n      - who hates it\n\n\n",
        ),
        (
            "questions:\n  sister:\n    - >-\n      is she\n      his kin\n\n  # later\n  drummer: [x]",
            "questions:\n  sister:\n    - >-\n      is she\n      his kin\n    - is ona kin\n\n  # later\n  drummer: [x]\n  piano:\n    - who hates it",
        ),
        (
            "questions:\n  sister:\n    - a\n...\n",
            "questions:\n  sister:\n    - a\n    - is ona kin\n  piano:\n    - who hates it\n...\n",
        ),
        (
            "# nothing but a comment",
            "# nothing but a comment\nquestions:\n  sister:\n    - is ona kin\n  piano:\n    - who hates it\n",
        ),
    ],
)
def test_questions_are_added_to_any_layout_and_nothing_else_is_touched(
    write: Write, tmp_path: Path, before: str, after: str
) -> None:
    pack, path = write(), tmp_path / "mira-vale.questions.yaml"
    path.write_bytes(before.encode())

    add_questions(pack, {"sister": ["is ona kin"], "piano": ["who hates it"]})

    assert path.read_bytes().decode() == after


def test_the_largest_sidecar_gets_one_line_and_no_other_changes(tmp_path: Path) -> None:
    name = "big-time-rush-2013.questions.yaml"
    path = Path(shutil.copy(shipped_folder() / name, tmp_path))
    before = path.read_bytes().splitlines(keepends=True)

    add_questions(tmp_path / "big-time-rush-2013.yaml", {"album-release-date": ["zebra in june?"]})

    after = path.read_bytes().splitlines(keepends=True)
    (added,) = [line for line in after if b"zebra" in line]
    assert added.strip() == b"- zebra in june?"
    after.remove(added)
    assert after == before


def test_many_questions_between_brackets_are_lines_that_can_be_read(
    write: Write, sidecar: Path
) -> None:
    sidecar.write_text("questions:\n  sister: [a]\n", encoding="utf-8")

    add_questions(write(), {"sister": [f"is it number {each}, really?" for each in range(9)]})

    lines = sidecar.read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[2].startswith('    "is it number')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("questions:\n  sister: [a\n", "mira-vale.questions.yaml:2"),
        ("questions:\n\tsister: [a]\n", "there is a tab"),
        ("questions:\n  sister: [a]\n  sister: [b]\n", "stands twice"),
        ("questions:\n  sister: who is she\n", "'sister' is the text 'who is she', not a list"),
        ("questions: [who is she]\n", "'questions' is a list, not a mapping"),
        ("questions:\n  sister: ['  a']\n", "starts or ends with a space"),
    ],
)
def test_a_sidecar_with_faults_is_told_and_left_as_it_is(
    write: Write, sidecar: Path, text: str, told: str
) -> None:
    sidecar.write_text(text, encoding="utf-8")

    with pytest.raises(PackError) as refused:
        add_questions(write(), {"sister": ["is ona kin"]})
    with pytest.raises(PackError):
        add_test(write(), "how tall?", None)

    assert told in str(refused.value)
    assert sidecar.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("question", ["who\x07", "who \ud800", "who \u202e", " who", "x" * 301])
def test_what_no_pack_may_hold_is_never_written(write: Write, sidecar: Path, question: str) -> None:
    with pytest.raises(PackError):
        add_questions(write(), {"sister": [question]})
    with pytest.raises(PackError):
        add_test(write(), question, None)

    assert sidecar.read_text(encoding="utf-8") == SIDECAR
    assert len([*sidecar.parent.iterdir()]) == 2


def test_a_fact_with_the_name_of_a_yaml_value_keeps_its_name(write: Write, sidecar: Path) -> None:
    add_questions(write(), {"true": ["is it so"], "12": ["is it twelve"]})

    assert set(parse_yaml(sidecar.read_text(encoding="utf-8"), sidecar).content["questions"]) == {  # type: ignore[arg-type]
        "sister",
        "true",
        "12",
    }


@pytest.mark.parametrize("question", ["no", "it's 3: why #1?", "- {x}", "12", '“so” she said "hm"'])
def test_a_line_to_paste_reads_as_what_was_asked(question: str) -> None:
    def read(text: str) -> object:
        return parse_yaml(text, Path("pasted.yaml")).content["tests"]

    assert read(f"tests:\n  {format_question(question)}") == (question,)
    assert read(f"tests:\n  {format_test(question, None)}") == (
        {"question": question, "fact": None},
    )


def test_a_sidecar_that_is_protected_against_writing_is_not_replaced(
    write: Write, sidecar: Path
) -> None:
    sidecar.chmod(0o444)

    with pytest.raises(PackError, match="is protected against writing; allow writing to it first"):
        add_questions(write(), {"sister": ["is ona kin"]})

    assert sidecar.read_text(encoding="utf-8") == SIDECAR


def test_a_sidecar_of_several_names_is_not_cut_from_the_others(
    write: Write, sidecar: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere.txt"
    other.hardlink_to(sidecar)

    with pytest.raises(PackError, match="is one file under several names; write into it by hand"):
        add_questions(write(), {"sister": ["is ona kin"]})

    assert other.samefile(sidecar)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
def test_a_sidecar_that_is_a_link_is_neither_followed_nor_replaced(
    write: Write, tmp_path: Path
) -> None:
    pack, elsewhere = write(), tmp_path / "elsewhere.txt"
    elsewhere.write_text(SIDECAR, encoding="utf-8")
    link = tmp_path / "mira-vale.questions.yaml"
    link.symlink_to(elsewhere)

    with pytest.raises(PackError, match="is a link to another file; write into the file it leads"):
        add_questions(pack, {"sister": ["is ona kin"]})

    assert link.is_symlink()
    assert elsewhere.read_text(encoding="utf-8") == SIDECAR


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "questions:\n  best-part:\n    - who said that\n",
            "2: 'questions' names 'best-part', which is a quote; put it below 'themes:'",
        ),
        (
            "sister:\n  - who is that\n",
            "1: unknown key 'sister'; if it is the id of a fact, put it below 'questions:', two",
        ),
        (
            "questions:\n  sister:\n    - is she a fan: yes or no\n",
            "3: an entry of 'sister' has a colon, and is read as 'key: value'; put it in quotation",
        ),
    ],
)
def test_what_stands_in_the_wrong_place_of_a_sidecar_is_told(
    write: Write, text: str, fault: str
) -> None:
    pack = write()
    sidecar = pack.with_name("mira-vale.questions.yaml")
    sidecar.write_text(text, encoding="utf-8")

    with pytest.raises(PackError) as refused:
        load_pack(pack)

    (told,) = map(str, refused.value.faults)
    assert told.startswith(f"{sidecar}:{fault}")


def test_a_sidecar_with_a_misspelt_name_is_told(write: Write) -> None:
    misspelt = write().with_name("mira-vale.question.yaml")
    misspelt.write_text("questions:\n  sister: [who is that]\n", encoding="utf-8")

    with pytest.raises(PackError) as refused:
        load_pack(misspelt)

    (fault,) = map(str, refused.value.faults)
    assert fault.endswith(
        "this file has ways of asking or tests, and is no pack; call it as its pack is called: "
        "NAME.yaml has NAME.questions.yaml"
    )
