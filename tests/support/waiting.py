"""Waiting for what another task brings about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


async def until(happened: Callable[[], object]) -> None:
    """Wait until this is true, half a minute at most."""
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 - what is waited for has no event to offer
            await asyncio.sleep(0.002)
