"""A real `linernotes demo`, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.waiting import patience

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

READING = "Reading the packs; the first time takes a few seconds …\n"
"""The first line on standard error."""
ROOT = Path(__file__).parent.parent.parent


async def begin(
    data_dir: Path, *arguments: str | Path, command: tuple[str, ...] = ("demo",)
) -> Process:
    """Start it, or another command with its page, without any setting but the data folder."""
    env = {name: text for name, text in os.environ.items() if not name.startswith("LINERNOTES_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "bot", *command, "--headless", *map(str, arguments),
        cwd=ROOT, env=env | {"LINERNOTES_DATA_DIR": str(data_dir), "LINERNOTES_COOLDOWN": "off"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip  # who is started, where, and what is heard of it


@asynccontextmanager
async def demo(
    data_dir: Path, *arguments: str | Path, command: tuple[str, ...] = ("demo",)
) -> AsyncIterator[tuple[Process, str]]:
    """Start it, wait until the bot answers, and give the process and its page's address."""
    process = await begin(data_dir, *arguments, command=command)
    try:
        yield process, await _address(process)
    finally:
        if process.returncode is None:
            process.terminate()  # killed, it would leave a compiling child behind
            await process.communicate()


async def _address(process: Process) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    async with patience():
        line = (await process.stdout.readline()).decode().strip()
        if not line:
            raise AssertionError((await process.stderr.read()).decode())
    return line
