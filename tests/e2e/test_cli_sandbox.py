"""`linernotes sandbox` beside `linernotes run`, as the README's "Host it" has it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.cli.sandbox import PORT, READY, TOKEN
from tests.support.packs import REPOSITORY
from tests.support.page_client import PageClient, text_of
from tests.support.postgres import free_port
from tests.support.waiting import patience

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.support.stores import Stores

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


@asynccontextmanager
async def command(*words: str, **settings: str) -> AsyncIterator[Process]:
    env = {name: text for name, text in os.environ.items() if not name.startswith("LINERNOTES_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "bot", *words, cwd=REPOSITORY, env=env | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip  # who is started, where, and what is heard of it
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def told(process: Process) -> str:
    """Return what the sandbox says once it is there."""
    assert process.stdout is not None
    async with patience():
        return (await process.stdout.readuntil(b"linernotes run\n")).decode()


async def ready(port: int) -> None:
    async with patience(), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


@pytest.mark.long
async def test_a_bot_is_hosted_with_what_the_sandbox_tells(tmp_path: Path, stores: Stores) -> None:
    stores.put_shipped(tmp_path)
    watched = free_port()
    async with command("sandbox", "--port", "0") as sandbox:
        said = await told(sandbox)
        page = re.findall(r"http://\S+/page/\S+", said)[0]
        settings = dict(re.findall(r"(LINERNOTES_[A-Z]+)=(\S+)", said))
        settings |= {
            "LINERNOTES_DATA_DIR": str(tmp_path),
            "LINERNOTES_METRICS_PORT": str(watched),
        }
        async with command("run", **settings) as bot:
            await ready(watched)
            async with PageClient.at(page) as fan:
                assert "24/Seven" in text_of(
                    await fan.use("ask", question="When does the new album come out?")
                )
            bot.terminate()
            assert await bot.wait() == 0
        sandbox.send_signal(signal.SIGINT)
        assert await sandbox.wait() == 0


def test_the_readme_gives_what_the_sandbox_tells() -> None:
    origin = f"127.0.0.1:{PORT}"
    api, gateway = f"http://{origin}/api/v10", f"ws://{origin}/gateway"
    said = READY.format(page="", api=api, gateway=gateway, token=TOKEN).splitlines()
    exports = [line for line in said if line.startswith("export")]
    assert len(exports) == 2
    assert set(exports) <= set(README.splitlines())


async def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with command("sandbox", "--port", str(port)) as refused:
            _, why = await refused.communicate()
    assert refused.returncode == 1
    assert why.decode().startswith(f"127.0.0.1:{port} cannot be listened on")
