"""/packs: which packs answer in a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.features.admin_options import complete_packs
from bot.client.markdown import one_line
from bot.client.permissions import BY_SERVERS, IN_SERVERS, require_admin
from bot.client.responding import reply
from bot.client.views.layout import OPTION  # noqa: TC001  # discord.py reads the annotations
from bot.client.views.server import render_packs
from bot.errors import ScheduleError

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase


def packs_command() -> app_commands.Command[Any, ..., None]:
    """Make /packs."""

    @app_commands.command(name="packs", description="Which packs of facts answer in this server.")
    @app_commands.describe(
        pack="A pack to let answer, or to silence.", answers="Whether it answers here."
    )
    @app_commands.default_permissions(manage_guild=True)
    async def command(
        interaction: discord.Interaction[Any],
        pack: app_commands.Range[str, 1, OPTION] | None = None,
        answers: bool | None = None,  # noqa: FBT001  # an option of the command, given by name
    ) -> None:
        await reply(interaction, _packs(interaction, pack, is_answering=answers), private=True)

    command.autocomplete("pack")(complete_packs())
    command.allowed_contexts = IN_SERVERS
    command.allowed_installs = BY_SERVERS
    return command


async def _packs(
    interaction: discord.Interaction[Any], typed: str | None, *, is_answering: bool | None
) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    knowledge: KnowledgeBase = interaction.client.services.knowledge
    chosen = (await office.guilds.get(guild_id)).packs
    answering = knowledge.packs if chosen is None else chosen & knowledge.packs
    if typed is not None:
        pack = _read(typed, knowledge)
        is_wanted = pack not in answering if is_answering is None else is_answering
        answering = answering | {pack} if is_wanted else answering - {pack}
        # All of them means: also those that the host adds later.
        await office.guilds.set_packs(
            guild_id, None if answering == knowledge.packs else frozenset(answering)
        )
        office.scopes.forget(guild_id)
    listed = [
        (pack, knowledge.pack_title(pack), pack in answering) for pack in sorted(knowledge.packs)
    ]
    return render_packs(listed)


def _read(typed: str, knowledge: KnowledgeBase) -> str:
    wanted = one_line(typed).casefold()
    for pack in sorted(knowledge.packs):
        if wanted in {pack.casefold(), knowledge.pack_title(pack).casefold()}:
            return pack
    raise ScheduleError(f"There is no pack called '{one_line(typed)[:40]}'; /packs lists them.")
