"""/about: what answers here, on what sources, under which rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.features.absence import ALL_SILENT, NO_PACKS
from bot.client.responding import reply
from bot.client.views.about import render_about

if TYPE_CHECKING:
    from bot.client.services import Services


def about_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Make /about."""

    @app_commands.command(name="about", description="Where the answers come from, and privacy.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, _about(services, interaction.guild_id), private=True)

    return command


async def _about(services: Services, guild_id: int | None) -> ui.LayoutView:
    knowledge, scope = services.knowledge, await services.scope_for(guild_id)
    return render_about(
        [
            (knowledge.pack_title(pack), knowledge.source(pack))
            for pack in sorted(scope & knowledge.packs)
        ],
        otherwise=ALL_SILENT if knowledge.packs else NO_PACKS,
    )
