"""`linernotes doctor`: examines everything from the settings to Discord, and changes nothing."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial, reduce
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from bot import logging as logs
from bot.cli import findings as doctor
from bot.cli.findings import Finding
from bot.cli.settings_options import OPTIONS, read_config
from bot.errors import ConfigError, DiscordError, LinerNotesError, StateError
from bot.packs.discovery import shipped_folder
from bot.settings import unknown_variables

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from bot.cli.run import OpenKnowledge
    from bot.config import Config

FEWEST_STARTS = 5


def doctor_command(open_knowledge: OpenKnowledge) -> click.Command:
    """Return the command, given the way in which the notes are opened."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
    def callback(path: Path | None, *, as_json: bool, **given: str | None) -> None:
        """Examine settings, disk, packs, database, clock, token and commands.

        A line each, with what to do about what is wrong; the status is 1 if anything is.
        """
        logs.configure({"": "critical"})  # what is wrong stands in the findings
        read = partial(read_config, os.environ, path, given)
        findings = asyncio.run(_examined(read, open_knowledge))
        click.echo(doctor.report(findings, as_json=as_json))
        raise SystemExit(not all(found.is_well for found in findings))

    with_options = reduce(lambda function, option: option(function), OPTIONS, callback)
    return click.command("doctor")(with_options)


async def _examined(read: Callable[[], Config], open_knowledge: OpenKnowledge) -> list[Finding]:
    return [found async for found in examine(os.environ, read, open_knowledge)]


async def examine(
    env: Mapping[str, str], read: Callable[[], Config], open_knowledge: OpenKnowledge
) -> AsyncIterator[Finding]:
    """Examine everything, telling of each part as soon as it is known."""
    yield doctor.versions()
    try:
        config = read()
    except ConfigError as error:
        yield Finding("settings", "; ".join(str(error).splitlines()), "correct each")
        return
    yield _settings(env)
    if (found := doctor.extras(_extras(config))) is not None:
        yield found
    yield doctor.disk(config.data_dir)
    yield doctor.folder(config.data_dir)
    yield doctor.packs((shipped_folder(), *config.packs))
    yield await _database(config)
    async for found in _discord(config, open_knowledge):
        yield found


def _settings(env: Mapping[str, str]) -> Finding:
    unknown = unknown_variables(env)
    if unknown:
        named = ", ".join(unknown)
        return Finding("settings", f"{named}: no such setting", "is it misspelt?")
    return Finding("settings", "all can be used; linernotes config shows them")


def _extras(config: Config) -> list[str]:
    is_postgres = config.state_url.startswith("postgresql")
    wanted = {"metrics": config.metrics_port is not None, "postgres": is_postgres}
    return [extra for extra, is_wanted in wanted.items() if is_wanted]


async def _database(config: Config) -> Finding:
    # SQLAlchemy is slow to import: nobody else here needs it.
    from bot.scheduling.storage.inspection import inspect_state  # noqa: PLC0415

    try:
        state = await inspect_state(config.state_url)
    except StateError as error:
        return Finding("database", str(error), "do as it says")
    if state.revision is None:
        return Finding("database", f"{state.place} is new; the first run makes it")
    says = f"{state.place}, revision {state.revision}, can be written"
    if state.is_shared:
        return Finding("database", f"{says}, and read by others", f"chmod 600 '{state.place}'")
    if not state.is_current:
        says += "; the next run brings it up to date"
    return Finding("database", says)


async def _discord(config: Config, open_knowledge: OpenKnowledge) -> AsyncIterator[Finding]:
    from bot.client.endpoint import use_endpoint  # noqa: PLC0415 - discord.py is slow to import

    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(use_endpoint(config.endpoint))
        except ConfigError as error:
            yield Finding("discord", str(error), "correct LINERNOTES_API")
            return
        yield await _clock(config)
        token = await _token(config)
        yield token
        if token.is_well:
            yield await _commands(config, open_knowledge)


async def _clock(config: Config) -> Finding:
    from bot.client.inspection import measure_clock  # noqa: PLC0415

    try:
        return doctor.clock(await measure_clock(config.endpoint, lambda: datetime.now(UTC)))
    except DiscordError as error:
        return Finding("clock", str(error), "do as it says")


async def _token(config: Config) -> Finding:
    from bot.client.inspection import fetch_account  # noqa: PLC0415

    if config.token is None:
        return Finding("token", "there is none", "set LINERNOTES_TOKEN; docs/discord.md gets one")
    try:
        account = await fetch_account(config.endpoint, config.token)
    except ConfigError as error:
        return Finding("token", str(error), "reset it there")
    except DiscordError as error:
        return Finding("token", str(error), "do as it says")
    says = (
        f"of {account.name}; shards advised: {account.shards}, starts left: {account.starts_left}"
    )
    if account.starts_left < FEWEST_STARTS:
        return Finding("token", says, "find out what restarts the bot, and wait for a day")
    return Finding("token", says)


async def _commands(config: Config, open_knowledge: OpenKnowledge) -> Finding:
    from bot.bootstrap import build_bot  # noqa: PLC0415
    from bot.client.inspection import compare_commands  # noqa: PLC0415

    try:
        # Faults of the packs stand in a finding of their own.
        async with open_knowledge(config, told=lambda _: None) as knowledge:
            bot = build_bot(knowledge, SystemRandom(), endpoint=config.endpoint)
            plan = await compare_commands(bot, config.token or "")
    except LinerNotesError as error:
        return Finding("commands", f"not compared: {error}", "correct that first")
    if plan.is_empty:
        return Finding("commands", "Discord has just these")
    return Finding("commands", f"Discord has others ({plan})", "linernotes sync")
