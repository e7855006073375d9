"""What the documents say of the program is so."""

from __future__ import annotations

import re
import shlex
from random import Random
from typing import TYPE_CHECKING

import discord
from click.testing import CliRunner

from bot.bootstrap import build_bot
from bot.cli.main import linernotes
from bot.client.adapters.channel_access import ChannelAccess
from bot.client.views.server import TYPED
from tests.support.knowledge import KnowledgeInMemory
from tests.support.packs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.support.stores import Stores

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
SECURITY = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
ON_DISCORD = (REPOSITORY / "docs" / "discord.md").read_text(encoding="utf-8")
ENDLESS = {"demo", "sandbox", "run", "doctor", "workbench"}
"""They serve until they are stopped, or ask Discord; tests of their own start them."""


def lines_to_type() -> list[list[str]]:
    """Return the words of every command of ours that the README shows to be typed."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line, comments=True) for line in "".join(blocks).splitlines()]
    return [words[1:] for words in lines if words and words[0] == ".venv/bin/linernotes"]


def test_every_command_that_the_readme_shows_has_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stores: Stores
) -> None:
    stores.put_shipped(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINERNOTES_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "article.txt").write_text("A talk.\n\nNobody said anything.", encoding="utf-8")
    shown = lines_to_type()
    assert {" ".join(words[:2]) for words in shown} >= {"daily simulate", "facts audit"}

    for words in (words for words in shown if ENDLESS.isdisjoint(words[:2])):
        result = CliRunner().invoke(linernotes, words)
        assert result.exit_code == (1 if "audit" in words else 0), result.output
    for words in (words for words in shown if not ENDLESS.isdisjoint(words[:2])):
        assert CliRunner().invoke(linernotes, [*words, "--help"]).exit_code == 0


def commands_by_place() -> dict[str, str]:
    """Return where the README says that each slash command works."""
    rows = re.findall(r"^\| `/(\w+)(?: (\w+))?[^|]*\|[^|]*\| (.+?) \|$", README, re.MULTILINE)
    menus = re.findall(r"^\| \*([^*]+)\*, in [^|]*\|[^|]*\| (.+?) \|$", README, re.MULTILINE)
    return dict(menus) | {
        f"{name} {sub}" if name == "privacy" else name: place for name, sub, place in rows
    }


def test_every_picture_of_the_readme_is_one_that_is_made_anew() -> None:
    shown = re.findall(r"\(docs/images/([\w-]+)\.png\)", README)
    made = re.findall(r'"([\w-]+)": \w+[,}]', (REPOSITORY / "scripts" / "pictures").read_text())
    assert sorted(shown) == sorted(made)
    assert [name for name in made if not (REPOSITORY / f"docs/images/{name}.png").is_file()] == []


async def test_the_readme_says_where_each_command_works() -> None:
    app = build_bot(KnowledgeInMemory(), Random(1)).app
    said = commands_by_place()

    for command in app.tree.get_commands():
        contexts = command.allowed_contexts  # None: as the whole tree, everywhere
        is_everywhere = contexts is None or bool(contexts.dm_channel)
        where = said.get(command.name) or said[f"{command.name} show"]
        assert (where == "everywhere") == is_everywhere, command.name
    assert said["privacy erase"] == "servers with the bot"


def test_the_host_is_told_every_permission_that_a_daily_post_needs() -> None:
    needed = {
        name
        for kind in (discord.ChannelType.text, discord.ChannelType.public_thread)
        for name in ChannelAccess(
            1, 2, kind, discord.Permissions.none(), {}, is_locked=True
        ).missing()
    }

    assert len(needed) == 5
    for name in needed:
        assert f"| {name.partition(' (')[0]} |" in ON_DISCORD


def test_everybody_is_told_the_same_of_what_is_typed() -> None:
    for told in (TYPED, README, SECURITY):
        words = " ".join(told.split())
        assert "the last 32 KiB that Discord sent" in words
        assert re.search("not stored", words)
        assert "seconds" in words
    assert "never a guess" not in README
