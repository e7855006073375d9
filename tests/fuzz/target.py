"""What is fuzzed: inputs, and a check that none may fail; the short and the long run share it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    Check = Callable[[Any], Awaitable[None]]
    Opened = Callable[[Path], AbstractAsyncContextManager[Check]]


@dataclass(frozen=True, slots=True)
class Target:
    """One door that hostile input comes through."""

    name: str
    inputs: SearchStrategy[Any]
    opened: Opened
    """Opens what is needed, with a folder to write in; gives the check."""


def fuzz(target: Target, folder: Path, examples: int, *, is_same: bool = False) -> int:
    """Check so many inputs, the same in every run if wanted; give how many were tried."""
    tried = 0
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        check = runner.run(stack.enter_async_context(target.opened(folder)))

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=is_same,
            suppress_health_check=list(HealthCheck),
        )
        @given(target.inputs)
        def once(value: Any) -> None:
            nonlocal tried
            tried += 1
            runner.run(_awaited(check(value)))

        try:
            once()
        finally:
            runner.run(stack.aclose())
    return tried


async def _awaited(checking: Awaitable[None]) -> None:
    await checking
