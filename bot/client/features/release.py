"""/release: a record, found by its title or by a song on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import key, unpair
from bot.client.errors import completing
from bot.client.features.absence import GONE, must_answer_here, nothing_here
from bot.client.features.quote import choices_of
from bot.client.markdown import one_line
from bot.client.persistent import Pressed
from bot.client.responding import GoneError, reply
from bot.client.views.layout import OPTION, notice
from bot.client.views.release import no_release_card, release_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.results import CitedRelease
    from bot.client.services import Desk


class ReleaseMenu(Pressed[ui.Select[Any]], template=re.compile(key("release"))):
    """Shows the release chosen."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the release chosen, with the others still to choose from."""
        knowledge, scope = desk.knowledge, await desk.scope_for(guild_id)
        pack, entry = unpair(self.chosen)
        await must_answer_here(desk, guild_id, pack)
        cited = await knowledge.release_by_id(pack, entry)
        if cited is None:
            raise GoneError(GONE)
        return release_card(cited, _besides(cited, await knowledge.releases(scope)))


def release_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Make /release."""

    @app_commands.command(name="release", description="Look up a record: date, editions, songs.")
    @app_commands.describe(title="A record or a song; leave it empty for the newest record.")
    async def command(
        interaction: discord.Interaction[Any],
        title: app_commands.Range[str, 1, OPTION] | None = None,
    ) -> None:
        await reply(interaction, _release(desk, title, interaction.guild_id))

    @completing
    async def complete(
        interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        scope = await desk.scope_for(interaction.guild_id)
        return choices_of(desk.knowledge.complete_title(current, scope))

    command.autocomplete("title")(complete)
    return command


async def _release(desk: Desk, title: str | None, guild_id: int | None) -> ui.LayoutView:
    knowledge, scope = desk.knowledge, await desk.scope_for(guild_id)
    if nothing := nothing_here(knowledge, scope, "release"):
        return notice(nothing)
    releases = await knowledge.releases(scope)
    found = await knowledge.release(one_line(title), scope) if title else next(iter(releases), None)
    if found is None:
        return no_release_card(releases)
    return release_card(found, _besides(found, releases))


def _besides(shown: CitedRelease, releases: Sequence[CitedRelease]) -> list[CitedRelease]:
    here = shown.pack, shown.release.id
    return [cited for cited in releases if (cited.pack, cited.release.id) != here]
