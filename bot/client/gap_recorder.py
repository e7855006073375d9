"""Keeping unanswered questions in the background."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.errors import StateError
from bot.scheduling.gap_words import anonymize

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.client.knowledge import InFlight
    from bot.scheduling.gaps import GapService

log = structlog.stdlib.get_logger("bot.client")

MAX_UNDER_WAY = 100
"""Questions that wait to be written: in a flood, more are let go."""


class GapRecorder:
    """Keeps unanswered questions, while no reply waits for it or fails."""

    def __init__(self, gaps: GapService | None, in_flight: InFlight) -> None:
        self._gaps = gaps
        self._in_flight = in_flight
        self._tasks: set[asyncio.Task[None]] = set()

    def keep_question(self, guild_id: int, typed: str, known: Collection[str]) -> bool:
        """Begin to keep a question, and return whether it is kept.

        Args:
            guild_id: The server, which keeps gaps.
            typed: The question.
            known: Words with digits that are names in the notes.
        """
        words = anonymize(typed, known)
        if self._gaps is None or not words or len(self._tasks) >= MAX_UNDER_WAY:
            return False
        task = asyncio.create_task(self._keep(self._gaps, guild_id, words, known))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _keep(
        self, gaps: GapService, guild_id: int, words: str, known: Collection[str]
    ) -> None:
        with self._in_flight.track():  # a stop waits for it
            try:
                await gaps.keep_question(guild_id, words, known)
            except StateError as error:
                log.warning("gap not kept", guild=guild_id, reason=str(error))
            except Exception as error:  # noqa: BLE001  # whatever it is may repeat the words
                log.error("gap not kept", guild=guild_id, error=type(error).__name__)  # noqa: TRY400  # as above
