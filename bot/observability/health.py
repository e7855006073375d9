"""The health of a process: reported by some parts, checked in others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Check = Callable[[], Awaitable[None]]

PATIENCE = 2.0
"""Seconds that a check is waited for; a request for readiness takes not much longer."""


class Health:
    """The condition of every part: None if well, otherwise a sentence."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._reported: dict[str, str | None] = {}
        self._checks: dict[str, Check] = {}
        self._running: dict[str, asyncio.Task[str | None]] = {}
        self._patience = patience

    def report(self, part: str, problem: object | None) -> None:
        """Set the problem of a part, or None for no problem."""
        self._reported[part] = None if problem is None else str(problem)

    def add_check(self, part: str, check: Check) -> None:
        """Add a check, run whenever readiness is asked for; it raises LinerNotesError."""
        self._checks[part] = check

    async def conditions(self) -> dict[str, str | None]:
        """Return every part's condition, after little more than `PATIENCE` at most."""
        tasks = {part: self._start(part) for part in self._checks}
        if tasks:
            # Not cancelled when slow: a database's thread goes on, and its answer counts later.
            await asyncio.wait(tasks.values(), timeout=self._patience)
        late = f"There is no answer within {self._patience:g} seconds."
        checked = {part: task.result() if task.done() else late for part, task in tasks.items()}
        return self._reported | checked

    def _start(self, part: str) -> asyncio.Task[str | None]:
        """Start a check, or join the one still running."""
        task = self._running.get(part)
        if task is None or task.done():
            task = asyncio.create_task(_run_check(self._checks[part]), name=f"check of {part}")
            self._running[part] = task
        return task


async def _run_check(check: Check) -> str | None:
    try:
        await check()
    except LinerNotesError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, the part is not well
        return f"It failed unexpectedly: {error!r}."
    return None
