"""A small discord.py bot that shows the sandbox every kind of answer."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.support.survey import survey
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.sandbox.server import Sandbox

Interaction = discord.Interaction[discord.Client]


@contextmanager
def pointed_at(sandbox: Sandbox) -> Iterator[None]:
    """Send discord.py to the sandbox instead of Discord."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = sandbox.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


class PlainBot(discord.AutoShardedClient):
    """No intents, a handful of commands, everything an interaction can be answered with.

    Attributes:
        seen: The interactions it was sent.
        is_connected: Set once every shard is connected.
        hold: Commands wait for this before they answer; set unless a test clears it.
    """

    def __init__(self, shards: int | None = None) -> None:
        super().__init__(
            intents=discord.Intents.none(), max_ratelimit_timeout=30, shard_count=shards
        )
        self.tree = app_commands.CommandTree(self)
        self.seen: list[Interaction] = []
        self.is_connected = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()
        self.failures: list[Exception] = []
        self.tree.error(self.note_failure)
        for command in COMMANDS:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds, as Discord asks: the sandbox takes identifies at any rate."""

    async def on_shard_connect(self, _shard: int) -> None:
        self.is_connected.set()

    async def on_interaction(self, interaction: Interaction) -> None:
        self.seen.append(interaction)

    async def note_failure(
        self, _interaction: Interaction, error: app_commands.AppCommandError
    ) -> None:
        self.failures.append(error)

    @asynccontextmanager
    async def running(self, token: str) -> AsyncIterator[PlainBot]:
        """Log in and connect; close at the end."""
        async with self:
            await self.login(token)
            connecting = asyncio.create_task(self.connect())
            await asyncio.wait_for(self.is_connected.wait(), PATIENCE_S)
            yield self
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)


class Another(discord.ui.View):
    """A button that changes its message, one that sends another, a select."""

    @discord.ui.button(label="Change", custom_id="change")
    async def change(self, interaction: Interaction, _button: discord.ui.Button[Another]) -> None:
        await interaction.response.edit_message(content="changed")

    @discord.ui.button(label="Another", custom_id="another")
    async def another(self, interaction: Interaction, _button: discord.ui.Button[Another]) -> None:
        await interaction.response.send_message("another", ephemeral=True)

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: Interaction, _button: discord.ui.Button[Another]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later")

    @discord.ui.select(
        custom_id="album",
        placeholder="Which record?",
        options=[discord.SelectOption(label="First", value="1"), discord.SelectOption(label="Two")],
    )
    async def album(self, interaction: Interaction, select: discord.ui.Select[Another]) -> None:
        await interaction.response.send_message(f"chose {', '.join(select.values)}")


class Picks(discord.ui.View):
    """A user and a channel to choose."""

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="user")
    async def user(self, interaction: Interaction, select: discord.ui.UserSelect[Picks]) -> None:
        await interaction.response.send_message(f"picked {select.values[0].name}")

    @discord.ui.select(
        cls=discord.ui.ChannelSelect,
        custom_id="channel",
        channel_types=[discord.ChannelType.text],
    )
    async def channel(
        self, interaction: Interaction, select: discord.ui.ChannelSelect[Picks]
    ) -> None:
        await interaction.response.send_message(f"picked {select.values[0].name}")


class Suggestion(discord.ui.Modal, title="Suggest a question"):
    """A form of one field."""

    words: discord.ui.TextInput[Suggestion] = discord.ui.TextInput(
        label="Question", custom_id="words", max_length=40
    )

    kind: discord.ui.Label[Suggestion] = discord.ui.Label(
        text="Kind",
        component=discord.ui.Select(
            custom_id="kind",
            required=False,
            options=[discord.SelectOption(label="Song"), discord.SelectOption(label="Record")],
        ),
    )

    async def on_submit(self, interaction: Interaction) -> None:
        chosen = self.kind.component
        kinds = " ".join(chosen.values) if isinstance(chosen, discord.ui.Select) else ""
        await interaction.response.send_message(f"thank you for {self.words.value} {kinds}".strip())


class Card(discord.ui.LayoutView):
    """A layout of Components V2."""

    box: discord.ui.Container[Card] = discord.ui.Container(
        discord.ui.TextDisplay("## Heading"),
        discord.ui.Section("Body", accessory=discord.ui.Button(label="Go", custom_id="go")),
        accent_colour=0x123456,
    )


class ToTextChannel(app_commands.Transformer):
    """A text channel as it was sent; discord.py's own wants it in the cache."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text]

    async def transform(
        self, _interaction: Interaction, value: app_commands.AppCommandChannel
    ) -> app_commands.AppCommandChannel:
        return value


TextChannel = app_commands.Transform[app_commands.AppCommandChannel, ToTextChannel]


@app_commands.command()
async def ping(interaction: Interaction) -> None:
    """Answer with one word."""
    bot = interaction.client
    if isinstance(bot, PlainBot):
        await bot.hold.wait()
    await interaction.response.send_message("pong")


@app_commands.command()
async def twice(interaction: Interaction) -> None:
    """Answer twice over, which Discord refuses."""
    await interaction.response.send_message("first")
    interaction.response._response_type = None
    await interaction.response.send_message("second")


@app_commands.command()
@app_commands.describe(question="What to ask", count="How often", where="Which channel")
async def ask(
    interaction: Interaction,
    question: app_commands.Range[str, 2, 50],
    count: app_commands.Range[int, 1, 3] = 1,
    where: app_commands.AppCommandChannel | None = None,
) -> None:
    """Answer with an embed and buttons."""
    embed = discord.Embed(title=question, description=f"{count} of {where}")
    await interaction.response.send_message(embed=embed, view=Another())


@ask.autocomplete("question")
async def complete(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed}!", value=typed or "empty")]


@app_commands.command()
async def slowly(interaction: Interaction) -> None:
    """Defer, answer, follow up."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="at last")
    await interaction.followup.send("and more", ephemeral=True)


@app_commands.command()
async def suggest(interaction: Interaction) -> None:
    """Open a form."""
    await interaction.response.send_modal(Suggestion())


@app_commands.command()
async def pick(interaction: Interaction) -> None:
    """Offer selects."""
    await interaction.response.send_message(view=Picks())


@app_commands.context_menu(name="Repeat")
async def repeat(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(message.content)


@app_commands.command()
async def card(interaction: Interaction) -> None:
    """Answer with a layout."""
    await interaction.response.send_message(view=Card())


@app_commands.command()
async def picture(interaction: Interaction) -> None:
    """Answer with a file that the embed shows."""
    file = discord.File(io.BytesIO(b"not really a picture"), "cover.png")
    embed = discord.Embed(title="Cover").set_image(url="attachment://cover.png")
    await interaction.response.send_message(embed=embed, file=file)


@app_commands.command()
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def manage(interaction: Interaction) -> None:
    """Something for admins."""
    await interaction.response.send_message("managed")


daily = app_commands.Group(name="daily", description="The daily post")


@daily.command(name="set")
async def daily_set(interaction: Interaction, channel: TextChannel) -> None:
    """Choose the channel."""
    await interaction.response.send_message(f"in {channel.name}")


COMMANDS: tuple[
    app_commands.Command[Any, ..., None] | app_commands.ContextMenu | app_commands.Group, ...
] = (ping, twice, ask, slowly, suggest, card, picture, manage, daily, pick, repeat, survey)
