"""/release: a record, found by its title or a song."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.autocomplete import Choice, autocompleting, name_choices
from bot.client.custom_ids import custom_id, split_ids
from bot.client.knowledge import GONE, explain_absence
from bot.client.markdown import one_line
from bot.client.persistent import PersistentItem
from bot.client.responding import reply
from bot.client.services import phrases_of, services_of
from bot.client.views.layout import OPTION, notice
from bot.client.views.release import render_no_release, render_release
from bot.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.results import CitedRelease
    from bot.client.services import Services


class ReleaseMenu(PersistentItem[ui.Select[Any]], template=re.compile(custom_id("release"))):
    """Shows the release chosen."""

    async def render(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the release chosen, with the others in the menu."""
        services, guild_id = services_of(interaction), interaction.guild_id
        knowledge = services.knowledge.in_locale(phrases_of(interaction).tag)
        scope = await services.scopes.scope_for(guild_id)
        pack, entry = split_ids(self.chosen)
        await services.scopes.require_pack(guild_id, pack)
        cited = await knowledge.find_release(pack, entry)
        if cited is None:
            raise UserFacingError(GONE)
        others = _others(cited, await knowledge.list_releases(scope))
        say, year = phrases_of(interaction), services.clock.now().year
        return render_release(say, cited, others, year=year)


class PublicReleaseMenu(ReleaseMenu, template=re.compile(custom_id("release", "public"))):
    """Shows the release chosen in the channel."""

    async def respond(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with a message for everybody."""
        await reply(interaction, self.render(interaction))


def release_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Build /release."""

    @app_commands.command(name="release", description="Look up a record: date, editions, songs.")
    @app_commands.describe(title="A record or a song; leave it empty for the newest record.")
    async def command(
        interaction: discord.Interaction[Any],
        title: app_commands.Range[str, 1, OPTION] | None = None,
    ) -> None:
        await reply(interaction, find_release(interaction, title))

    @command.autocomplete("title")
    @autocompleting
    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        scope = await services.scopes.scope_for(interaction.guild_id)
        return name_choices(services.knowledge.complete_title(current, scope))

    return command


async def find_release(interaction: discord.Interaction[Any], title: str | None) -> ui.LayoutView:
    """Render the release with a title, or the newest."""
    services, say = services_of(interaction), phrases_of(interaction)
    knowledge = services.knowledge.in_locale(say.tag)
    scope = await services.scopes.scope_for(interaction.guild_id)
    if absence := explain_absence(knowledge, scope, "release"):
        return notice(say(absence))
    releases = await knowledge.list_releases(scope)
    newest = next(iter(releases), None)
    found = await knowledge.search_release(one_line(title), scope) if title else newest
    if found is None:
        return render_no_release(say, releases)
    year = services.clock.now().year
    return render_release(say, found, _others(found, releases), year=year)


def _others(shown: CitedRelease, releases: Sequence[CitedRelease]) -> list[CitedRelease]:
    key = shown.pack, shown.release.id
    return [cited for cited in releases if (cited.pack, cited.release.id) != key]
