"""The floor: what discord.py itself takes, for a bot that answers everything alike.

    python -m tests.bench.floors.bare

The guilds intent, no cache of members or messages, one command with a fixed embed that is about as
long as an ordinary answer of ours. Addresses and token come from the environment.
"""

from __future__ import annotations

import os

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

STATEMENT = (
    "24/Seven, the band's third studio album, comes out on June 11, 2013; it was announced "
    "together with the single that opens it, and can be ordered ahead of that day."
)
QUOTE = "> We wanted to make a record that sounds like the four of us\n> — one of the band"
SOURCE = "From an interview of June 2013, as of 2013; the year is that of the article. Paragraph 5."


class Bare(discord.AutoShardedClient):
    """One command, whose answer never changes."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(ask)

    async def setup_hook(self) -> None:
        """Publish the command."""
        await self.tree.sync()


@app_commands.command()
async def ask(interaction: discord.Interaction, question: str) -> None:
    """Answer every question alike."""
    embed = discord.Embed(
        title="When does the new album come out?", description=STATEMENT, colour=0xC8553D
    )
    embed.add_field(name="In their words", value=QUOTE, inline=False)
    embed.add_field(name="Related", value="What is the album called?", inline=False)
    embed.add_field(name="Related", value="How many songs are on the deluxe edition?")
    embed.set_footer(text=SOURCE)
    await interaction.response.send_message(embed=embed)


def point_at_peer() -> None:
    """Send discord.py to the peer instead of Discord."""
    Route.BASE = os.environ["PEER_API"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["PEER_GATEWAY"])


if __name__ == "__main__":
    point_at_peer()
    Bare().run(os.environ["PEER_TOKEN"], log_handler=None)
