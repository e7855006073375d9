"""A small discord.py bot for the page to play with: every kind of answer, nothing random.

It is there for what the product never does (no answer, a select of every kind, words that are
hostile); what a visitor does with the product itself stands in `test_product.py`.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from tests.support.survey import survey
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Interaction = discord.Interaction[Any]

QUESTIONS = (
    "Where was the record made?",
    "Who played the piano?",
    "When was it released?",
    "What did the critics say?",
)
QUOTES = (
    "We left the tape running and went to make tea.",
    "The room was cold, so we played faster.",
    "Nobody wanted to be the one to say it was finished.",
)


class StageBot(discord.AutoShardedClient):
    """Commands as a bot of facts and quotes has them.

    Attributes:
        is_connected: Set once it is connected.
        may_answer: `/slowly` and `/hesitate` wait for this.
    """

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        self.tree = app_commands.CommandTree(self)
        self.is_connected = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.tree.error(apologise)
        for command in COMMANDS:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_shard_connect(self, _shard: int) -> None:
        self.is_connected.set()

    @asynccontextmanager
    async def running(self, token: str) -> AsyncIterator[StageBot]:
        """Log in and connect; close at the end."""
        async with self:
            await self.login(token)
            connecting = asyncio.create_task(self.connect())
            await asyncio.wait_for(self.is_connected.wait(), PATIENCE_S)
            yield self
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)


async def apologise(interaction: Interaction, _error: app_commands.AppCommandError) -> None:
    await interaction.response.send_message(
        "Something went wrong on our side. Reference: `7f3a`", ephemeral=True
    )


class AnswerCard(ui.LayoutView):
    """An answer as a layout of Components V2."""

    def __init__(self, question: str) -> None:
        super().__init__(timeout=None)
        again: ui.Button[AnswerCard] = ui.Button(
            label="Another fact", style=discord.ButtonStyle.primary, custom_id="fact"
        )
        again.callback = self.another  # type: ignore[method-assign]  # how discord.py is told
        sources: ui.Button[AnswerCard] = ui.Button(label="Sources", custom_id="sources")
        sources.callback = self.sources  # type: ignore[method-assign]  # how discord.py is told
        link: ui.Button[AnswerCard] = ui.Button(label="Interview", url="https://example.org/a")
        self.add_item(
            ui.Container(
                ui.TextDisplay(f"### {discord.utils.escape_markdown(question)}"),
                ui.TextDisplay(
                    "In **eleven days** at a farmhouse near the coast, on eight tracks. The piano "
                    "was borrowed from the *village hall* and went back out of tune. [1]"
                ),
                ui.TextDisplay(
                    "> We left the tape running and went to make tea. What you hear in the third "
                    "song is the kettle."
                ),
                ui.Separator(),
                ui.TextDisplay(
                    "-# [1] Radio interview, <t:1077706500:D>, paragraph 4 · confidence high"
                ),
                accent_colour=0xE0A458,
            )
        )
        self.add_item(ui.ActionRow(again, sources, link))

    async def another(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(view=AnswerCard("Who played the piano?"))

    async def sources(self, interaction: Interaction) -> None:
        await interaction.response.send_message(
            "1. Radio interview\n2. Tour programme, page 12", ephemeral=True
        )


class QuoteCard(ui.View):
    """A quote, the next one at a press; themes to choose from."""

    def __init__(self, number: int = 0) -> None:
        super().__init__(timeout=None)
        self.number = number

    def embed(self) -> discord.Embed:
        quote = QUOTES[self.number % len(QUOTES)]
        embed = discord.Embed(description=f"> {quote}", colour=0x6FA8A0, title="On recording")
        embed.add_field(name="Said by", value="The drummer").add_field(name="Year", value="1998")
        return embed.set_footer(text="Tour programme, page 12")

    @ui.button(label="Another quote", custom_id="quote", style=discord.ButtonStyle.secondary)
    async def another(self, interaction: Interaction, _button: ui.Button[QuoteCard]) -> None:
        following = QuoteCard(self.number + 1)
        await interaction.response.edit_message(embed=following.embed(), view=following)

    @ui.button(label="Broken", custom_id="broken", style=discord.ButtonStyle.danger)
    async def broken(self, interaction: Interaction, _button: ui.Button[QuoteCard]) -> None:
        """Never answer."""

    @ui.select(
        custom_id="theme",
        placeholder="Another theme",
        options=[
            discord.SelectOption(label="Touring", value="t", description="Vans and hotels"),
            discord.SelectOption(label="Growing old", value="o"),
        ],
    )
    async def theme(self, interaction: Interaction, select: ui.Select[QuoteCard]) -> None:
        await interaction.response.send_message(f"theme {select.values[0]}", ephemeral=True)


class ManySelects(ui.View):
    """A select of each kind, and a button with the longest label that Discord allows."""

    @ui.select(
        custom_id="several", placeholder="Several", min_values=1, max_values=2,
        options=[discord.SelectOption(label=each) for each in ("One", "Two", "Three")],
    )  # fmt: skip  # one line a thought
    async def several(self, interaction: Interaction, select: ui.Select[Any]) -> None:
        await interaction.response.send_message("several: " + ", ".join(sorted(select.values)))

    @ui.select(cls=ui.UserSelect, custom_id="user", placeholder="Somebody")
    async def user(self, interaction: Interaction, select: ui.UserSelect[Any]) -> None:
        await interaction.response.send_message(f"user: {select.values[0].mention}")

    @ui.select(cls=ui.RoleSelect, custom_id="role", placeholder="A role")
    async def role(self, interaction: Interaction, select: ui.RoleSelect[Any]) -> None:
        await interaction.response.send_message(f"role: {select.values[0].name}")

    @ui.select(cls=ui.ChannelSelect, custom_id="channel", placeholder="A channel")
    async def channel(self, interaction: Interaction, select: ui.ChannelSelect[Any]) -> None:
        await interaction.response.send_message(f"channel: {select.values[0].mention}")

    @ui.button(label="Wide letters " + "W" * 67)
    async def wide(self, interaction: Interaction, _button: ui.Button[ManySelects]) -> None:
        await interaction.response.send_message("wide")


class Suggestion(ui.Modal, title="Suggest a fact"):
    """A form with a line, a paragraph and a choice."""

    fact: ui.Label[Suggestion] = ui.Label(
        text="The fact",
        description="One sentence that can be checked.",
        component=ui.TextInput(custom_id="fact", min_length=5, max_length=200),
    )
    kind: ui.Label[Suggestion] = ui.Label(
        text="Where is it from?",
        component=ui.Select(
            custom_id="kind",
            placeholder="Kind of source",
            options=[discord.SelectOption(label="Book"), discord.SelectOption(label="Radio")],
        ),
    )
    note: ui.Label[Suggestion] = ui.Label(
        text="Anything else",
        component=ui.TextInput(custom_id="note", style=discord.TextStyle.paragraph, required=False),
    )

    async def on_submit(self, interaction: Interaction) -> None:
        fact, kind = self.fact.component, self.kind.component
        assert isinstance(fact, ui.TextInput)
        assert isinstance(kind, ui.Select)
        if fact.value == "say nothing":
            return
        await interaction.response.send_message(
            f"Thank you for “{fact.value}” ({kind.values[0]}).", ephemeral=True
        )


@app_commands.command()
@app_commands.describe(question="What do you want to know?")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def ask(interaction: Interaction, question: app_commands.Range[str, 3, 100]) -> None:
    """Ask about the records."""
    await interaction.response.send_message(view=AnswerCard(question))


@ask.autocomplete("question")
async def complete(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    fitting = [each for each in QUESTIONS if typed.lower() in each.lower()]
    return [app_commands.Choice(name=each, value=each) for each in fitting]


@app_commands.command()
@app_commands.describe(about="A theme", private="Only you see the answer")
@app_commands.choices(
    about=[
        app_commands.Choice(name="Recording", value="r"),
        app_commands.Choice(name="Touring", value="t"),
    ]
)
async def quote(
    interaction: Interaction, about: str | None = None, private: bool = False  # noqa: FBT001, FBT002  # a command's option
) -> None:  # fmt: skip  # one line for the signature
    """Hear a quote."""
    card = QuoteCard()
    words = f"About {about}" if about else None
    await interaction.response.send_message(words, embed=card.embed(), view=card, ephemeral=private)


@app_commands.command()
async def selects(interaction: Interaction) -> None:
    """Show every kind of select."""
    await interaction.response.send_message("Choose.", view=ManySelects(timeout=None))


@app_commands.command()
async def suggest(interaction: Interaction) -> None:
    """Suggest a fact."""
    await interaction.response.send_modal(Suggestion())


@app_commands.command()
async def silent(interaction: Interaction) -> None:
    """Never answer."""


@app_commands.command()
async def secret(interaction: Interaction) -> None:
    """Answer so that nobody else sees it."""
    await interaction.response.send_message("Only between us.", ephemeral=True)


@app_commands.command()
async def broken(interaction: Interaction) -> None:
    """Fail."""
    raise RuntimeError("as announced")


@app_commands.command()
async def slowly(interaction: Interaction) -> None:
    """Think before answering."""
    bot = interaction.client
    assert isinstance(bot, StageBot)
    await interaction.response.defer(thinking=True)
    await bot.may_answer.wait()
    await interaction.edit_original_response(content="At last.")


@app_commands.command()
async def echo(interaction: Interaction, words: str) -> None:
    """Say it again."""
    await interaction.response.send_message(words.replace("\\n", "\n"))


daily = app_commands.Group(
    name="daily",
    description="The daily quote",
    default_permissions=discord.Permissions(manage_guild=True),
    guild_only=True,
)


@daily.command(name="set")
@app_commands.describe(hour="Hour of the day", channel="Where it is posted")
async def daily_set(
    interaction: Interaction,
    hour: app_commands.Range[int, 0, 23],
    channel: app_commands.AppCommandChannel,
) -> None:
    """Choose when and where."""
    await interaction.response.send_message(f"Daily at {hour}:00 in {channel.mention}.")


@app_commands.context_menu(name="Who said this?")
async def who(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(
        f"{message.author.mention} did: {message.jump_url}", ephemeral=True
    )


COMMANDS: tuple[Any, ...] = (
    ask, quote, selects, suggest, silent, secret, broken, slowly, echo, daily, who, survey,
)  # fmt: skip  # a list of names
