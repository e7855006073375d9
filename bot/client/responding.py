"""Answering an interaction in time, once, keeping nothing in memory.

Discord waits three seconds for an answer. An answer that takes longer than `PATIENCE` is
deferred. A deferral accepts only the ephemeral flag, so the layout is put in place by editing.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.client.services import services_of
from bot.client.views.layout import PrivateLayout
from bot.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from discord import ui

    Rendering = Coroutine[Any, Any, ui.LayoutView]

PATIENCE = 1.5
"""Seconds until an answer is deferred; half of Discord's limit, for the way there and back."""

CLAIMED = "claimed"
"""Marks an interaction that a command or button is answering."""

DEFERRED = "deferred"
"""Marks an interaction whose callback only announced an answer."""

TRIED_AGAIN = "tried again"
"""Marks an interaction whose callback was sent twice, as the connection was lost."""

OUTCOME = "outcome"
"""Where an interaction bears its outcome, if it was not simply answered."""


UNREAD = (AttributeError, LookupError, TypeError, ValueError)
"""What discord.py raises for something of Discord's that it cannot read."""
ALREADY_ACKNOWLEDGED = 40060
"""Discord's code for a second callback, perhaps because another process answered."""


async def reply(
    interaction: discord.Interaction[Any], rendering: Rendering, *, private: bool = False
) -> None:
    """Answer with a new message, for the asker alone if private.

    A `PrivateLayout` is for the asker alone in any case.

    Raises:
        UserFacingError: The member has posted too much of late.
    """
    cooldown = services_of(interaction).cooldown
    # An event without its user is counted as everybody's who has none.
    member: int = getattr(interaction.user, "id", 0)
    if not private:
        try:
            cooldown.count(member)
        except UserFacingError:
            rendering.close()
            raise
    is_posted = False

    async def send(view: ui.LayoutView) -> None:
        nonlocal is_posted
        is_posted = not (private or isinstance(view, PrivateLayout))
        await interaction.response.send_message(view=view, ephemeral=not is_posted)

    async def defer() -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)

    async def put_in_place(view: ui.LayoutView) -> None:
        nonlocal is_posted
        if private or not isinstance(view, PrivateLayout):
            is_posted = not private
            await interaction.edit_original_response(view=view)
            return
        # A deferral cannot be made private any more; it is taken away, and another answer given.
        await interaction.delete_original_response()
        await interaction.followup.send(view=view, ephemeral=True)

    try:
        await _respond(interaction, rendering, send, defer, put_in_place)
    finally:
        # Only now it is known: that the notes don't say is for the asker alone.
        if not private and not is_posted:
            cooldown.uncount(member)


async def open_form(interaction: discord.Interaction[Any], form: ui.Modal) -> None:
    """Answer with a form to fill in; it cannot be deferred."""
    interaction.extras[CLAIMED] = True
    services = services_of(interaction)
    with services.in_flight.track(), services.intake.occupy():
        await send_callback(interaction, lambda: interaction.response.send_modal(form))


async def update(interaction: discord.Interaction[Any], rendering: Rendering) -> None:
    """Answer a press in place, or privately on another person's message."""
    if not _is_own_reply(interaction):
        await reply(interaction, rendering, private=True)
        return

    async def send(view: ui.LayoutView) -> None:
        await interaction.response.edit_message(view=view)

    async def defer() -> None:
        await interaction.response.defer()

    async def put_in_place(view: ui.LayoutView) -> None:
        await interaction.edit_original_response(view=view)

    await _respond(interaction, rendering, send, defer, put_in_place)


async def send_callback(
    interaction: discord.Interaction[Any], send: Callable[[], Awaitable[object]]
) -> None:
    """Send a callback, once more where the connection is lost."""
    try:
        await send()
    except (aiohttp.ClientError, OSError):
        interaction.extras[TRIED_AGAIN] = True
        try:
            await send()
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
            # The first had arrived; only its reply was lost.


async def _respond(
    interaction: discord.Interaction[Any],
    rendering: Rendering,
    send: Callable[[ui.LayoutView], Awaitable[None]],
    defer: Callable[[], Awaitable[None]],
    put_in_place: Callable[[ui.LayoutView], Awaitable[None]],
) -> None:
    interaction.extras[CLAIMED] = True
    services = services_of(interaction)
    intake = services.intake
    with services.in_flight.track():
        if intake.is_congested:
            # Others wait: a deferral is quick, and the answer has a quarter of an hour then.
            try:
                interaction.extras[DEFERRED] = True
                with intake.occupy():
                    await send_callback(interaction, defer)
                async with intake.wait_for_place():
                    await _put_late(interaction, await rendering, put_in_place)
            finally:
                rendering.close()
            return
        with ExitStack() as place:
            place.enter_context(intake.occupy())
            deferral: asyncio.Task[None] | None = None

            async def defer_late() -> None:
                await send_callback(interaction, defer)
                place.close()  # Discord waits no longer, and others do

            def begin_to_defer() -> None:
                nonlocal deferral
                interaction.extras[DEFERRED] = True
                deferral = asyncio.create_task(defer_late())

            # Nearly every answer is in time, so the deferral has the task and not the rendering.
            timer = asyncio.get_running_loop().call_later(PATIENCE, begin_to_defer)
            try:
                view = await rendering
            finally:
                timer.cancel()
                if deferral is not None:
                    await deferral  # an answer and a failure alike take its place
            if deferral is not None:
                await _put_late(interaction, view, put_in_place)
            else:
                # discord.py keeps no stopped view: presses are found by their custom id alone.
                view.stop()
                await send_callback(interaction, lambda: send(view))


async def _put_late(
    interaction: discord.Interaction[Any],
    view: ui.LayoutView,
    put_in_place: Callable[[ui.LayoutView], Awaitable[None]],
) -> None:
    """Put an answer in the place of its deferral."""
    view.stop()
    # Once more is no harm here either: the same text takes the same place.
    await send_callback(interaction, lambda: put_in_place(view))


def _is_own_reply(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the pressed message is the presser's own answer."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return message is not None
    asked = message.interaction_metadata
    # An event without its user is answered as another person's press: privately.
    presser: int | None = getattr(interaction.user, "id", None)
    return asked is not None and asked.user.id == presser
