"""Packs that are broken when the bot starts: it serves the last good notes, and says so."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.support.packs import LANTERN_FILE, REPOSITORY
from tests.support.postgres import free_port
from tests.support.waiting import patience

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox.server import Sandbox
    from tests.support.stores import Stores


@asynccontextmanager
async def bot(*words: str, **settings: str) -> AsyncIterator[Process]:
    env = {name: text for name, text in os.environ.items() if not name.startswith("LINERNOTES_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=REPOSITORY, env=env | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def readiness(port: int, *, is_well: bool) -> dict[str, str]:
    """Wait until the gateway is there, and the facts are well or not; give all that is told."""
    url = f"http://127.0.0.1:{port}/readyz"
    parts: dict[str, str] = {}
    async with patience(), aiohttp.ClientSession() as session:
        while parts.get("gateway") != "ok" or (parts.get("facts", "ok") == "ok") != is_well:
            await asyncio.sleep(0.1)
            try:
                async with session.get(url) as answer:
                    parts = (await answer.json(content_type=None))["parts"]
            except aiohttp.ClientConnectionError:
                continue
    return parts


@pytest.mark.long
async def test_a_pack_that_is_broken_at_start_shows_in_readiness_until_it_is_put_right(
    sandbox: Sandbox, tmp_path: Path, stores: Stores
) -> None:
    pack = tmp_path / "packs" / LANTERN_FILE.name
    pack.parent.mkdir()
    shutil.copy(LANTERN_FILE, pack)
    port = free_port()
    settings = {
        "LINERNOTES_DATA_DIR": str(tmp_path / "data"),
        "LINERNOTES_PACKS": str(pack.parent),
        "LINERNOTES_TOKEN": sandbox.token,
        "LINERNOTES_API": sandbox.api_url,
        "LINERNOTES_GATEWAY": sandbox.gateway_url,
        "LINERNOTES_METRICS_PORT": str(port),
        "LINERNOTES_LOG_FORMAT": "json",
    }
    stores.put_shipped(tmp_path / "data", pack.parent)
    whole = pack.read_text(encoding="utf-8")
    pack.write_text(whole + "\nsurprise: true\n", encoding="utf-8")
    async with bot("run", **settings) as process:
        assert process.stderr is not None
        first = json.loads(await process.stderr.readline())
        assert first["level"] == "error"
        assert first["event"] == "packs have faults, the last good ones go on serving"
        assert LANTERN_FILE.name in first["reason"]
        assert LANTERN_FILE.name in (await readiness(port, is_well=False))["facts"]
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        assert "Lantern" in (await fan.command("about")).text
        pack.write_text(whole, encoding="utf-8")
        assert (await readiness(port, is_well=True))["facts"] == "ok"
