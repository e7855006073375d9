"""What fans asked in vain: the like together, and as a file that goes back into a pack."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli.main import linernotes
from bot.cli.program import Program
from bot.errors import StateError
from bot.evaluation.gaps import Asked, group_alike
from bot.packs.loader import load_pack
from bot.scheduling.gaps import GapService
from bot.scheduling.storage.database import State
from tests.evaluation.test_questionnaire import PACK
from tests.support.discord import Clock
from tests.support.knowledge import PACK as KNOWN
from tests.support.knowledge import KnowledgeInMemory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.answering.knowledge_base import KnowledgeBase


@asynccontextmanager
async def open_in_memory(*_: object, **__: object) -> AsyncIterator[KnowledgeBase]:
    yield KnowledgeInMemory()


def asked(**times: int) -> list[Asked]:
    return [Asked(words.replace("_", " "), count) for words, count in times.items()]


def test_the_same_question_in_other_words_is_one_group() -> None:
    groups = group_alike(
        asked(
            who_painted_the_van=2,
            Who_PAINTED_the_van=3,
            who_was_it_that_painted_their_van=1,
            when_is_the_next_tour=4,
            who_painted_the_barn=1,
        )
    )
    assert groups == [
        (Asked("who painted the van", 5), Asked("who was it that painted their van", 1)),
        (Asked("when is the next tour", 4),),
        (Asked("who painted the barn", 1),),
    ]


def test_questions_of_small_words_alone_are_told_apart() -> None:
    groups = group_alike(asked(who_is_it=1, are_they_on=1))
    assert len(groups) == 2


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / f"{KNOWN}.yaml"
    path.write_text(PACK.replace("pack: owls", f"pack: {KNOWN}"), encoding="utf-8")
    return path


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give a state in which two servers keep what was asked in vain."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'state.db'}"

    async def fill() -> None:
        async with await State.open(url) as state:
            made = GapService(state, Clock(), lambda: "key")
            for guild in (1, 2):
                await made.switch_on(guild, takes_suggestions=True)
                await made.keep_question(guild, "maybe")
                await made.keep_question(guild, "Which SNACKS do zebras buy?")
                await made.keep_objection(guild, KNOWN, "drummer", "It is Robin by now.")
                await made.suggest(guild, 7, "Say who drove them.")
            await made.keep_question(2, "Who plays the drums?")
            await made.keep_objection(2, "gone", "fact", "")

    asyncio.run(fill())
    return url


def run(url: str, *words: str | Path) -> str:
    done = CliRunner(env={"LINERNOTES_STATE_URL": url}).invoke(
        linernotes,
        ["facts", *map(str, words)],
        obj=Program(open_knowledge=open_in_memory),
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_the_host_sees_all_servers_together_and_no_server(pack: Path, url: str) -> None:
    shown = run(url, "gaps", "--packs", pack)
    assert "     2 times  maybe\n" in shown
    assert "nearest: night-owls-1999/barn, “Where was it recorded?”" in shown
    assert "     2 times  Which SNACKS do zebras buy?\n" in shown
    assert "One more question is answered by now." in shown
    assert "     2 times  It is Robin by now.\n" in shown
    assert "night-owls-1999/drummer: “Mika plays the drums.”" in shown
    assert "        once  no reason given\n" in shown
    assert "gone/fact: is gone" in shown
    assert "     2 times  Say who drove them.\n" in shown

    found: dict[str, Any] = json.loads(run(url, "gaps", "--json", "--packs", pack))
    assert {"words": "Say who drove them.", "times": 2} in found["suggestions"]
    assert [each["is_answered"] for each in found["asked"]].count(True) == 1

    lines = run(url, "gaps", "--yaml", "--packs", pack)
    assert "questions:\n  barn:\n    - maybe\n" in lines


def test_a_file_for_the_author_is_read_back_into_the_sidecar(pack: Path, url: str) -> None:
    said = run(url, "gaps", "--for", pack)
    file = pack.with_name(f"{KNOWN}.gaps.txt")
    assert f"{file} is written." in said
    text = file.read_text(encoding="utf-8")
    assert "> The Night Owls recorded it in a barn.\n? maybe\n" in text
    assert "  drummer: It is Robin by now. (2)\n" in text
    assert "  Say who drove them. (2)\n" in text

    untouched = run(url, "questionnaire", pack, "--read", file)
    assert untouched == "Ways of asking: 0 taken, 0 left out.\n"
    file.write_text(text.replace("? maybe", "- maybe"), encoding="utf-8")
    assert "barn: 1 more, 3 in all." in run(url, "questionnaire", pack, "--read", file)
    assert load_pack(pack).facts[0].questions[-1] == "maybe"


def test_without_gaps_it_is_said_how_they_come_about(pack: Path, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"

    async def make() -> None:
        async with await State.open(url):
            pass

    asyncio.run(make())
    assert "uses /gaps on" in run(url, "gaps", "--packs", pack)


def test_a_state_that_is_not_there_is_not_made(pack: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    with pytest.raises(StateError, match="There is no state in the database"):
        run(f"sqlite+aiosqlite:///{file}", "gaps", "--packs", pack)
    assert not file.exists()


def test_options_that_do_not_go_together_are_refused(pack: Path) -> None:
    for words in (["--json", "--yaml"], ["--json", "--for", pack], ["--out", "x.txt"]):
        done = CliRunner().invoke(linernotes, ["facts", "gaps", *map(str, words)])
        assert done.exit_code == 2
