"""/privacy: the data stored about a server, and erasing it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import custom_id
from bot.client.permissions import NEEDED, AdminItem, require_admin
from bot.client.responding import reply
from bot.client.services import phrases_of, services_of
from bot.client.views.server import ERASE, render_erase_confirmation, render_erased, render_privacy

if TYPE_CHECKING:
    from bot.client.services import Services


class EraseButton(AdminItem[ui.Button[Any]], template=re.compile(custom_id(ERASE))):
    """Erases everything about the server: the second, deliberate step."""

    async def perform(self, interaction: discord.Interaction[Any], guild_id: int) -> ui.LayoutView:
        """Erase everything about the server."""
        services = services_of(interaction)
        guilds = services.require_admin().guilds
        kept_gaps = (await guilds.get(guild_id)).keeps_gaps
        await guilds.erase(guild_id)
        services.scopes.remember(guild_id, None)
        services.scopes.forget(guild_id)
        return render_erased(phrases_of(interaction), kept_gaps=kept_gaps)


def privacy_group(services: Services) -> app_commands.Group:
    """Build /privacy: open to all, but names and erasing are for admins."""
    group = app_commands.Group(name="privacy", description="What this bot stores.")

    @group.command(name="show", description="What is stored about this server.")
    async def show(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, show_stored(services, interaction), private=True)

    @group.command(name="erase", description="Erase everything stored about this server.")
    async def erase(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, ask_to_erase(interaction), private=True)

    return group


async def show_stored(services: Services, interaction: discord.Interaction[Any]) -> ui.LayoutView:
    """Render the data stored about the server."""
    guild_id, say = interaction.guild_id, phrases_of(interaction)
    if guild_id is None:
        return render_privacy(say, None)
    stored = await services.require_admin().guilds.stored(guild_id)
    return render_privacy(say, stored, is_admin=getattr(interaction.permissions, NEEDED))


async def ask_to_erase(interaction: discord.Interaction[Any]) -> ui.LayoutView:
    """Render the question whether everything is to be erased."""
    guild_id, admin = await require_admin(interaction)
    return render_erase_confirmation(phrases_of(interaction), await admin.guilds.stored(guild_id))
