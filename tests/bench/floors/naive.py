"""What a first version of a bot like this often is: usual caches, a connection a command, LIKE.

    python -m tests.bench.floors.naive

It answers from the same facts as ours, out of an SQLite file that it fills at its first start.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import aiosqlite
import discord
import yaml
from discord import app_commands
from discord.ext import commands

from bot.packs.discovery import find_pack_files, shipped_folder
from tests.bench.floors.bare import point_at_peer

SHORTEST = 4
FOUND = "SELECT question, statement, source FROM fact WHERE question LIKE ? LIMIT 1"


class Naive(commands.AutoShardedBot):
    """A bot as tutorials make it."""

    def __init__(self, database: Path) -> None:
        super().__init__(command_prefix="!", intents=discord.Intents.default())
        self.database = database
        self.tree.add_command(ask)

    async def setup_hook(self) -> None:
        """Fill the database where there is none, and publish the command."""
        if not self.database.exists():
            fill(self.database)
        await self.tree.sync()


@app_commands.command()
async def ask(interaction: discord.Interaction[Naive], question: str) -> None:
    """Answer with the first fact that has the words of the question, in that order."""
    words = [word for word in re.findall(r"\w+", question) if len(word) >= SHORTEST]
    async with aiosqlite.connect(interaction.client.database) as database:
        found = await database.execute_fetchall(FOUND, (f"%{'%'.join(words)}%",))
    title, statement, source = next(iter(found), (question, "I do not know.", ""))
    embed = discord.Embed(title=title, description=statement)
    embed.set_footer(text=source)
    await interaction.response.send_message(embed=embed)


def fill(database: Path) -> None:
    """Write a row for each question of each fact of the shipped packs."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE fact (question TEXT, statement TEXT, source TEXT)")
        for file in find_pack_files([shipped_folder()]):
            pack = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
            connection.executemany(
                "INSERT INTO fact VALUES (?, ?, ?)",
                (
                    (question, fact["statement"], pack["source"]["title"])
                    for fact in pack["facts"]
                    for question in fact["questions"]
                ),
            )


if __name__ == "__main__":
    point_at_peer()
    Naive(Path(os.environ["PEER_DATA"]) / "naive.sqlite").run(
        os.environ["PEER_TOKEN"], log_handler=None
    )
