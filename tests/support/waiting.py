"""Waiting for what another task or process brings about.

There is one limit for all waits, and it is there to end a test that hangs: no test measures time
with it, as the machine may be busy with anything.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 300.0


def patience() -> asyncio.Timeout:
    """Limit a block that waits: `async with patience(): …`."""
    return asyncio.timeout(PATIENCE_S)


async def until(happened: Callable[[], object]) -> None:
    """Wait until this is true."""
    async with patience():
        while not happened():  # noqa: ASYNC110 - what is waited for has no event to offer
            await asyncio.sleep(0.002)


def works(process: psutil.Process) -> bool:
    """Return whether it does something still; where nobody reaps it, its entry stays."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
