"""Whatever people type: once they are answered, it is nowhere in the memory of the bot."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
from typing import TYPE_CHECKING

import discord
import pytest

from bot.answering.pack_set import PackSet
from tests.e2e.test_process import bot_in, until_logged
from tests.support.heap import WIPING, can_search_memory, typed_bytes_left, typed_word
from tests.support.waiting import patience, until

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from pathlib import Path

    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person

WINDOW = 1 << 15


async def left_in(process: Process, report: Path) -> dict[str, str]:
    """Return what is left of typed words in a bot that searches its own heap."""
    report.unlink(missing_ok=True)
    process.send_signal(signal.SIGUSR1)
    await until(report.exists)
    found: dict[str, str] = json.loads(report.read_text(encoding="utf-8"))
    return found


async def use_everything(fan: Person, admin: Person) -> None:
    """Type a word of its own into whatever takes one."""
    words = map(typed_word, range(100))
    asked = await fan.command("ask", question=f"When does {next(words)} come out, {next(words)}?")
    await asked.press("What the notes cover")
    await fan.command("ask", question=f"when is the album out {next(words)}", private=True)
    await fan.command("quote", about=next(words), by="Kendall")
    await fan.command("quote", by=next(words))
    quote = await fan.command("quote", about="fans")
    await quote.press("Another")
    await fan.command("release", title=f"24/Seven {next(words)}")
    for command, option in (
        ("ask", "question"),
        ("quote", "about"),
        ("quote", "by"),
        ("release", "title"),
    ):
        await fan.autocomplete(command, option, f"wh {next(words)}")
    for said in (f"When is the album out {next(words)}?", f"{next(words)} {next(words)}"):
        message = admin.say(said)
        answered = await fan.menu("Answer from the notes", message.id)
    await answered.press("What the notes cover")
    await admin.command("packs", pack=next(words), answers=False)
    await admin.autocomplete("packs", "pack", next(words))
    daily = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}
    await admin.command("daily set", **daily | {"time": next(words)[:8]})
    await admin.command("daily set", **daily | {"zone": next(words)})
    await admin.autocomplete("daily set", "zone", next(words))


@pytest.mark.long
@pytest.mark.skipif(not can_search_memory, reason="memory is searched as Linux and glibc show it")
async def test_what_was_typed_is_left_to_the_decompressor_of_the_gateway_alone(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    await asyncio.to_thread(PackSet.choose(tmp_path, ()).ensure_index)
    async with bot_in(str(tmp_path), sandbox, "run", program="bot", **WIPING) as process:
        await until_logged(process, "shard ready")
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        admin = sandbox.user("admin", guild="Night Owls", channel="general")
        await use_everything(fan, admin)
        left = await left_in_memory(process)
    # Discord compresses all it sends as one stream, which refers back to what was sent before.
    assert is_one_window(left), left


async def left_in_memory(process: Process) -> list[tuple[int, bytes]]:
    """Return what is left of typed words once it is all in one place, or after a minute."""
    left: list[tuple[int, bytes]] = []
    for _ in range(60):
        left = await asyncio.to_thread(typed_bytes_left, process.pid)
        if is_one_window(left):
            break
        await asyncio.sleep(1)
    return left


def is_one_window(found: list[tuple[int, bytes]]) -> bool:
    """Return whether all stands within the 32 KiB that zlib looks back."""
    places = [address for address, _ in found]
    return not places or max(places) - min(places) < WINDOW


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGUSR1 to send")
async def test_what_was_typed_is_nowhere_in_the_heap_of_the_bot(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    report = tmp_path / "left.json"
    await asyncio.to_thread(
        PackSet.choose(tmp_path, ()).ensure_index
    )  # compiled while nobody waits for it
    program = "tests.support.heap_process"
    async with bot_in(
        str(tmp_path), sandbox, "run", program=program, HEAP_REPORT=str(report)
    ) as process:
        await until_logged(process, "shard ready")
        before = (await left_in(process, report)).keys()
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        admin = sandbox.user("admin", guild="Night Owls", channel="general")
        await use_everything(fan, admin)
        async with patience():
            while (await left_in(process, report)).keys() - before:  # noqa: ASYNC110 - the heap has no event
                await asyncio.sleep(1)


@pytest.mark.long
async def test_an_interaction_is_forgotten_with_its_answer(
    fan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interactions() -> list[object]:
        gc.collect()
        return [each for each in gc.get_objects() if type(each) is discord.Interaction]

    others = {id(each): each for each in interactions()}  # those of other tests in this process
    monkeypatch.setattr("bot.client.app.GUARD_SECONDS", 3_600)
    await fan.command("ask", question="where was it recorded?")
    await fan.command("privacy erase")  # refused
    reply = await fan.command("quote", about="noise")
    await reply.press("Another")

    def are_forgotten() -> bool:
        return all(id(each) in others for each in interactions())

    await until(are_forgotten)
