from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, ClassVar

import pytest

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_reloader import PackReloader
from bot.answering.pack_set import Fingerprint, PackSet
from bot.answering.results import Found
from bot.errors import PackError
from tests.support.packs import HIDE, write_starter
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.errors import LinerNotesError
    from tests.support.stores import Stores

QUESTION = "When does A Record come out?"
RELEASED = "comes out in May 2020"
OFTEN = 0.02


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_starter(tmp_path / "packs")


class Desk:
    """Whoever answers: the notes in force, those before them, and what was told."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.before: list[KnowledgeBase] = []
        self.told: list[LinerNotesError | None] = []
        self.may_close = asyncio.Event()
        self.reloader: PackReloader | None = None

    async def use(self, knowledge: KnowledgeBase) -> None:
        self.before.append(self.knowledge)
        self.knowledge = knowledge
        await self.may_close.wait()
        await self.before.pop().close()

    async def answer(self) -> str:
        answer = await self.knowledge.answer(QUESTION, self.knowledge.packs)
        assert isinstance(answer, Found)
        return answer.answer.fact.statement


@pytest.fixture
async def pack_set(tmp_path: Path, pack: Path, stores: Stores) -> PackSet:
    stores.put(tmp_path / "facts", pack)
    return PackSet((pack.parent,), tmp_path / "facts", is_configured=True)


@pytest.fixture
async def desk(pack_set: PackSet) -> AsyncIterator[Desk]:
    async with await KnowledgeBase.open(pack_set.ensure_index(), HIDE) as knowledge:
        desk = Desk(knowledge)
        reloader = PackReloader(pack_set, desk.use, desk.told.append, hide=HIDE, interval=OFTEN)
        async with reloader:
            desk.reloader = reloader
            yield desk
            desk.may_close.set()


def edit(pack: Path, old: str, new: str) -> None:
    text = pack.read_text(encoding="utf-8")
    assert old in text
    pack.write_text(text.replace(old, new, 1), encoding="utf-8")


async def test_an_edited_pack_is_in_force_whole(desk: Desk, pack: Path) -> None:
    edit(pack, RELEASED, "is out in the spring")
    await until(lambda: desk.told)
    assert desk.told == [None]
    assert "is out in the spring" in await desk.answer()


async def test_what_was_asked_before_is_answered_anew_once_the_pack_changed(
    desk: Desk, pack: Path
) -> None:
    assert [RELEASED in await desk.answer() for _ in range(2)] == [True, True]  # from memory
    edit(pack, RELEASED, "is out in the spring")
    await until(lambda: desk.told)
    assert "is out in the spring" in await desk.answer()


async def test_an_answer_under_way_is_given_from_the_notes_it_began_with(
    desk: Desk, pack: Path
) -> None:
    before = desk.knowledge
    edit(pack, RELEASED, "is out in the spring")
    await until(lambda: desk.told)
    answer = await before.answer(QUESTION, before.packs)
    assert isinstance(answer, Found)
    assert RELEASED in answer.answer.fact.statement
    desk.may_close.set()
    await until(lambda: not desk.before)


async def test_a_faulty_pack_changes_nothing_and_is_told_with_its_line(
    desk: Desk, pack: Path
) -> None:
    knowledge = desk.knowledge
    edit(pack, "kind: person", "kind: cat")
    await until(lambda: desk.told)
    (error,) = desk.told
    assert isinstance(error, PackError)
    assert str(error).startswith(f"{pack}:")
    assert desk.knowledge is knowledge
    assert RELEASED in await desk.answer()

    edit(pack, "kind: cat", "kind: person")
    await until(lambda: len(desk.told) > 1)
    assert desk.told[1] is None


async def test_a_pack_that_is_added_and_taken_away_is_noticed(desk: Desk, pack: Path) -> None:
    other = pack.with_name("other.yaml")
    other.write_text("pack: [", encoding="utf-8")
    await until(lambda: desk.told)
    assert isinstance(desk.told[0], PackError)
    other.unlink()
    await until(lambda: len(desk.told) > 1)
    assert desk.told[1] is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
async def test_a_pipe_among_the_packs_is_told_and_forgotten_when_it_is_gone(
    desk: Desk, pack: Path
) -> None:
    pipe = pack.with_name("pipe.yaml")
    os.mkfifo(pipe)
    await until(lambda: desk.told)
    assert "this is no plain file" in str(desk.told[0])
    pipe.unlink()
    await until(lambda: len(desk.told) > 1)
    assert desk.told[1] is None


async def test_asked_it_reads_anew_though_nothing_changed(desk: Desk) -> None:
    assert desk.reloader is not None
    desk.reloader.request_reload()
    await until(lambda: desk.told)
    assert desk.told == [None]
    assert RELEASED in await desk.answer()


async def test_a_folder_that_vanishes_for_a_moment_leaves_the_notes_in_force(
    desk: Desk, pack: Path
) -> None:
    away = pack.parent.rename(pack.parent.with_name("away"))
    await until(lambda: desk.told)
    assert isinstance(desk.told[0], PackError)
    assert RELEASED in await desk.answer()
    away.rename(pack.parent)
    await until(lambda: len(desk.told) > 1)
    assert desk.told[1] is None


class SlowEditor(PackSet):
    """A set of one pack that is written anew a piece at a time, one after each look at it."""

    pieces: ClassVar[list[str]] = []

    def take_fingerprint(self) -> Fingerprint:
        found = super().take_fingerprint()
        if self.pieces:
            with self.places[0].open("a", encoding="utf-8") as file:
                file.write(self.pieces.pop(0))
        return found


async def test_a_pack_that_is_half_written_at_a_look_is_not_read_yet(
    tmp_path: Path, pack: Path
) -> None:
    whole = pack.read_text(encoding="utf-8").replace(RELEASED, "is out in the spring")
    half = whole.index("facts:")
    editor = SlowEditor((pack,), tmp_path / "facts", is_configured=True)
    async with await KnowledgeBase.open(editor.ensure_index(), HIDE) as knowledge:
        desk = Desk(knowledge)
        desk.may_close.set()
        reloader = PackReloader(editor, desk.use, desk.told.append, hide=HIDE, interval=OFTEN)
        pack.write_text(whole[:half], encoding="utf-8")
        size = len(whole) // 8
        editor.pieces.extend(whole[at : at + size] for at in range(half, len(whole), size))
        async with reloader:
            await until(lambda: desk.told)
            assert desk.told == [None]
            assert "is out in the spring" in await desk.answer()
