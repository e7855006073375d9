"""What fans asked in vain: the like together, and as a file that goes back into a pack."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.answering.results import NearestFact, Suggestion
from bot.cli.facts_gaps import Report
from bot.cli.main import linernotes
from bot.cli.program import Program
from bot.errors import StateError
from bot.evaluation.gaps import Asked, GapGroup, find_gaps
from bot.packs.loader import load_pack
from bot.scheduling.gaps import GapService
from bot.scheduling.storage.database import State
from tests.evaluation.test_questionnaire import PACK
from tests.support.discord import Clock
from tests.support.knowledge import PACK as KNOWN
from tests.support.knowledge import KnowledgeInMemory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.index.scope import Scope


@asynccontextmanager
async def open_in_memory(*_: object, **__: object) -> AsyncIterator[KnowledgeBase]:
    yield KnowledgeInMemory()


def asked(**times: int) -> list[Asked]:
    return [Asked(words.replace("_", " "), count) for words, count in times.items()]


def near_to(fact: str, *, is_answer: bool) -> NearestFact:
    return NearestFact(Suggestion(KNOWN, fact, "Where was it?", "In a barn."), is_answer)


class KnowledgeByWord(KnowledgeInMemory):
    """Takes the first fact of which a word is in the question for the nearest."""

    def __init__(self, nearest: Mapping[str, str] | None = None, answered: str = "") -> None:
        super().__init__()
        self._nearest = nearest or {}
        self._answered = answered

    async def find_nearest(self, question: str, scope: Scope) -> NearestFact | None:
        for word, fact in self._nearest.items():
            if word in question:
                return near_to(fact, is_answer=bool(self._answered) and self._answered in question)
        return None


async def grouped(knowledge: KnowledgeByWord, **times: int) -> list[list[str]]:
    found = await find_gaps(knowledge, knowledge.packs, asked(**times))
    return [[each.words for each in group.questions] for group in found]


async def test_the_same_question_in_other_words_is_one_group() -> None:
    knowledge = KnowledgeByWord()
    groups = await find_gaps(
        knowledge,
        knowledge.packs,
        asked(
            who_painted_the_van=2,
            Who_PAINTED_the_van=3,
            do_you_know_who_it_was_that_painted_their_vans=1,
            when_is_the_next_tour=4,
            who_painted_the_barn=1,
        ),
    )
    assert [group.questions for group in groups] == [
        (
            Asked("who painted the van", 5),
            Asked("do you know who it was that painted their vans", 1),
        ),
        (Asked("when is the next tour", 4),),
        (Asked("who painted the barn", 1),),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("who_painted_the_van", "who_has_painted_this_van"),
        ("does_it_have_the_song", "did_they_have_that_song"),
        ("is_it_a_song", "was_that_a_song"),
        ("do_you_know_is_it_a_song", "is_it_a_song"),
    ],
)
async def test_questions_that_differ_in_phrasing_alone_are_grouped(one: str, other: str) -> None:
    groups = await grouped(KnowledgeByWord(), **{one: 2, other: 1})
    assert groups == [[one.replace("_", " "), other.replace("_", " ")]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("who_is_it", "are_they_on"),
        ("how_old_is_the_salt_marsh_tapes", "how_long_is_the_salt_marsh_tapes"),
        ("how_old_is_corin_ashby", "how_tall_is_corin_ashby"),
        ("when_was_corin_born", "where_was_corin_born"),
        ("who_plays_the_drums_on_afterwards", "who_plays_the_bass_on_afterwards"),
        ("why_did_lorcan_leave", "when_did_lorcan_leave"),
        ("who_likes_cats", "who_hates_cats"),
        ("when_did_they_play_in_rome", "when_will_they_play_in_rome"),
        ("songs_written_by_corin_ashby", "songs_written_for_corin_ashby"),
        ("how_old_is_colin_ashby", "how_old_is_corin_ashby"),
        ("does_it_have_the_song", "is_it_a_song"),
        ("does_it_have_the_song", "that_song"),
        ("is_it_a_song", "that_song"),
        ("which_song_does_it_have", "which_song_is_it"),
        ("who_has_the_drums", "who_is_the_drum"),
    ],
)
async def test_questions_that_ask_for_different_things_are_not_grouped(
    one: str, other: str
) -> None:
    groups = await grouped(KnowledgeByWord(), **{one: 2, other: 1})
    assert groups == [[one.replace("_", " ")], [other.replace("_", " ")]]


async def test_of_questions_that_look_alike_each_has_its_own_nearest_fact_and_answer() -> None:
    knowledge = KnowledgeByWord({"record": "barn", "van": "drummer"}, answered="recorded")
    groups = await find_gaps(
        knowledge, knowledge.packs, asked(who_recorded_it=3, who_records_it=2, who_drove_the_van=1)
    )
    assert [
        (group.questions[0].words, group.is_answered, group.is_near(KNOWN, "barn"))
        for group in groups
    ] == [
        ("who recorded it", True, True),
        ("who records it", False, True),
        ("who drove the van", False, False),
    ]


def test_answered_questions_are_counted_one_by_one_and_the_open_ones_shown() -> None:
    drums = tuple(asked(who_drums=2, who_is_it_that_drums=1))
    groups = (
        GapGroup(drums, near_to("drummer", is_answer=True)),
        GapGroup(tuple(asked(how_long=3)), near_to("barn", is_answer=False)),
    )
    lines = "\n".join(Report(groups, (), (), passed_over=1).lines())
    assert "     3 times  how long\n" in lines
    assert "2 more questions are answered by now." in lines
    assert "One more question, asked more seldom, was not looked through." in lines


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
