"""/privacy: what is stored about a server, and erasing it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import custom_id
from bot.client.permissions import NEEDED, AdminItem, admin_services_of, require_admin
from bot.client.responding import reply
from bot.client.views.layout import notice
from bot.client.views.server import ERASE, render_erase_confirmation, render_privacy

if TYPE_CHECKING:
    from bot.client.adapters.wiring import AdminServices

ERASED = "Everything about this server is erased. No more daily quotes are posted here."


class EraseButton(AdminItem[ui.Button[Any]], template=re.compile(custom_id(ERASE))):
    """Erases everything about the server: the second, deliberate step."""

    async def done(self, office: AdminServices, guild_id: int) -> ui.LayoutView:
        """Erase it."""
        await office.guilds.erase(guild_id)
        office.scopes.forget(guild_id)
        return notice(ERASED)


def privacy_group() -> app_commands.Group:
    """Make /privacy: anybody may ask what is stored, only admins see names and erase."""
    group = app_commands.Group(name="privacy", description="What this bot stores.")

    @group.command(name="show", description="What is stored about this server.")
    async def show(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, _show(interaction), private=True)

    @group.command(name="erase", description="Erase everything stored about this server.")
    async def erase(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, _ask(interaction), private=True)

    return group


async def _show(interaction: discord.Interaction[Any]) -> ui.LayoutView:
    guild_id = interaction.guild_id
    if guild_id is None:
        return render_privacy(None)
    stored = await admin_services_of(interaction).guilds.stored(guild_id)
    return render_privacy(stored, is_admin=getattr(interaction.permissions, NEEDED))


async def _ask(interaction: discord.Interaction[Any]) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    return render_erase_confirmation(await office.guilds.stored(guild_id))
