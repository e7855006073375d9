"""What is wrong just now: told by the parts that know, asked of those that must be tried."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Check = Callable[[], Awaitable[None]]

PATIENCE = 2.0
"""Seconds that a check is waited for; whoever asks for readiness waits not much longer."""


class Health:
    """Every part's condition: None where all is well, otherwise a sentence."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._told: dict[str, str | None] = {}
        self._checks: dict[str, Check] = {}
        self._under_way: dict[str, asyncio.Task[str | None]] = {}
        self._patience = patience

    def tell(self, part: str, fault: object | None) -> None:
        """Note what is wrong with a part, None for nothing."""
        self._told[part] = None if fault is None else str(fault)

    def ask(self, part: str, check: Check) -> None:
        """Try a part whenever readiness is asked for; a LinerNotesError says what is wrong."""
        self._checks[part] = check

    async def conditions(self) -> dict[str, str | None]:
        """Return the condition of every part; takes a little longer than `PATIENCE` at most."""
        asked = {part: self._begin(part) for part in self._checks}
        if asked:
            # Not cancelled when slow: a database's thread goes on, and its answer counts later.
            await asyncio.wait(asked.values(), timeout=self._patience)
        return self._told | {part: self._result(task) for part, task in asked.items()}

    def _begin(self, part: str) -> asyncio.Task[str | None]:
        """Start a check, or join the one that is still under way."""
        task = self._under_way.get(part)
        if task is None or task.done():
            task = asyncio.create_task(_tried(self._checks[part]), name=f"check of {part}")
            self._under_way[part] = task
        return task

    def _result(self, task: asyncio.Task[str | None]) -> str | None:
        if not task.done():
            return f"There is no answer within {self._patience:g} seconds."
        return task.result()


async def _tried(check: Check) -> str | None:
    try:
        await check()
    except LinerNotesError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, the part is not well
        return f"It failed unexpectedly: {error!r}."
    return None
