"""The command `linernotes`: the only place that puts the parts together."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot import __version__
from bot.errors import LinerNotesError, PackError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from pathlib import Path

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.config import Config


class Commands(click.Group):
    """Makes a command when it is asked for: a running bot imports nothing of the terminal's."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(name for names in FAMILIES for name in names)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command by its name."""
        make = next((make for names, make in FAMILIES.items() if name in names), tuple)
        return next((command for command in make() if command.name == name), None)


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="linernotes")
def linernotes() -> None:
    """Answer fans' questions from cited notes: in the terminal, or as a Discord bot."""


@asynccontextmanager
async def knowledge_for(
    config: Config,
    places: tuple[Path, ...] = (),
    *,
    told: Callable[[LinerNotesError], None] | None = None,
) -> AsyncIterator[KnowledgeBase]:
    """Open the notes of the packs in `places`, or of those that the settings name.

    A pack that does not validate keeps the last good store serving, and says so: to `told`, or
    on standard error.
    """
    # Imported when used: `linernotes --help` need not wait for the store and the matcher.
    from bot.answering.knowledge_base import KnowledgeBase  # noqa: PLC0415
    from bot.answering.pack_set import PackSet  # noqa: PLC0415
    from bot.index.keyed_hash import KEY_BYTES, KeyedHash  # noqa: PLC0415

    pack_set = PackSet.choose(config.data_dir, config.packs, places)
    try:
        # In a thread: who asks how the bot is, or tells it to stop, need not wait for a compiler.
        store = await asyncio.to_thread(pack_set.ensure_index)
    except PackError as error:
        good = pack_set.find_last_good()
        if good is None:
            raise
        (told or _say)(error)
        store = good
    hide = KeyedHash(secrets.token_bytes(KEY_BYTES))
    async with await KnowledgeBase.open(store, hide) as knowledge:
        yield knowledge


def _say(faults: LinerNotesError) -> None:
    click.echo(f"{faults}\nThe last good notes go on serving until this is put right.", err=True)


@asynccontextmanager
async def _open_here(places: tuple[Path, ...]) -> AsyncIterator[KnowledgeBase]:
    from bot.cli.settings_options import read_config  # noqa: PLC0415

    async with knowledge_for(read_config(os.environ, None, {}), places) as knowledge:
        yield knowledge


def _state_url() -> str:
    from bot.cli.settings_options import read_config  # noqa: PLC0415

    return read_config(os.environ, None, {}).state_url


def _now() -> datetime:
    return datetime.now(UTC)


def _asking() -> Iterable[click.Command]:
    from bot.cli import ask  # noqa: PLC0415

    return ask.commands(_open_here)


def _daily() -> Iterable[click.Command]:
    from bot.cli.daily import daily_group  # noqa: PLC0415

    return (daily_group(_now),)


def _demonstrating() -> Iterable[click.Command]:
    from bot.cli import demo as cli_demo  # noqa: PLC0415

    return (cli_demo.demo,)


def _standing_in() -> Iterable[click.Command]:
    from bot.cli import sandbox as cli_sandbox  # noqa: PLC0415

    return (cli_sandbox.sandbox,)


def _examining() -> Iterable[click.Command]:
    from bot.cli.doctor import doctor_command  # noqa: PLC0415

    return (doctor_command(knowledge_for),)


def _keeping() -> Iterable[click.Command]:
    from bot.cli import state  # noqa: PLC0415

    return state.commands(_state_url, _now)


def _running() -> Iterable[click.Command]:
    from bot.cli import run as cli_run  # noqa: PLC0415

    return cli_run.commands(knowledge_for)


def _writing() -> Iterable[click.Command]:
    from bot.cli.evaluate import eval_command  # noqa: PLC0415
    from bot.cli.facts import facts  # noqa: PLC0415
    from bot.cli.lint import find_command, lint  # noqa: PLC0415

    for command in (eval_command(_open_here), find_command(_open_here), lint):
        facts.add_command(command)
    return (facts,)


FAMILIES: Mapping[tuple[str, ...], Callable[[], Iterable[click.Command]]] = {
    ("ask", "quote", "release", "topics"): _asking,
    ("backup", "restore", "state"): _keeping,
    ("config", "run", "sync"): _running,
    ("daily",): _daily,
    ("demo",): _demonstrating,
    ("doctor",): _examining,
    ("facts",): _writing,
    ("sandbox",): _standing_in,
}
"""The commands by name, and what imports and makes them."""


def main() -> None:
    """Run the command; an expected error is a sentence on standard error and status 1."""
    try:
        linernotes.main(standalone_mode=True)
    except LinerNotesError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough; closing quietly is what a pipe expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
