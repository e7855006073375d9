"""/help: commands to press, questions to try, and where to ask more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.answering.coverage import describe_coverage
from bot.client.features.ask import answer_context
from bot.client.knowledge import explain_absence
from bot.client.permissions import NEEDED
from bot.client.responding import reply
from bot.client.services import phrases_of
from bot.client.views.help import render_help

if TYPE_CHECKING:
    from bot.client.command_mentions import CommandDirectory
    from bot.client.services import Services

INVITE = "https://discord.com/oauth2/authorize?client_id="
"""Where a server or a person adds the bot; Discord's page knows the kinds of install."""


def help_command(
    services: Services, directory: CommandDirectory
) -> app_commands.Command[Any, ..., None]:
    """Build /help."""

    @app_commands.command(name="help", description="What you can ask here, and how.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, show_help(services, directory, interaction), private=True)

    return command


async def show_help(
    services: Services, directory: CommandDirectory, interaction: discord.Interaction[Any]
) -> ui.LayoutView:
    """Render the help for a place and a person."""
    scope = await services.scopes.scope_for(interaction.guild_id)
    is_admin = interaction.is_guild_integration() and getattr(interaction.permissions, NEEDED)
    guild_id = interaction.guild_id
    takes_suggestions = (
        guild_id is not None and (await services.scopes.settings_for(guild_id)).takes_suggestions
    )
    return render_help(
        await directory.load(),
        describe_coverage(services.knowledge.in_locale(phrases_of(interaction).tag), scope),
        answer_context(interaction),
        absence=explain_absence(services.knowledge, scope, "fact"),
        invite=f"{INVITE}{interaction.application_id}",
        help_page=services.help_page,
        is_admin=is_admin,
        takes_suggestions=takes_suggestions,
    )
