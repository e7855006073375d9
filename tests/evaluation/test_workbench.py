# ruff: noqa: E501  # a refusal is one line here as it is to a person
"""The author's workbench: what it shows, what it writes, and what it never touches."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import TYPE_CHECKING

import pytest

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import PackSet
from bot.errors import LinerNotesError, PackError
from bot.evaluation.workbench import Place, View, Workbench
from bot.packs import discovery
from bot.packs.loader import load_pack
from tests.evaluation.test_questionnaire import PACK
from tests.support.packs import HIDE
from tests.support.waiting import patience, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

SIDECAR = "owls.questions.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "packs" / "owls.yaml"
    path.parent.mkdir()
    path.write_text(PACK, encoding="utf-8")
    return path


@pytest.fixture
def pack_set(pack: Path, tmp_path: Path) -> PackSet:
    return PackSet((pack,), tmp_path / "data", is_configured=False)


@pytest.fixture
async def bench(pack_set: PackSet) -> AsyncIterator[Workbench]:
    # A thread stands in for the process of its own, which takes seconds to start.
    async with (
        await KnowledgeBase.open(pack_set.ensure_index(in_child=False), HIDE) as knowledge,
        Workbench(pack_set, lambda: knowledge, run=asyncio.to_thread) as bench,
    ):
        yield bench


async def looked(bench: Workbench) -> View:
    """Look until everything that changed has been looked at."""
    async with patience():
        while not (view := await bench.look()).is_current:  # noqa: ASYNC110 - as a page asks
            await asyncio.sleep(0.002)
    return view


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, start=1) if words in line)


async def test_the_pack_is_shown_by_subject_with_every_line(bench: Workbench, pack: Path) -> None:
    pack.with_name(SIDECAR).write_text("questions:\n  barn:\n    - which shed\n", encoding="utf-8")

    (owls,) = (await looked(bench)).packs

    (subject,) = owls.subjects
    barn, drummer = subject.entries
    assert (subject.name, barn.kind, barn.id) == ("The Night Owls", "fact", "barn")
    assert barn.place == Place(pack, line_of(pack, "id: barn"))
    assert [each.text for each in barn.asked][-1] == "which shed"
    assert barn.asked[-1].place == Place(pack.with_name(SIDECAR), 3)
    assert drummer.asked[0].place == Place(pack, line_of(pack, "Who beats the drums?"))


async def test_faults_and_advice_come_with_their_lines(bench: Workbench, pack: Path) -> None:
    pack.write_text(
        f"{PACK}tests:\n  - {{question: who hits the drums, fact: null}}\n", encoding="utf-8"
    )

    view = await looked(bench)

    (fault,) = view.faults
    assert (fault.path, fault.line) == (pack, line_of(pack, "fact: null"))
    assert "is answered with 'drummer'" in fault.what
    assert any("'barn' has 2 sample questions" in each.what for each in view.advice)


async def test_of_a_pack_with_faults_the_last_sound_state_stays(
    bench: Workbench, pack: Path
) -> None:
    await looked(bench)
    pack.write_text(PACK.replace("kind: band", "kind: bnad"), encoding="utf-8")

    view = await looked(bench)

    assert [each.pack.id for each in view.packs] == ["owls"]
    assert [fault.line for fault in view.faults] == [line_of(pack, "bnad")]


async def test_a_faulty_translation_hides_nothing_of_its_pack(bench: Workbench, pack: Path) -> None:
    translation = pack.with_suffix(".es.yaml")
    translation.write_text("title: [los búhos\n", encoding="utf-8")

    view = await looked(bench)

    assert [each.pack.id for each in view.packs] == ["owls"]
    assert {fault.path for fault in view.faults} == {translation}


async def test_nothing_is_inspected_before_somebody_looks_nor_twice(
    pack_set: PackSet, pack: Path
) -> None:
    inspected: list[object] = []

    async def run(work: Callable[..., object], *arguments: object) -> object:
        inspected.append(work)
        return await asyncio.to_thread(work, *arguments)

    async with Workbench(pack_set, lambda: pytest.fail("nobody asks"), run=run) as bench:
        assert inspected == []
        await looked(bench)
        await looked(bench)
        assert len(inspected) == 2  # the faults, then the advice
        pack.write_text(f"{PACK}# later\n", encoding="utf-8")
        await looked(bench)
        assert len(inspected) == 4


async def test_an_edit_ends_what_is_being_found_out_about_the_pack_as_it_was(
    pack_set: PackSet, pack: Path
) -> None:
    begun: list[str] = []
    ended: list[str] = []

    async def run(work: Callable[..., object], *arguments: object) -> object:
        begun.append(work.__name__)
        if begun == ["inspect", "give_advice"]:
            try:
                await asyncio.Event().wait()  # advice that takes for ever
            finally:
                ended.append(work.__name__)
        return await asyncio.to_thread(work, *arguments)

    async with Workbench(pack_set, lambda: pytest.fail("nobody asks"), run=run) as bench:
        await bench.look()
        await until(lambda: len(begun) == 2)
        view = await bench.look()
        assert (view.is_checked, view.is_current, ended) == (True, False, [])
        pack.write_text(PACK.replace("kind: band", "kind: bnad"), encoding="utf-8")
        assert not (await bench.look()).is_checked
        assert len((await looked(bench)).faults) == 1
        assert ended == ["give_advice"]


async def test_only_the_pack_that_changed_is_advised_on_anew(pack: Path, tmp_path: Path) -> None:
    other = pack.with_name("larks.yaml")
    other.write_text(PACK.replace("pack: owls", "pack: larks"), encoding="utf-8")
    advised: list[object] = []

    async def run(work: Callable[..., object], *arguments: object) -> object:
        if work.__name__ == "give_advice":
            advised.append(arguments[0])
        return await asyncio.to_thread(work, *arguments)

    both = PackSet((pack.parent,), tmp_path / "data", is_configured=False)
    async with Workbench(both, lambda: pytest.fail("nobody asks"), run=run) as bench:
        await looked(bench)
        other.write_text(f"{other.read_text(encoding='utf-8')}# later\n", encoding="utf-8")
        view = await looked(bench)
        assert advised == [other, pack, other]
        assert {fault.path for fault in view.advice} == {pack, other}


async def test_the_source_is_audited_and_read_anew(
    pack_set: PackSet, tmp_path: Path, pack: Path
) -> None:
    source = tmp_path / "article.txt"
    source.write_text("The Night Owls recorded it in a shed.\n", encoding="utf-8")
    async with Workbench(
        pack_set, lambda: pytest.fail("nobody asks"), source, run=asyncio.to_thread
    ) as bench:
        told = [fault.what for fault in (await looked(bench)).faults]
        assert "source: says 3 paragraphs, the text has 1" in told
        text = (
            "Recorded by them where there was hay: in a barn.\n\nMika plays drums.\n\nAnd so on.\n"
        )
        source.write_text(text, encoding="utf-8")
        told = [fault.what for fault in (await looked(bench)).faults]
        assert not any("paragraphs, the text has" in each for each in told)


async def test_a_question_is_tried_with_the_words_of_the_pack(bench: Workbench) -> None:
    await looked(bench)

    trial = await bench.ask("so who hits those drums")

    best = trial.candidates[0]
    assert best.candidate.fact == "drummer"
    assert best.nearest == "Who hits the drums?"
    assert best.statement == "Mika plays the drums in the Night Owls."
    assert (await bench.ask("so who hits those drums", "no-such-pack")).candidates == ()


async def test_before_the_pack_was_read_a_question_can_be_tried_too(bench: Workbench) -> None:
    trial = await bench.ask("so who hits those drums")

    assert [each.place for each in trial.candidates][:1] == [None]


async def test_a_question_is_written_where_it_belongs_and_reaches_its_fact(
    bench: Workbench, pack: Path
) -> None:
    await looked(bench)

    proposal = await bench.propose("  who   pounds the skins ", "owls", "drummer")
    assert proposal.where.startswith("Put it behind the last entry between the brackets")
    assert (proposal.objection, proposal.refusal) == ("", "")
    assert not pack.with_name(SIDECAR).exists()

    assert await bench.write("  who   pounds the skins ", "owls", "drummer") == proposal.sidecar
    assert load_pack(pack).facts[1].questions[-1] == "who pounds the skins"
    (view,) = (await looked(bench)).packs
    assert view.subjects[0].entries[1].asked[-1].text == "who pounds the skins"


@pytest.mark.parametrize(
    ("listed", "text", "where"),
    [
        (
            "",
            "    unanswered:\n      - how old is it",
            "Paste it among the lines of “barn”, whose id stands on line 15 of owls.yaml.",
        ),
        (
            "\n    unanswered:\n      - who owned it",
            "      - how old is it",
            "Paste it below line 19 of owls.yaml, among the questions that nothing answers, of “barn”.",
        ),
        (
            "\n    unanswered: [who owned it]",
            ", how old is it",
            "Put it behind the last entry between the brackets that begin on line 18 of owls.yaml.",
        ),
    ],
)
async def test_a_question_that_nothing_answers_is_kept_from_the_fact_that_is_near(
    bench: Workbench, pack: Path, listed: str, text: str, where: str
) -> None:
    statement = "statement: The Night Owls recorded it in a barn."
    assert statement in PACK
    pack.write_text(PACK.replace(statement, statement + listed), encoding="utf-8")

    proposal = await bench.propose("how old is  it", "owls", None, "barn")
    await bench.write("how old is it", "owls", None, "barn")

    assert (proposal.text, proposal.where) == (text, where)
    assert load_pack(pack).facts[0].unanswered[-1] == "how old is it"
    with pytest.raises(LinerNotesError, match="the pack says so already"):
        await bench.write("How old is it?", "owls", None, "drummer")


async def test_a_question_that_nothing_is_near_becomes_a_test(bench: Workbench, pack: Path) -> None:
    await looked(bench)

    assert (await bench.propose("how tall is Mika", "owls", None)).text == (
        "tests:\n  - {question: how tall is Mika, fact: null}"
    )
    await bench.write("how tall is Mika", "owls", None)

    assert [(test.question, test.fact) for test in load_pack(pack).tests] == [
        ("how tall is Mika", None)
    ]


@pytest.mark.parametrize(
    ("listed", "text", "where"),
    [
        (
            "[Where did the Night Owls record?]",
            ", which shed",
            "Put it behind the last entry between the brackets that begin on line 18",
        ),
        (
            "\n      - Where did the Night Owls record?",
            "      - which shed",
            "Paste it below line 19 of owls.yaml, among the ways of asking for “barn”.",
        ),
    ],
)
async def test_the_line_to_paste_has_the_indent_of_its_list(
    bench: Workbench, pack: Path, listed: str, text: str, where: str
) -> None:
    both = "[Where did the Night Owls record?, In which building was it recorded?]"
    pack.write_text(PACK.replace(both, listed), encoding="utf-8")
    await looked(bench)

    proposal = await bench.propose("which shed", "owls", "barn")

    assert proposal.text == text
    assert proposal.where.startswith(where)


@pytest.mark.parametrize("question", ["which shed", "a shed, a barn or {what}?", "is it #1"])
async def test_the_words_to_paste_between_brackets_are_one_entry_there(
    bench: Workbench, pack: Path, question: str
) -> None:
    proposal = await bench.propose(question, "owls", "barn")

    last = "In which building was it recorded?"
    pack.write_text(PACK.replace(last, f"{last}{proposal.text}"), encoding="utf-8")

    assert load_pack(pack).facts[0].questions[2:] == (question,)


@pytest.mark.parametrize("fact", ["barn", None])
@pytest.mark.parametrize(
    ("question", "why"),
    [
        (
            "who\u200bhides",
            "it has an invisible character (U+200B) after 'who'; type the word anew",
        ),
        (
            "who hi\u00addes",
            "it has an invisible character (U+00AD) after 'hi'; type the word anew",
        ),
        (
            "who \ufeffhides",
            "it has an invisible character (U+FEFF) after 'who'; type the word anew",
        ),
        (
            "who \u202ehides",
            "it has an invisible character (U+202E) after 'who'; type the word anew",
        ),
        ("who \x07hides", "it has a character that no text has (U+0007); type it anew"),
        ("who \udc00hides", "it has a character that no text has (U+DC00); type it anew"),
        (
            "“who hides”",
            "it stands in typographic quotation marks, which are a part of the text; use plain ones, or none",
        ),
        ("x" * 301, "it has 301 characters, at most 300 are read"),
    ],
)
async def test_what_no_check_would_let_pass_is_not_written(
    bench: Workbench, pack: Path, question: str, fact: str | None, why: str
) -> None:
    assert (await bench.propose(question, "owls", fact)).objection == (
        f"It cannot be written there: {why}."
    )
    with pytest.raises(LinerNotesError) as refused:
        await bench.write(question, "owls", fact)

    assert str(refused.value) == f"It cannot be written there: {why}."
    assert [each.name for each in pack.parent.iterdir()] == [pack.name]


async def test_what_the_pack_says_of_a_question_already_is_held_against_it(
    bench: Workbench, pack: Path
) -> None:
    pack.with_name(SIDECAR).write_text(
        "tests:\n- {question: how tall is Mika, fact: null}\n- {question: a shed, fact: barn}\n"
        "unanswered: {barn: [whose barn]}\n",
        encoding="utf-8",
    )
    for question, fact, why in (
        ("How tall is Mika?", "drummer", "says already that nothing answers it; take that away"),
        ("Whose barn?", "barn", "says already that nothing answers it; take that away"),
        ("a shed?", "drummer", "says already that 'barn' answers it; take that away first"),
        ("whose barn", None, "It cannot be written there: the pack says so already."),
        ("a shed", None, "a test says that 'barn' answers it; take that away first"),
    ):
        with pytest.raises(LinerNotesError, match=re.escape(why)):
            await bench.write(question, "owls", fact)


async def test_a_question_is_written_once_however_soon_it_comes_again(
    bench: Workbench, pack: Path
) -> None:
    await looked(bench)

    both = await asyncio.gather(
        bench.write("which person pounds", "owls", "drummer"),
        bench.write("Which PERSON pounds?", "owls", "drummer"),
        bench.write("which person pounds?!", "owls", "barn"),
        return_exceptions=True,
    )

    assert [str(each) for each in both[1:]] == [
        "It cannot be written there: this fact has it already.",
        "It cannot be written there: 'drummer' has it already.",
    ]
    assert load_pack(pack).facts[1].questions[3:] == ("which person pounds",)


async def test_a_fact_that_was_renamed_since_the_last_look_gets_nothing(
    bench: Workbench, pack: Path
) -> None:
    await looked(bench)
    pack.write_text(PACK.replace("id: drummer", "id: percussion"), encoding="utf-8")

    with pytest.raises(LinerNotesError, match="has no fact called “drummer” in force"):
        await bench.write("who pounds", "owls", "drummer")

    await bench.write("who pounds", "owls", "percussion")
    assert load_pack(pack).facts[1].questions[3:] == ("who pounds",)


async def test_into_a_pack_with_faults_nothing_is_written(bench: Workbench, pack: Path) -> None:
    await looked(bench)
    sidecar = pack.with_name(SIDECAR)
    sidecar.write_text("questions:\n  barn: [which shed\n", encoding="utf-8")

    with pytest.raises(LinerNotesError, match=r"“owls” has faults, which come first: .*yaml:2"):
        await bench.write("who pounds", "owls", "drummer")

    assert sidecar.read_text(encoding="utf-8") == "questions:\n  barn: [which shed\n"


@pytest.mark.parametrize(
    ("question", "fact", "why"),
    [
        ("Who drums", "drummer", "It cannot be written there: this fact has it already."),
        ("who drums?", "barn", "It cannot be written there: 'drummer' has it already."),
        ("?!", "barn", "It cannot be written there: it has no words."),
        (
            "who drums",
            None,
            "It cannot be written there: 'drummer' is asked for in these words; take them away there first.",
        ),
        ("who is it", "bran", "The pack “owls” has no fact called “bran” in force."),
    ],
)
async def test_what_would_be_a_fault_is_not_written(
    bench: Workbench, pack: Path, question: str, fact: str | None, why: str
) -> None:
    await looked(bench)

    with pytest.raises(LinerNotesError) as refused:
        await bench.write(question, "owls", fact)

    assert str(refused.value) == why
    assert [each.name for each in pack.parent.iterdir()] == [pack.name]


async def test_a_pack_that_is_not_of_this_process_is_not_written(
    bench: Workbench, pack: Path
) -> None:
    other = pack.with_name("larks.yaml")
    other.write_text(PACK.replace("pack: owls", "pack: larks"), encoding="utf-8")
    await looked(bench)

    for name in ("larks", "../packs/owls", str(other)):
        with pytest.raises(LinerNotesError, match="There is no pack called"):
            await bench.write("who is it", name, "barn")
    assert sorted(each.name for each in pack.parent.iterdir()) == [other.name, pack.name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
async def test_a_sidecar_that_is_a_link_is_refused_with_its_reason(
    bench: Workbench, pack: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("questions:\n  barn:\n    - which shed\n", encoding="utf-8")
    pack.with_name(SIDECAR).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    await looked(bench)

    with pytest.raises(
        LinerNotesError, match="is a link to another file: write into the file it leads to"
    ):
        await bench.write("who pounds the skins", "owls", "drummer")

    assert elsewhere.read_bytes() == before


async def test_a_pack_that_came_with_the_program_is_shown_and_not_written(
    bench: Workbench, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "program_folder", lambda: pack.parent.parent)
    assert [each.path for each in (await looked(bench)).packs] == [pack]

    with pytest.raises(LinerNotesError, match="came with the bot and is replaced when the bot is"):
        await bench.write("who pounds the skins", "owls", "drummer")

    assert not pack.with_name(SIDECAR).exists()


async def test_the_lines_around_a_fault_are_shown_of_the_packs_files_alone(
    bench: Workbench, pack: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2\n", encoding="utf-8")
    at = line_of(pack, "id: barn")

    first, lines = await bench.read_excerpt(pack, at)

    assert lines[at - first] == "  - id: barn"
    assert (await bench.read_excerpt(pack, 10_000_000))[1][-1] == "not_names: [Mika]"
    for path in (secret, pack.parent / ".." / "secret.txt", pack.with_name(SIDECAR)):
        with pytest.raises(PackError, match="belongs to no pack here"):
            await bench.read_excerpt(path, 1)
