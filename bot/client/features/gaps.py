"""/gaps, "Not right?" and /suggest: gaps in the notes, as members find them.

Kept only where those who manage a server switched it on, and without who wrote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands, ui

from bot.client import errors
from bot.client.custom_ids import ENTRY, PACK, PAGE, custom_id
from bot.client.knowledge import GONE
from bot.client.permissions import (
    BY_SERVERS,
    IN_SERVERS,
    SERVERS_ONLY,
    AdminGroup,
    AdminItem,
    require_admin,
)
from bot.client.persistent import PersistentItem
from bot.client.responding import open_form, reply
from bot.client.services import phrases_of, services_of
from bot.client.views.gaps import (
    CLEAR,
    LIST,
    NOT_RIGHT,
    OFF,
    NearestFact,
    objection_reply,
    page_of,
    render_clear_confirmation,
    render_cleared,
    render_gaps,
    render_switched_off,
    render_switched_on,
    suggestion_reply,
)
from bot.client.views.layout import notice
from bot.errors import UserFacingError
from bot.localization.messages import sentence
from bot.scheduling.gap_words import MAX_WORDS
from bot.scheduling.gaps import Kept, NothingLeft, NotTaken, TooMany
from bot.scheduling.models import GapKind

if TYPE_CHECKING:
    from bot.client.services import Services
    from bot.localization.phrases import Phrases
    from bot.scheduling.models import Gap

OPEN_SECONDS = 900.0
"""How long an open form is remembered; nobody tells the bot of one that was closed."""
NOT_KEPT = sentence("This server does not keep such remarks any more, so nothing was kept.")
NOT_TAKEN = sentence(
    "This server takes no suggestions. Those who manage it can open `/suggest` to members with "
    "`/gaps on suggest: True`."
)
NOTHING_LEFT = sentence(
    "Addresses, numbers, mentions and links are left out, and then nothing is left of this; so "
    "nothing was kept. Please say it in words."
)
TOO_MANY = sentence(
    "You have made your suggestions for today. Tomorrow (UTC) there will be room for more."
)

Shown = Literal["unanswered", "not right", "suggested"]
_KINDS: dict[Shown, GapKind] = {
    "unanswered": GapKind.UNANSWERED,
    "not right": GapKind.NOT_RIGHT,
    "suggested": GapKind.SUGGESTED,
}


class NotRightButton(
    PersistentItem[ui.Button[Any]], template=re.compile(custom_id(NOT_RIGHT, PACK, ENTRY))
):
    """Opens a form for an objection to an answer."""

    async def respond(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        services, pack, fact = services_of(interaction), self.match["pack"], self.match["entry"]
        # A button stays below its answer for good, while packs change and servers turn gaps off.
        await services.scopes.require_pack(interaction.guild_id, pack)
        if not await services.scopes.keeps_gaps(interaction.guild_id):
            raise UserFacingError(NOT_KEPT)
        if await services.knowledge.find_fact(pack, fact) is None:
            raise UserFacingError(GONE)
        await open_form(interaction, ObjectionForm(phrases_of(interaction), pack, fact))


class ObjectionForm(ui.Modal):
    """Asks for the fault of an answer."""

    def __init__(self, say: Phrases, pack: str, fact: str) -> None:
        super().__init__(title=say("Not right?"), timeout=OPEN_SECONDS)
        self._pack = pack
        self._fact = fact
        self._words: ui.TextInput[Any] = ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MAX_WORDS,
        )
        self.add_item(
            ui.Label(
                text=say("What is wrong with this answer?"),
                description=say(
                    "May be empty. Kept without your name; long numbers, addresses, mentions and "
                    "links are left out."
                ),
                component=self._words,
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Keep the objection."""
        await reply(interaction, self._keep(interaction), private=True)

    async def _keep(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        services, guild_id = services_of(interaction), interaction.guild_id
        if guild_id is None:
            raise UserFacingError(NOT_KEPT)
        # Long numbers are left out of what is kept, as of telephones; “24/Seven” is none.
        known = services.knowledge.names_with_digits(await services.scopes.scope_for(guild_id))
        kept = await services.require_admin().gaps.keep_objection(
            guild_id, self._pack, self._fact, self._words.value, known
        )
        if kept is None:  # turned off while the form was open
            raise UserFacingError(NOT_KEPT)
        return objection_reply(phrases_of(interaction), kept.words)

    async def on_error(  # type: ignore[override]  # a form's has no item, as discord.py's own
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Report the failure where every failure ends."""
        await errors.report(interaction, error)


class GapsButton(
    AdminItem[ui.Button[Any]],
    template=re.compile(custom_id(LIST, rf"(?P<kind>{'|'.join(GapKind)})", PAGE)),
):
    """Shows a page of the gaps of one kind."""

    async def perform(self, interaction: discord.Interaction[Any], guild_id: int) -> ui.LayoutView:
        """Render the page."""
        return await list_gaps(
            interaction, guild_id, GapKind(self.match["kind"]), int(self.match["page"])
        )


class ClearButton(AdminItem[ui.Button[Any]], template=re.compile(custom_id(CLEAR))):
    """Erases all gaps of the server: the second, deliberate step."""

    async def perform(self, interaction: discord.Interaction[Any], guild_id: int) -> ui.LayoutView:
        """Erase them."""
        erased = await services_of(interaction).require_admin().gaps.clear(guild_id)
        return render_cleared(phrases_of(interaction), erased)


class GapsGroup(AdminGroup):
    """/gaps with its subcommands, in the order that Discord shows."""

    def __init__(self) -> None:
        super().__init__("gaps", "What members ask in vain, without who asked.")

    @app_commands.command(name="on", description="Keep what is asked in vain, without who asked.")
    @app_commands.describe(suggest="Whether members may use /suggest; as before if left out.")
    async def switch_on(
        self,
        interaction: discord.Interaction[Any],
        suggest: bool | None = None,  # noqa: FBT001  # an option of the command, given by name
    ) -> None:
        """Keep gaps from now on."""

        async def render() -> ui.LayoutView:
            guild_id, admin = await require_admin(interaction)
            guild = await admin.gaps.switch_on(guild_id, takes_suggestions=suggest)
            services_of(interaction).scopes.forget(guild_id)
            return render_switched_on(phrases_of(interaction), guild)

        await reply(interaction, render(), private=True)

    @app_commands.command(name="off", description="Keep nothing any more, and erase what was kept.")
    async def switch_off(self, interaction: discord.Interaction[Any]) -> None:
        """Keep no more, and erase everything kept."""

        async def render() -> ui.LayoutView:
            guild_id, admin = await require_admin(interaction)
            erased = await admin.gaps.switch_off(guild_id)
            services_of(interaction).scopes.forget(guild_id)
            return render_switched_off(phrases_of(interaction), erased)

        await reply(interaction, render(), private=True)

    @app_commands.command(name="list", description="What was asked in vain, by how often.")
    @app_commands.describe(kind="Questions without an answer if left out.")
    async def list_kept(
        self, interaction: discord.Interaction[Any], kind: Shown = "unanswered"
    ) -> None:
        """List the gaps that are kept."""

        async def render() -> ui.LayoutView:
            guild_id, _ = await require_admin(interaction)
            return await list_gaps(interaction, guild_id, _KINDS[kind], 0)

        await reply(interaction, render(), private=True)

    @app_commands.command(name="clear", description="Erase what was kept; it asks first.")
    async def clear(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whether everything kept is to be erased."""

        async def render() -> ui.LayoutView:
            guild_id, admin = await require_admin(interaction)
            count = await admin.gaps.count(guild_id)
            return render_clear_confirmation(phrases_of(interaction), count)

        await reply(interaction, render(), private=True)


def suggest_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Build /suggest."""

    @app_commands.command(
        name="suggest",
        description="Suggest a question or a correction, where it is allowed.",
    )
    @app_commands.describe(
        what="What the notes should answer, or what is wrong in them. Kept without your name."
    )
    async def command(
        interaction: discord.Interaction[Any], what: app_commands.Range[str, 1, MAX_WORDS]
    ) -> None:
        await reply(interaction, suggest(services, interaction, what), private=True)

    command.allowed_contexts = IN_SERVERS
    command.allowed_installs = BY_SERVERS
    return command


async def suggest(
    services: Services, interaction: discord.Interaction[Any], typed: str
) -> ui.LayoutView:
    """Keep a member's suggestion, and say so."""
    guild_id = interaction.guild_id
    if guild_id is None or not interaction.is_guild_integration():
        raise UserFacingError(SERVERS_ONLY)
    known = services.knowledge.names_with_digits(await services.scopes.scope_for(guild_id))
    suggested = await services.require_admin().gaps.suggest(
        guild_id, interaction.user.id, typed, known
    )
    match suggested:
        case Kept():
            return suggestion_reply(phrases_of(interaction), suggested.words, suggested.left)
        case NothingLeft():
            raise UserFacingError(NOTHING_LEFT)
        case TooMany():
            raise UserFacingError(TOO_MANY)
        case NotTaken():
            raise UserFacingError(NOT_TAKEN)


async def list_gaps(
    interaction: discord.Interaction[Any], guild_id: int, kind: GapKind, page: int
) -> ui.LayoutView:
    """Render a page of a server's gaps, with the nearest facts."""
    services, say = services_of(interaction), phrases_of(interaction)
    admin = services.require_admin()
    if not (await admin.guilds.get(guild_id)).keeps_gaps:
        return notice(say(OFF))
    gaps = await admin.gaps.list(guild_id)
    shown = page_of(gaps, kind, page)
    nearest = {gap: await _find_nearest(services, guild_id, gap) for gap in shown}
    found = {gap: fact for gap, fact in nearest.items() if fact is not None}
    return render_gaps(say, gaps, found, kind, page)


async def _find_nearest(services: Services, guild_id: int, gap: Gap) -> NearestFact | None:
    knowledge = services.knowledge
    if gap.pack is not None and gap.fact is not None:
        cited = await knowledge.find_fact(gap.pack, gap.fact)
        return None if cited is None else NearestFact(gap.pack, gap.fact, cited.fact.statement)
    nearest = await knowledge.find_nearest(gap.words, await services.scopes.scope_for(guild_id))
    if nearest is None:
        return None
    fact = nearest.fact
    return NearestFact(fact.pack, fact.fact, fact.question, nearest.is_answer)
