"""Signals: the first asks for a stop and answers finish; a second means what it always does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.bootstrap import build_bot
from bot.client.endpoint import use_endpoint
from bot.client.serve import serve
from bot.client.signals import handle_signals
from tests.support.knowledge import KnowledgeInMemory
from tests.support.serving import serving
from tests.support.waiting import patience, until

if TYPE_CHECKING:
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot signal itself")


def without_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the loop as Windows has it."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "add_signal_handler", refuse)
    monkeypatch.setattr(loop, "remove_signal_handler", refuse)


@pytest.mark.parametrize("is_windows", [False, True])
async def test_the_first_signal_asks_for_a_stop_and_the_second_interrupts(
    monkeypatch: pytest.MonkeyPatch, *, is_windows: bool
) -> None:
    if is_windows:
        without_signals(monkeypatch)
    stop = asyncio.Event()
    with handle_signals(stop.set):
        os.kill(os.getpid(), signal.SIGINT)
        async with patience():
            await stop.wait()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


async def test_afterwards_signals_mean_what_they_meant() -> None:
    with handle_signals(lambda: None):
        pass
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_a_stop_lets_an_answer_under_way_finish(
    sandbox: Sandbox, endpoint: Endpoint, knowledge: KnowledgeInMemory
) -> None:
    fan = sandbox.user("fan", guild="Night Owls", channel="general")
    knowledge.hold = 0.3
    stop = asyncio.Event()
    with use_endpoint(endpoint), handle_signals(stop.set):
        bot = build_bot(knowledge, Random(1), endpoint=endpoint)
        stopped = asyncio.create_task(serve(bot, sandbox.token, stop))
        await until(bot.app.is_ready)
        asking = asyncio.create_task(fan.command("ask", question="where was it recorded?"))
        await until(lambda: bot.services.in_flight.count)
        os.kill(os.getpid(), signal.SIGTERM)
        assert "They recorded it in a barn." in (await asking).text
        async with patience():
            await stopped
    assert bot.app.is_closed()


class ClosedNotes(KnowledgeInMemory):
    """Remembers that it was closed."""

    is_closed = False

    async def close(self) -> None:
        self.is_closed = True


async def test_new_notes_answer_at_once_and_the_old_are_closed_once_read(
    sandbox: Sandbox, endpoint: Endpoint
) -> None:
    fan = sandbox.user("fan", guild="Night Owls", channel="general")
    old, new = ClosedNotes(), ClosedNotes()
    new.facts = {"drummer": old.facts["drummer"]}
    old.hold = 0.3
    async with serving(sandbox, old, endpoint) as bot:
        asking = asyncio.create_task(fan.command("ask", question="where was it recorded?"))
        await until(lambda: bot.services.in_flight.count)
        using = asyncio.create_task(bot.services.holder.replace(new))
        await asyncio.sleep(0)
        assert "The notes don’t say" in (await fan.command("ask", question="recorded?")).text
        assert not old.is_closed or asking.done()
        assert "They recorded it in a barn." in (await asking).text
        await using
        assert (old.is_closed, new.is_closed) == (True, False)
