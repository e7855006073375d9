"""`linernotes demo` as a process of its own, seen through its page's API."""

from __future__ import annotations

import shutil
import signal
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import psutil
import pytest

from tests.support.demo import READING, begin, demo
from tests.support.packs import LANTERN_FILE
from tests.support.page_client import PageClient, text_of
from tests.support.waiting import patience, until

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from tests.support.stores import Stores

QUESTION = "When does Slow Water Almanac come out?"
RELEASED = "was to come out on October 4, 2024"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copy(LANTERN_FILE, tmp_path))


@pytest.fixture
async def running(tmp_path: Path, pack: Path, stores: Stores) -> AsyncIterator[tuple[Process, str]]:
    stores.put(tmp_path / "data" / "facts-elsewhere", pack)
    async with demo(tmp_path / "data", "--packs", pack) as started:
        yield started


@pytest.fixture
async def fan(running: tuple[Process, str]) -> AsyncIterator[PageClient]:
    async with PageClient.at(running[1]) as fan:
        yield fan


def edit(pack: Path, old: str, new: str) -> None:
    """Change one place in a pack."""
    text = pack.read_text(encoding="utf-8")
    assert old in text
    pack.write_text(text.replace(old, new, 1), encoding="utf-8")


async def test_the_page_is_there_and_a_question_is_answered(
    running: tuple[Process, str], fan: PageClient
) -> None:
    async with aiohttp.ClientSession() as session, session.get(running[1]) as response:
        assert response.status == 200
        assert "<title>" in await response.text()
    assert {"ask", "quote", "release", "topics"} <= {each["name"] for each in await fan.commands()}
    assert RELEASED in text_of(await fan.use("ask", question=QUESTION))


@pytest.mark.long
async def test_an_edited_pack_answers_without_a_restart(fan: PageClient, pack: Path) -> None:
    edit(pack, RELEASED, "is out in the spring")
    told = await fan.event(lambda event: event["type"] == "notice")
    assert told["level"] == "info"
    answer = text_of(await fan.use("ask", question=QUESTION))
    assert "is out in the spring" in answer
    assert RELEASED not in answer


@pytest.mark.long
async def test_a_faulty_pack_is_told_with_its_line_and_the_good_one_answers(
    fan: PageClient, pack: Path
) -> None:
    edit(pack, "kind: person", "kind: cat")
    told = await fan.event(lambda event: event["type"] == "notice")
    line = pack.read_text(encoding="utf-8").splitlines().index("    kind: cat") + 1
    assert told["level"] == "error"
    assert told["text"].startswith(f"{pack}:{line}: ")
    assert [each["id"] for each in (await fan.state())["notices"]] == [told["id"]]
    assert RELEASED in text_of(await fan.use("ask", question=QUESTION))

    edit(pack, "kind: cat", "kind: person")
    told = await fan.event(lambda event: event["type"] == "notice")
    assert told["level"] == "info"


@pytest.mark.long
async def test_tomorrows_post_comes_when_the_clock_is_moved(running: tuple[Process, str]) -> None:
    async with PageClient.at(running[1], "admin") as admin:
        # Soon due, its window closes long before the day ends that the clock is moved by.
        soon = f"{datetime.now(UTC) + timedelta(hours=1):%H:%M}"
        place = {"channel": admin.channel, "zone": "UTC", "time": soon}
        assert "is set" in text_of(await admin.use("daily set", name="morning", **place))
        await admin.post("clock", {"advance": 24 * 60 * 60})
        posted = await admin.event(
            lambda event: (
                event["type"] == "message_create"
                and event["message"].get("interaction_metadata") is None
            )
        )
        assert "About this quote" in text_of(posted["message"])
        await admin.post("clock", {"advance": 3 * 24 * 60 * 60})
        told = text_of(await admin.use("daily history"))
        assert told.count("[sent](") == 4
        assert told.count("on time") == 4


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
async def test_a_hangup_reads_the_packs_anew(running: tuple[Process, str], fan: PageClient) -> None:
    running[0].send_signal(signal.SIGHUP)
    told = await fan.event(lambda event: event["type"] == "notice")
    assert told["level"] == "info"


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_status_0_and_without_a_word(
    running: tuple[Process, str], fan: PageClient, number: signal.Signals
) -> None:
    process, _ = running
    await fan.use("ask", question=QUESTION)
    process.send_signal(number)
    async with patience():
        _, told = await process.communicate()
    assert (process.returncode, told.decode()) == (0, READING)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
async def test_a_stop_while_packs_are_compiled_ends_it_too(tmp_path: Path, pack: Path) -> None:
    process = await begin(tmp_path / "data", "--packs", pack)
    await until(psutil.Process(process.pid).children)
    process.send_signal(signal.SIGTERM)
    async with patience():
        _, told = await process.communicate()
    assert (process.returncode, told.decode()) == (0, READING)


@pytest.mark.long
async def test_it_leaves_nothing_outside_the_data_folder(
    running: tuple[Process, str], fan: PageClient, tmp_path: Path, pack: Path
) -> None:
    await fan.use("ask", question=QUESTION)
    assert {each.name for each in tmp_path.iterdir()} == {"data", pack.name}
    running[0].terminate()
    await running[0].wait()
    assert {each.name for each in (tmp_path / "data").iterdir()} == {"facts-elsewhere"}


@pytest.mark.long
async def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path, stores: Stores) -> None:
    stores.put_shipped(tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await begin(tmp_path / "data", "--port", str(port))
        _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith(f"{READING}127.0.0.1:{port} cannot be listened on")
    assert "Traceback" not in told.decode()


@pytest.mark.long
async def test_a_pack_that_never_was_sound_ends_it_with_the_fault(
    tmp_path: Path, pack: Path
) -> None:
    edit(pack, "kind: person", "kind: cat")
    process = await begin(tmp_path / "data", "--packs", pack)
    _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith(f"{READING}{pack}:")
