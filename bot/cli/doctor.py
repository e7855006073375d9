"""The command `linernotes doctor`: examines everything, changes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from bot import __version__, logging
from bot.cli.command import Command
from bot.cli.config import API, FILE, GATEWAY
from bot.cli.printing import print_lines
from bot.cli.program import read_config
from bot.errors import (
    ConfigError,
    DiscordError,
    LinerNotesError,
    PackError,
    StateError,
    UnreachableError,
)
from bot.packs.discovery import shipped_folder
from bot.private_files import FOLDER
from bot.settings import nearest_variable, unknown_variables

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence
    from pathlib import Path

    from bot.cli.program import Program
    from bot.config import Config
    from bot.errors import Fault
    from bot.scheduling.storage.inspection import Damage

PYTHON = (3, 11)
SQLITE = (3, 35, 0)
"""RETURNING, which the state's SQL uses, came with it."""
LEAST_FREE_MB = 200
"""Room for a store and its successor, a backup of the state, and a day of logs."""
MOST_SECONDS_AHEAD = 10
"""A clock further off posts noticeably early or late."""
MB = 1_000_000
MODE_BITS = 0o777
FEWEST_STARTS = 5
AS_IT_SAYS = "do as it says"
"""The remedy of an error whose sentence names it already."""
PART_WIDTH = 9
SAYS_AT = 15
"""The column in which findings begin to speak."""
OK, FAIL = "ok  ", "FAIL"
_COLOURED = {OK: click.style(OK, fg="green"), FAIL: click.style(FAIL, fg="red", bold=True)}
SHOWN_ROWS = 20
MOST_OF_A_FAULT = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one examination."""

    part: str
    says: str
    remedy: str | None = None
    """None where all is well."""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return self.remedy is None

    def __str__(self) -> str:
        """Return the finding on one line."""
        mark = OK if self.is_well else FAIL
        remedy = "" if self.remedy in {None, AS_IT_SAYS} else f" -> {self.remedy}"
        return f"{mark} {self.part:<{PART_WIDTH}} {self.says}{remedy}"


@click.command(cls=Command)
@FILE
@API
@GATEWAY
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.pass_obj
def doctor(program: Program, /, path: Path | None, *, as_json: bool, **given: str | None) -> None:
    """Examine settings, disk, packs, database, clock, token and commands.

    A line each, with what to do about what is wrong; the status is 1 if anything is.
    """
    logging.configure({"": "critical"})  # the findings tell of all that is wrong

    async def examine_all() -> list[Finding]:
        return [found async for found in examine(program, partial(read_config, path, given))]

    findings = asyncio.run(examine_all())
    told = report(findings, as_json=as_json)
    click.echo(told) if as_json else print_lines([told], hang=SAYS_AT)
    raise SystemExit(not all(found.is_well for found in findings))


async def examine(program: Program, read: Callable[[], Config]) -> AsyncIterator[Finding]:
    """Yield the findings about each part as soon as they are known."""
    yield check_versions()
    try:
        config = read()
    except ConfigError as error:
        yield Finding("settings", "; ".join(str(error).splitlines()), "correct each")
        return
    yield check_settings()
    is_postgres = config.state_url.startswith("postgres")
    needed = {"metrics": config.metrics_port is not None, "postgres": is_postgres}
    if found := check_extras(extra for extra, is_needed in needed.items() if is_needed):
        yield found
    yield check_disk(config.data_dir)
    yield check_folder(config.data_dir)
    yield check_packs((shipped_folder(), *config.packs))
    for found in await check_database(config):
        yield found
    async for found in check_discord(config, program):
        yield found


def check_settings() -> Finding:
    """Check that every variable is a setting."""
    unknown = unknown_variables(os.environ)
    if unknown:
        named = ", ".join(unknown)
        near = [near for near in map(nearest_variable, unknown) if near is not None]
        remedy = f"did you mean {' and '.join(near)}?" if near else "is it misspelt?"
        return Finding("settings", f"{named}: no such setting", remedy)
    return Finding("settings", "all can be used; linernotes config shows them")


async def check_database(config: Config) -> list[Finding]:
    """Check the state database and its rows, without changing it."""
    # SQLAlchemy is slow to import: nobody else here needs it.
    from bot.scheduling.storage.inspection import inspect_state, list_damage  # noqa: PLC0415

    try:
        state = await inspect_state(config.state_url)
        damaged = await list_damage(config.state_url) if state.is_current else ()
    except StateError as error:
        return [Finding("database", str(error), AS_IT_SAYS)]
    if state.revision is None:
        return [Finding("database", f"{state.place} is new; the first run makes it")]
    says = f"{state.place}, revision {state.revision}, can be written"
    remedy = f"chmod 600 '{state.place}'" if state.is_shared else None
    if state.is_shared:
        says += ", and read by others"
    if state.is_pooled:
        says += ", behind a transaction pooler"
        remedy = "add pgbouncer=true to the options of LINERNOTES_STATE_URL"
    if not state.is_current:
        says += "; the next run brings it up to date"
    findings = [Finding("database", says, remedy), *map(describe_damage, damaged[:SHOWN_ROWS])]
    if len(damaged) > SHOWN_ROWS:
        more = f"{len(damaged) - SHOWN_ROWS} more rows are damaged"
        findings.append(Finding("database", more, "bring back a backup: linernotes restore FILE"))
    return findings


async def check_discord(config: Config, program: Program) -> AsyncIterator[Finding]:
    """Yield the findings about Discord: clock, token, commands."""
    from bot.client.endpoint import use_endpoint  # noqa: PLC0415 - discord.py is slow to import

    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(use_endpoint(config.endpoint))
        except ConfigError as error:
            yield Finding("discord", str(error), "correct LINERNOTES_API")
            return
        try:
            yield await compare_clock(config)
        except UnreachableError as error:
            yield describe_outage(config, error)
            return
        token = await check_token(config)
        yield token
        if token.is_well:
            yield await check_commands(config, program)


def describe_outage(config: Config, error: UnreachableError) -> Finding:
    """Say that the network does not lead to Discord."""
    cause = getattr(error.__cause__, "os_error", error.__cause__)
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    unseen = "clock, token and commands were not examined"
    if config.endpoint is not None:
        says = f"nothing answers at {config.endpoint.api} ({reason}); {unseen}"
        return Finding("network", says, "start the stand-in, or correct LINERNOTES_API")
    says = f"the network cannot be reached, or Discord in it ({reason}); {unseen}"
    return Finding("network", says, "check the network and https://discordstatus.com")


async def compare_clock(config: Config) -> Finding:
    """Compare this machine's clock with Discord's.

    Raises:
        UnreachableError: The network does not lead to Discord.
    """
    from bot.client.inspection import measure_clock  # noqa: PLC0415

    try:
        return check_clock(await measure_clock(config.endpoint, lambda: datetime.now(UTC)))
    except UnreachableError:
        raise
    except DiscordError as error:
        return Finding("clock", str(error), AS_IT_SAYS)


async def check_token(config: Config) -> Finding:
    """Check that Discord accepts the token."""
    from bot.client.inspection import fetch_account  # noqa: PLC0415

    if config.token is None:
        return Finding("token", "there is none", "set LINERNOTES_TOKEN; docs/discord.md gets one")
    try:
        account = await fetch_account(config.endpoint, config.token)
    except ConfigError as error:
        return Finding("token", str(error), "reset it there")
    except DiscordError as error:
        return Finding("token", str(error), AS_IT_SAYS)
    says = (
        f"of {account.name}; shards advised: {account.shards}, starts left: {account.starts_left}"
    )
    if account.starts_left < FEWEST_STARTS:
        return Finding("token", says, "find out what restarts the bot, and wait for a day")
    return Finding("token", says)


async def check_commands(config: Config, program: Program) -> Finding:
    """Check that Discord has the present commands."""
    from bot.bootstrap import build_bot  # noqa: PLC0415
    from bot.client.inspection import compare_commands  # noqa: PLC0415

    try:
        # Faults of the packs stand in a finding of their own.
        async with program.open_knowledge(config, told=lambda _: None) as knowledge:
            bot = build_bot(knowledge, SystemRandom(), endpoint=config.endpoint)
            plan = await compare_commands(bot, config.token or "")
    except LinerNotesError as error:
        return Finding("commands", f"not compared: {error}", "correct that first")
    if plan.is_empty:
        return Finding("commands", "Discord has just these")
    return Finding("commands", f"Discord has others ({plan})", "linernotes sync")


def describe_damage(damage: Damage) -> Finding:
    """Describe a damaged row and its remedy."""
    from bot.scheduling.storage.inspection import Condition  # noqa: PLC0415

    where = f"{damage.row_id!r} in server {damage.guild_id}"
    fault = repr(damage.fault[:MOST_OF_A_FAULT])  # may hold anything, in a damaged file
    match damage.condition:
        case Condition.SETTINGS_UNREADABLE:
            return Finding(
                "server",
                f"the settings of server {damage.guild_id} cannot be read ({fault}), "
                "and no pack answers there",
                "let its admins choose packs with /packs and /daily alerts",
            )
        case Condition.SCHEDULE_UNREADABLE:
            return Finding(
                "schedule",
                f"{where} cannot be read ({fault}), and is not posted",
                "start the bot: it suspends it within the hour, and tells an admin there",
            )
        case Condition.SCHEDULE_SUSPENDED:
            return Finding(
                "schedule",
                f"{where} was damaged, and is suspended",
                "let an admin there correct it with /daily edit, then /daily resume",
            )
        case Condition.POST_UNREADABLE:
            return Finding(
                "post",
                f"{where} is under way and cannot be read ({fault})",
                "start the bot: it ends this post and tells its admin",
            )
        case Condition.POST_ENDED:
            return Finding(
                "post",
                f"{where} was damaged and has ended; nothing is left to do about it",
            )
        case Condition.BOOKKEEPING_UNREADABLE:
            return Finding(
                "bookkeeping",
                f"{damage.row_id!r} of the bot's own rows cannot be read ({fault}); the bot "
                "passes over it",
                "look after the disk; to be rid of the row, bring back a backup",
            )


def report(findings: Sequence[Finding], *, as_json: bool) -> str:
    """Return the findings as lines for people, or as one JSON value."""
    if not as_json:
        lines = map(str, findings)
        return "\n".join(_COLOURED[line[: len(FAIL)]] + line[len(FAIL) :] for line in lines)
    value = {
        "is_well": all(found.is_well for found in findings),
        "findings": [asdict(found) | {"is_well": found.is_well} for found in findings],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def check_versions() -> Finding:
    """Check the versions of the program, Python, discord.py and SQLite."""
    python, sqlite = sys.version_info[:3], sqlite3.sqlite_version_info
    says = (
        f"linernotes {__version__}, Python {_dotted(python)}, "
        f"discord.py {metadata.version('discord.py')}, SQLite {_dotted(sqlite)}"
    )
    if python < PYTHON:
        return Finding("versions", says, f"install Python {_dotted(PYTHON)} or later")
    if sqlite < SQLITE:
        return Finding("versions", says, f"use a Python with SQLite {_dotted(SQLITE)}")
    return Finding("versions", says)


def check_extras(wanted: Iterable[str]) -> Finding | None:
    """Check that the extras that the settings need are installed, if any."""
    modules = {"metrics": "prometheus-client", "postgres": "asyncpg"}
    asked = sorted(wanted)
    missing = [extra for extra in asked if not _is_installed(modules[extra])]
    if missing:
        named = ",".join(missing)
        return Finding(
            "extras",
            f"the settings need {' and '.join(missing)}, which is not installed",
            f"pip install 'linernotes[{named}]'",
        )
    return Finding("extras", f"{' and '.join(asked)} installed") if asked else None


def check_disk(folder: Path) -> Finding:
    """Check the room left where the bot keeps its data."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free // MB
    says = f"{free} MB free in {there}"
    if free < LEAST_FREE_MB:
        return Finding("disk", says, f"free some: {LEAST_FREE_MB} MB is the least")
    return Finding("disk", says)


