"""The commands in every language: what Discord takes, and unique."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
from discord import app_commands

from bot.client.app import build_commands
from bot.client.command_translator import CommandTranslator
from bot.localization.languages import LANGUAGE_NAMES, TRANSLATED
from bot.sandbox.interactions.command_definitions import count_characters, read_command
from bot.sandbox.validation import Faults, FieldReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

Definition = dict[str, Any]
SUBCOMMAND, GROUP = 1, 2


@pytest.fixture
async def commands() -> AsyncIterator[list[Definition]]:
    """The definitions as they are published."""
    client = discord.Client(intents=discord.Intents.none())
    tree = app_commands.CommandTree(client)
    services, directory = cast("Any", None), cast("Any", None)
    yield [
        await command.get_translated_payload(tree, CommandTranslator())
        for command in build_commands(services, directory)
    ]
    await client.close()


def parts(command: Definition) -> Iterator[Definition]:
    yield command
    for option in command.get("options", ()):
        yield from parts(option)
    yield from command.get("choices", ())


async def test_every_name_and_description_has_every_language(commands: list[Definition]) -> None:
    same = {"title", "role", "name", "pack", "packs", "question", "thread", "pause"}
    for command in commands:
        for part in parts(command):
            if part.get("description"):
                assert part["description_localizations"].keys() == set(TRANSLATED), part
            if part["name"] not in same | set(LANGUAGE_NAMES.values()):
                assert part["name_localizations"].keys() == set(TRANSLATED), part["name"]


async def test_discord_takes_every_translation(commands: list[Definition]) -> None:
    for command in commands:
        reader = FieldReader(command, Faults())
        read_command(reader)
        reader.faults.raise_if_any()


async def test_no_command_is_too_large_in_any_language(commands: list[Definition]) -> None:
    assert max(map(count_characters, commands)) < 8000


@pytest.mark.parametrize("tag", TRANSLATED)
async def test_names_beside_each_other_differ_in_every_language(
    tag: str, commands: list[Definition]
) -> None:
    def named(part: Definition) -> str:
        return str((part.get("name_localizations") or {}).get(tag, part["name"]))

    def check(siblings: list[Definition]) -> None:
        names = [named(each) for each in siblings]
        assert len(set(names)) == len(names), names
        for each in siblings:
            check(each.get("options") or [])

    check(commands)


async def test_other_languages_of_discord_stay_english(commands: list[Definition]) -> None:
    assert all("ja" not in part["name_localizations"] for part in commands)
