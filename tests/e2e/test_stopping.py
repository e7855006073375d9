"""Stopping a real process that has something under way, and watching it from outside."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import TYPE_CHECKING

import aiohttp
import psutil
import pytest

from bot.sandbox.http.faults import Fault
from tests.e2e.test_cli_sandbox import command
from tests.e2e.test_process import bot, until_logged
from tests.support.packs import LANTERN_FILE
from tests.support.postgres import free_port
from tests.support.waiting import PATIENCE_S, patience, until, works

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")


@pytest.mark.long
async def test_a_stop_while_packs_are_compiled_ends_it_and_its_compiler(tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "LINERNOTES_API": "http://127.0.0.1:9/api",
        "LINERNOTES_GATEWAY": "ws://127.0.0.1:9/gateway",
        "LINERNOTES_TOKEN": "x",
        "LINERNOTES_METRICS_PORT": str(port),
        "LINERNOTES_DATA_DIR": str(tmp_path),
        "LINERNOTES_PACKS": str(LANTERN_FILE),  # the others were compiled before
    }
    async with (
        command("run", **settings) as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        children = psutil.Process(process.pid).children
        await until(children)
        compiling = children()
        async with session.get("/readyz") as answer:  # not held up by the compiler
            assert (await answer.json())["parts"] == {"gateway": "The bot is starting."}
        process.send_signal(signal.SIGHUP)  # not yet listened to, and no reason to die
        process.terminate()
        async with patience():
            _, told = await process.communicate()
        assert (process.returncode, told.decode()) == (0, "")
    await until(lambda: not any(map(works, compiling)))


@pytest.mark.long
async def test_a_thread_that_hangs_does_not_hold_up_a_stop(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", STUCK_NOTES="yes") as process:
        await until_logged(process, "shard ready")
        process.send_signal(signal.SIGTERM)
        await until_logged(process, "stopping")
        async with patience():  # Python would wait for the thread, which takes an hour
            assert await process.wait() == 1
            assert process.stderr is not None
            assert "left without an orderly end" in (await process.stderr.read()).decode()


@pytest.mark.long
async def test_an_answer_that_takes_too_long_does_not_hold_up_a_stop(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", SLOW_NOTES="yes") as process:
        await until_logged(process, "shard ready")
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        asked = fan.begin("ask", question="maybe")
        await until(lambda: asked.state == "thinking")
        process.send_signal(signal.SIGTERM)
        async with patience():
            assert await process.wait() == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 1)]
)
async def test_a_second_signal_does_not_wait(
    sandbox: Sandbox, number: signal.Signals, status: int
) -> None:
    async with bot(sandbox, "run", SLOW_NOTES="yes") as process:
        await until_logged(process, "shard ready")
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        asked = fan.begin("ask", question="maybe")
        await until(lambda: asked.state == "thinking")
        process.send_signal(number)
        await until_logged(process, "stopping")
        process.send_signal(number)
        _, rest = await process.communicate()
    assert process.returncode == status
    assert '"stopped"' not in rest.decode()


@pytest.mark.long
async def test_readiness_follows_the_gateway_in_a_real_process(sandbox: Sandbox) -> None:
    port = free_port()
    async with (
        bot(sandbox, "run", LINERNOTES_METRICS_PORT=str(port)) as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        await until_logged(process, "shard ready")
        async with session.get("/readyz") as answer:
            assert (answer.status, (await answer.json())["parts"]) == (
                200,
                {"clock": "ok", "database": "ok", "gateway": "ok", "posting": "ok"},
            )
        sandbox.faults.add(Fault("outage", seconds=2 * PATIENCE_S))
        await _until_unready(session)
        async with session.get("/healthz") as answer:
            assert answer.status == 200
        async with session.get("/metrics") as answer:
            assert 'linernotes_shard_state="lost",shard="0"} 1.0' in await answer.text()
        process.terminate()
        async with patience():
            assert await process.wait() == 0


async def _until_unready(session: aiohttp.ClientSession) -> None:
    async with patience():
        while True:
            async with session.get("/readyz") as answer:
                if answer.status == 503:
                    told = json.loads(await answer.text())
                    break
            await asyncio.sleep(0.05)
    assert told["parts"]["gateway"] == "1 of 1 shards are not connected to Discord: 0."
