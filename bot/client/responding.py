"""The one way in which an interaction is answered: in time, once, with nothing kept in memory.

Discord waits three seconds for an answer. What takes longer than `PATIENCE` is deferred, which
accepts only the ephemeral flag, and its card is put in place by editing.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    import discord
    from discord import ui

    Card = Coroutine[Any, Any, ui.LayoutView]

PATIENCE = 1.5
"""Seconds until an answer is deferred; half of what Discord allows, for the way there and back."""

CLAIMED = "claimed"
"""The mark on an interaction that somebody is answering it."""

DEFERRED = "deferred"
"""The mark on an interaction whose callback only says that an answer will come."""

OUTCOME = "outcome"
"""Where an interaction bears how it went, if it was not simply answered."""


class UserFacingError(LinerNotesError):
    """What a button or menu points at is no longer there; the message is fit for its presser."""


class InFlight:
    """The answers being given just now, so that a stop or a reload can wait for them."""

    def __init__(self) -> None:
        self._answers: set[asyncio.Future[None]] = set()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._answers)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count an answer for as long as it takes."""
        ended = asyncio.get_running_loop().create_future()
        self._answers.add(ended)
        try:
            yield
        finally:
            self._answers.discard(ended)
            ended.set_result(None)

    async def wait_for_current(self) -> None:
        """Wait for the answers that are being given, and for none that begins meanwhile."""
        if self._answers:
            await asyncio.wait(set(self._answers))

    async def wait_until_idle(self) -> None:
        """Wait until no answer is being given."""
        while self._answers:
            await self.wait_for_current()


async def reply(
    interaction: discord.Interaction[Any], card: Card, *, private: bool = False
) -> None:
    """Answer with a message of its own, for the asker's eyes only if private."""

    async def send(view: ui.LayoutView) -> None:
        await interaction.response.send_message(view=view, ephemeral=private)

    async def defer() -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)

    await _deliver(interaction, card, send, defer)


async def update(interaction: discord.Interaction[Any], card: Card) -> None:
    """Answer a press in place, or, on somebody else's message, to the presser alone."""
    if not _is_theirs(interaction):
        await reply(interaction, card, private=True)
        return

    async def send(view: ui.LayoutView) -> None:
        await interaction.response.edit_message(view=view)

    async def defer() -> None:
        await interaction.response.defer()

    await _deliver(interaction, card, send, defer)


async def _deliver(
    interaction: discord.Interaction[Any],
    card: Card,
    send: Callable[[ui.LayoutView], Awaitable[None]],
    defer: Callable[[], Awaitable[None]],
) -> None:
    interaction.extras[CLAIMED] = True
    with interaction.client.in_flight.one():
        await _deliver_in_time(interaction, card, send, defer)


async def _deliver_in_time(
    interaction: discord.Interaction[Any],
    card: Card,
    send: Callable[[ui.LayoutView], Awaitable[None]],
    defer: Callable[[], Awaitable[None]],
) -> None:
    making = asyncio.create_task(card)
    try:
        await asyncio.wait({making}, timeout=PATIENCE)
        is_late = not making.done()
        if is_late:
            interaction.extras[DEFERRED] = True
            await defer()
        view = await making
    finally:
        making.cancel()
    # A stopped view is not kept by discord.py: presses are found by their custom id alone.
    view.stop()
    if is_late:
        await interaction.edit_original_response(view=view)
    else:
        await send(view)


def _is_theirs(interaction: discord.Interaction[Any]) -> bool:
    """Whether the message pressed on answers the presser: others' answers are not replaced."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return message is not None
    asked = message.interaction_metadata
    return asked is not None and asked.user.id == interaction.user.id
