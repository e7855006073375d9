"""A real process: it starts, answers, and stops when told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.sandbox.http.faults import Fault
from bot.scheduling.storage.advisory_lock import LOCK, QUEUE
from bot.scheduling.storage.database import State
from tests.support.postgres import postgres_cluster, postgres_server
from tests.support.waiting import PATIENCE_S, patience, until

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from bot.sandbox.server import Sandbox
    from tests.support.postgres import PostgresServer

__all__ = ["postgres_cluster", "postgres_server"]

ROOT = Path(__file__).parent.parent.parent


@asynccontextmanager
async def bot(sandbox: Sandbox, *arguments: str, **settings: str) -> AsyncIterator[Process]:
    with tempfile.TemporaryDirectory(prefix="linernotes-") as folder:
        async with bot_in(folder, sandbox, *arguments, **settings) as process:
            yield process


@asynccontextmanager
async def bot_in(
    folder: str,
    sandbox: Sandbox,
    *arguments: str,
    program: str = "tests.support.bot_process",
    **settings: str,
) -> AsyncIterator[Process]:
    env = {name: text for name, text in os.environ.items() if not name.startswith("LINERNOTES_")}
    env |= {
        "LINERNOTES_DATA_DIR": folder,
        "LINERNOTES_TOKEN": sandbox.token,
        "LINERNOTES_API": sandbox.api_url,
        "LINERNOTES_GATEWAY": sandbox.gateway_url,
        "LINERNOTES_LOG_FORMAT": "json",
        "LINERNOTES_COOLDOWN": "off",  # a test asks more than a member may
    } | settings
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", program, *arguments,
        cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until_logged(process: Process, event: str) -> list[str]:
    assert process.stderr is not None
    lines = []
    async with patience():
        async for raw in process.stderr:
            lines.append(raw.decode())
            if json.loads(raw)["event"] == event:
                return lines
    raise AssertionError(f"{event} never came; there was {lines}")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_status_0(sandbox: Sandbox, number: signal.Signals) -> None:
    async with bot(sandbox, "run") as process:
        await until_logged(process, "shard ready")
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        assert "barn" in (await fan.command("ask", question="where was it recorded?")).text
        process.send_signal(number)
        lines = await until_logged(process, "stopped")
        assert await process.wait() == 0
        assert not any("warning" in line or "error" in line for line in lines)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_a_stop_during_start_ends_it_too(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("slow", seconds=2 * PATIENCE_S, path="/gateway/bot"))
    async with bot(sandbox, "run", LINERNOTES_LOG_LEVEL="debug") as process:
        await until_logged(process, "logging in using static token")
        process.send_signal(signal.SIGTERM)
        async with patience():
            assert await process.wait() == 0


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_a_stop_ends_it_while_it_waits_for_its_turn_to_identify(
    sandbox: Sandbox, postgres_server: PostgresServer
) -> None:
    url = postgres_server.new_database()
    own = url.replace("postgresql://", "postgresql+asyncpg://")
    async with await State.open(url) as other, other.write() as holding:
        await holding.execute(text(f"SELECT pg_advisory_xact_lock({LOCK}, 0)"))
        async with bot(sandbox, "run", "--shards", "0/2", LINERNOTES_STATE_URL=own) as process:
            await until_logged(process, "identifying in turn")
            process.terminate()
            async with asyncio.timeout(QUEUE * 0.75):  # or it would leave the queue by itself
                assert await process.wait() == 0
    assert not sandbox.container.ratelimits.starts


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_a_stop_lets_a_post_under_way_finish(sandbox: Sandbox) -> None:
    admin = sandbox.user("admin", guild="Night Owls", channel="general")
    async with bot(sandbox, "run") as process:
        await until_logged(process, "shard ready")
        wanted = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}
        await admin.command("daily set", **wanted)
        slow = Fault("slow", seconds=1.0, times=1, method="POST", path="/channels/*/messages")
        sandbox.faults.add(slow)
        posting = asyncio.create_task(admin.command("daily now"))
        await until(lambda: not sandbox.faults.active())
        process.terminate()
        assert "Posted in" in (await posting).text
        await until_logged(process, "stopped")
        assert await process.wait() == 0


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL to send")
async def test_what_was_set_is_there_after_a_kill(sandbox: Sandbox, tmp_path: Path) -> None:
    admin = sandbox.user("admin", guild="Night Owls", channel="general")
    async with bot_in(str(tmp_path), sandbox, "run") as process:
        await until_logged(process, "shard ready")
        wanted = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}
        await admin.command("daily set", **wanted)
        process.kill()
        await process.wait()
    async with bot_in(str(tmp_path), sandbox, "run") as process:
        await until_logged(process, "shard ready")
        assert "**morning**" in (await admin.command("daily list")).text
    assert (tmp_path / "state.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.long
async def test_several_processes_on_sqlite_are_warned_that_they_cannot_wait_for_each_other(
    sandbox: Sandbox,
) -> None:
    async with bot(sandbox, "run", "--shards", "1/2") as process:
        told = [json.loads(line) for line in await until_logged(process, "shard ready")]
    (warned,) = [line for line in told if line["level"] == "warning"]
    assert warned["event"].startswith("several processes on SQLite cannot take turns to identify")
    assert warned["shards"] == "1/2"


async def test_shards_that_do_not_fit_are_told_in_a_sentence(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", "--shards", "4/4") as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode() == (
        "LINERNOTES_SHARDS is '4/4': does not fit; shards of 4 are counted from 0 to 3.\n"
    )


@pytest.mark.long
async def test_the_log_holds_neither_token_nor_typed_words(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run") as process:
        await until_logged(process, "shard ready")
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        await fan.command("ask", question="xyzzy plugh")
        process.terminate()
        assert process.stderr is not None
        rest = (await process.stderr.read()).decode()
    assert "stopped" in rest
    assert sandbox.token not in rest
    assert "xyzzy" not in rest


async def test_a_wrong_token_is_told_in_a_sentence(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", LINERNOTES_TOKEN="wrong.to.ken") as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert "Discord does not know this token; reset it" in told.decode()
    assert "Traceback" not in told.decode()
    assert "wrong.to.ken" not in told.decode()


async def test_no_token_says_how_to_get_one(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", LINERNOTES_TOKEN="") as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith("There is no bot token.")


@pytest.mark.long
async def test_a_gateway_other_than_the_one_given_is_refused(sandbox: Sandbox) -> None:
    sandbox.container.gateway.url = "ws://127.0.0.2:9/gateway"
    async with bot(sandbox, "run") as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert "names ws://127.0.0.2:9/gateway as its gateway" in told.decode()


@pytest.mark.long
async def test_an_address_off_this_machine_is_refused(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", LINERNOTES_API="http://192.0.2.1/api/v10") as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert "http://192.0.2.1/api/v10: not on this machine" in told.decode()


@pytest.mark.long
async def test_sync_publishes_shows_and_then_has_nothing_to_do(sandbox: Sandbox) -> None:
    async with bot(sandbox, "sync", "--dry-run") as process:
        shown, _ = await process.communicate()
    assert shown.decode().startswith(
        "new: Answer from the notes, about, ask, daily, gaps, help, packs, privacy, quote, "
        "release, suggest, topics\n--- Discord\n+++ ours"
    )
    async with bot(sandbox, "sync") as process:
        shown, _ = await process.communicate()
    assert shown.decode() == (
        "new: Answer from the notes, about, ask, daily, gaps, help, packs, privacy, quote, "
        "release, suggest, topics\n"
    )
    async with bot(sandbox, "sync") as process:
        shown, _ = await process.communicate()
    assert shown.decode() == "The commands are up to date.\n"


async def test_config_shows_what_is_in_force_and_where_from(sandbox: Sandbox) -> None:
    async with bot(sandbox, "config", LINERNOTES_TOKN="x") as process:
        shown, told = await process.communicate()
    assert sandbox.token not in shown.decode()
    rows = [line.split() for line in shown.decode().splitlines()]
    assert ["token", "••••••••", "LINERNOTES_TOKEN"] in rows
    assert ["metrics_port", "off", "default"] in rows
    assert "LINERNOTES_TOKN is set, but it is no setting" in told.decode()