def check_folder(data_dir: Path) -> Finding:
    """Check that the data folder is for the bot's own user alone."""
    if not data_dir.exists():
        return Finding("folder", f"{data_dir} is not there yet; the first run makes it")
    if not data_dir.is_dir():
        return Finding("folder", f"{data_dir} is no folder", "set LINERNOTES_DATA_DIR to one")
    mode = data_dir.stat().st_mode & MODE_BITS
    says = f"{data_dir}, mode {mode:04o}"
    if mode & ~FOLDER:
        return Finding("folder", f"{says}: others may look in", f"chmod 700 '{data_dir}'")
    return Finding("folder", says)


def check_packs(places: Iterable[Path]) -> Finding:
    """Check that every pack and translation validates."""
    # Imported only now: pydantic is slow to import, and only validating needs it.
    from bot.packs.discovery import find_pack_files  # noqa: PLC0415
    from bot.packs.loader import Purpose, load_packs  # noqa: PLC0415

    try:
        loaded = load_packs(find_pack_files(places), Purpose.SERVING)
    except PackError as error:
        return Finding("packs", _first_of(error.faults), "see linernotes facts check, and correct")
    if faults := [fault for pack in loaded for fault in pack.translation_faults]:
        says = f"served, but for parts of translations: {_first_of(faults)}"
        return Finding("packs", says, "see linernotes facts check, and correct")
    facts, quotes = (sum(len(getattr(p, kind)) for p in loaded) for kind in ("facts", "quotes"))
    if not facts and not quotes:
        return Finding("packs", "there is no pack", "name some with LINERNOTES_PACKS")
    return Finding("packs", f"{len(loaded)}, with {facts} facts and {quotes} quotes")


def _first_of(faults: Sequence[Fault]) -> str:
    first, *others = map(str, faults)
    return f"{first} (and {len(others)} more)" if others else first


def check_clock(seconds_ahead: float) -> Finding:
    """Check this machine's clock, given the seconds it is ahead of Discord's."""
    direction = "ahead of" if seconds_ahead > 0 else "behind"
    says = f"{abs(seconds_ahead):.0f} s {direction} Discord's"
    if abs(seconds_ahead) > MOST_SECONDS_AHEAD:
        return Finding("clock", says, "let NTP set it: timedatectl set-ntp true")
    return Finding("clock", says)


def _dotted(version: Iterable[int]) -> str:
    return ".".join(map(str, version))


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
