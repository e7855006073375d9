"""/packs: the packs that answer in a server."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.autocomplete import Choice, autocompleting
from bot.client.markdown import one_line, shorten
from bot.client.permissions import BY_SERVERS, IN_SERVERS, require_admin, require_manager
from bot.client.responding import reply
from bot.client.services import phrases_of
from bot.client.views.layout import OPTION, PER_MENU
from bot.client.views.server import PackState, render_packs
from bot.errors import ScheduleError

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.services import Services
    from bot.index.scope import Scope


def packs_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Build /packs."""

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
        rendering = show_packs(services, interaction, pack, is_answering=answers)
        await reply(interaction, rendering, private=True)

    @command.autocomplete("pack")
    @autocompleting
    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        require_manager(interaction)
        return pack_choices(services.knowledge.in_locale(interaction.locale.value), current)

    command.allowed_contexts = IN_SERVERS
    command.allowed_installs = BY_SERVERS
    return command


def pack_choices(knowledge: KnowledgeBase, typed: str) -> list[Choice]:
    """Offer the host's packs by title."""
    wanted = typed.casefold().strip()
    titles = {pack: knowledge.pack_title(pack) for pack in sorted(knowledge.packs)}
    return [
        Choice(name=shorten(title, OPTION), value=pack)
        for pack, title in titles.items()
        if wanted in title.casefold() or wanted in pack
    ][:PER_MENU]


async def show_packs(
    services: Services,
    interaction: discord.Interaction[Any],
    typed: str | None,
    *,
    is_answering: bool | None,
) -> ui.LayoutView:
    """Change a pack, if one is given, and render them all."""
    guild_id, admin = await require_admin(interaction)
    knowledge = services.knowledge
    if typed is None:
        chosen = (await admin.guilds.get(guild_id)).packs
    else:
        change = partial(
            _switch_pack,
            find_pack(typed, knowledge),
            is_answering=is_answering,
            every=knowledge.packs,
        )
        chosen = await admin.guilds.change_packs(guild_id, change)
        services.scopes.remember(guild_id, chosen)
    answering = knowledge.packs if chosen is None else chosen
    say = phrases_of(interaction)
    told = knowledge.in_locale(say.tag)
    return render_packs(
        say,
        [
            PackState(
                pack,
                told.pack_title(pack),
                pack in answering,
                knowledge.list_faulty_translations(pack),
            )
            for pack in sorted(knowledge.packs)
        ],
    )


def _switch_pack(
    pack: str, chosen: Scope | None, *, is_answering: bool | None, every: Scope
) -> Scope | None:
    """Let a pack answer or silence it, or turn it over where neither is asked for."""
    answering = every if chosen is None else chosen & every
    is_wanted = pack not in answering if is_answering is None else is_answering
    answering = answering | {pack} if is_wanted else answering - {pack}
    # Stored as "all", a choice of all packs includes those that the host adds later.
    return None if answering == every else answering


def find_pack(typed: str, knowledge: KnowledgeBase) -> str:
    """Return the pack with an id or title."""
    wanted = one_line(typed).casefold()
    for pack in sorted(knowledge.packs):
        if wanted in {pack.casefold(), *map(str.casefold, knowledge.pack_titles(pack))}:
            return pack
    raise ScheduleError(
        "There is no pack called '{name}'; /packs lists them.", name=one_line(typed)[:40]
    )
