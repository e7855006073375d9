"""/about: the packs that answer here, their sources and their rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.knowledge import ALL_SILENT, NO_PACKS
from bot.client.responding import reply
from bot.client.services import phrases_of
from bot.client.views.about import render_about
from bot.scheduling.models import Guild

if TYPE_CHECKING:
    from bot.client.services import Services


def about_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Build /about."""

    @app_commands.command(name="about", description="Where the answers come from, and privacy.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, list_sources(services, interaction), private=True)

    return command


async def list_sources(services: Services, interaction: discord.Interaction[Any]) -> ui.LayoutView:
    """Render the sources of the packs that answer here."""
    guild_id = interaction.guild_id
    scope = await services.scopes.scope_for(guild_id)
    say = phrases_of(interaction)
    knowledge = services.knowledge.in_locale(say.tag)
    packs = sorted(scope & knowledge.packs)
    settings = Guild(0) if guild_id is None else await services.scopes.settings_for(guild_id)
    return render_about(
        say,
        [
            (knowledge.pack_title(pack), knowledge.source(pack), knowledge.pack_language(pack))
            for pack in packs
        ],
        otherwise=ALL_SILENT if knowledge.packs else NO_PACKS,
        settings=settings,
    )
