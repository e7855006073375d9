"""The commands `linernotes run` and `sync`."""

from __future__ import annotations

import asyncio
import gc
import secrets
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click
import structlog

from bot import logging
from bot.cli.command import Command
from bot.cli.config import API, FILE, GATEWAY
from bot.cli.program import read_config
from bot.private_files import private_folder
from bot.scheduling.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.cli.program import Program
    from bot.client.identify_gate import IdentifyGate
    from bot.client.sync import SyncPlan
    from bot.config import Config
    from bot.errors import LinerNotesError
    from bot.observability.monitoring import Monitoring
    from bot.scheduling.storage.database import State

log = structlog.stdlib.get_logger("bot.cli.run")


@click.command(cls=Command)
@FILE
@API
@GATEWAY
@click.option("--shards", metavar="A-B/N", help="The shards that this process serves.")
@click.pass_obj
def run(program: Program, /, path: Path | None, **given: str | None) -> None:
    """Serve Discord until told to stop (Ctrl-C, or SIGTERM)."""
    config = read_config(path, given)
    token = config.require_token()
    logging.configure(config.log_level, style=config.log_format, secrets=[token])
    # All that a start imports and reads stays: looking through it for garbage took a tenth of the
    # start. The memory cleaner turns it on again.
    gc.disable()
    try:
        asyncio.run(_run(program, config, token))
    finally:
        gc.enable()


@click.command(cls=Command)
@FILE
@API
@GATEWAY
@click.option(
    "--guild", type=int, metavar="ID", help="Only for one server, where it shows at once."
)
@click.option("--force", "is_forced", is_flag=True, help="Write even if nothing differs.")
@click.option("--dry-run", "is_rehearsal", is_flag=True, help="Show what would be written.")
@click.pass_obj
def sync(
    program: Program,
    /,
    path: Path | None,
    guild: int | None,
    is_forced: bool,  # noqa: FBT001  # click gives it by name
    is_rehearsal: bool,  # noqa: FBT001  # click gives it by name
    **given: str | None,
) -> None:
    """Publish the slash commands, if Discord has others."""
    config = read_config(path, given)
    token = config.require_token()
    logging.configure({"": "warning"}, style=config.log_format, secrets=[token])
    plan = asyncio.run(
        _sync(
            program,
            config,
            token,
            guild=guild,
            is_forced=is_forced,
            is_rehearsal=is_rehearsal,
        )
    )
    click.echo(str(plan))
    if is_rehearsal and plan.differences:
        click.echo(plan.differences)


async def _run(program: Program, config: Config, token: str) -> None:
    from bot.client.signals import (  # noqa: PLC0415
        handle_hangup,
        handle_signals,
        leave_later,
        run_until,
    )
    from bot.observability.monitoring import start_monitoring  # noqa: PLC0415

    stop = asyncio.Event()

    def begin_to_stop() -> None:
        stop.set()
        leave_later()

    # A hangup while opening asks for nothing: everything opened is new anyway.
    with handle_signals(begin_to_stop), handle_hangup(lambda: None):
        async with start_monitoring(config.metrics_port) as monitoring, AsyncExitStack() as stack:
            monitoring.health.report("gateway", "The bot is starting.")
            opened = await run_until(stop, _open_all(stack, program, config, monitoring))
            if opened is not None:
                knowledge, state = opened
                monitoring.health.add_check("database", state.check)
                await _serve(program, config, token, knowledge, state, monitoring, stop)


async def _open_all(
    stack: AsyncExitStack, program: Program, config: Config, monitoring: Monitoring
) -> tuple[KnowledgeBase, State]:
    """Open the knowledge base and the state on a stack."""
    from bot.answering.pack_set import PackSet  # noqa: PLC0415  # as in `_serve`

    # SQLAlchemy takes a third of a second and 15 MB, so it is imported only where needed.
    from bot.scheduling.storage.database import State, translate_faults  # noqa: PLC0415
    from bot.scheduling.storage.url import parse_url, sqlite_file  # noqa: PLC0415

    def report(faults: LinerNotesError) -> None:
        log.error("packs have faults, the last good ones go on serving", reason=str(faults))
        monitoring.health.report("facts", faults)

    knowledge = await stack.enter_async_context(program.open_knowledge(config, told=report))
    pack_set = PackSet.choose(config.data_dir, config.packs, languages=config.languages)
    if left_out := pack_set.describe_left_out(knowledge.translation_faults(knowledge.packs)):
        log.warning("translations have faults, what they lack stays untranslated", reason=left_out)
    file = sqlite_file(parse_url(config.state_url))
    if file is not None:
        with translate_faults(str(file)):
            private_folder(file.parent)
    return knowledge, await stack.enter_async_context(await State.open(config.state_url))


async def _serve(  # noqa: PLR0913, PLR0917  # everything that is open while the bot serves
    program: Program,
    config: Config,
    token: str,
    knowledge: KnowledgeBase,
    state: State,
    monitoring: Monitoring,
    stop: asyncio.Event,
) -> None:
    # discord.py takes half a second to import, so it is imported only where needed.
    from bot.answering.pack_reloader import PackReloader  # noqa: PLC0415
    from bot.answering.pack_set import PackSet  # noqa: PLC0415
    from bot.bootstrap import build_bot  # noqa: PLC0415
    from bot.client.endpoint import use_endpoint  # noqa: PLC0415
    from bot.client.memory_cleaner import MemoryCleaner  # noqa: PLC0415
    from bot.client.serve import serve  # noqa: PLC0415
    from bot.client.signals import handle_hangup  # noqa: PLC0415
    from bot.client.telemetry import Telemetry  # noqa: PLC0415
    from bot.index.cache import KEY_BYTES, KeyedHash  # noqa: PLC0415

    pack_set, health = (
        PackSet.choose(config.data_dir, config.packs, languages=config.languages),
        monitoring.health,
    )
    telemetry = Telemetry(monitoring.meter) if monitoring.port else None
    if telemetry:
        health.add_check("gateway", telemetry.check_gateway)
    with use_endpoint(config.endpoint):
        bot = build_bot(
            knowledge,
            SystemRandom(),
            state=state,
            limits=posting_limits(config, program.limits),
            endpoint=config.endpoint,
            shards=config.shards,
            telemetry=telemetry,
            identify_gate=_identify_gate(config, state),
            memory_cleaner=MemoryCleaner(),
            cooldown=config.cooldown,
            help_page=config.help_page,
        )
        if bot.worker:
            health.add_check("posting", bot.worker.check)
            health.add_check("clock", bot.worker.check_clock)
        hide = KeyedHash(secrets.token_bytes(KEY_BYTES))
        report = partial(health.report, "facts")
        replace_knowledge = bot.services.holder.replace
        async with PackReloader(pack_set, replace_knowledge, report, hide=hide) as reloader:
            with handle_hangup(reloader.request_reload):
                await serve(bot, token, stop)


def posting_limits(config: Config, limits: Limits | None) -> Limits | None:
    """Return the limits of posting with the rate that the settings allow."""
    if config.requests_per_second is None:
        return limits
    return replace(limits or Limits(), per_second=config.requests_per_second)


def _identify_gate(config: Config, state: State) -> IdentifyGate | None:
    """Build the gate among all processes on one PostgreSQL."""
    from bot.client.identify_gate import IdentifyGate  # noqa: PLC0415
    from bot.scheduling.storage.advisory_lock import AdvisoryLock  # noqa: PLC0415

    turns = AdvisoryLock.for_state(state)  # none on SQLite, which is for a single process
    if turns is not None:
        return IdentifyGate(turns, SystemRandom().random)
    if config.shards is not None and len(config.shards.ids) < config.shards.count:
        log.warning(
            "several processes on SQLite cannot take turns to identify; set LINERNOTES_STATE_URL "
            "to one PostgreSQL for all",
            shards=str(config.shards),
        )
    return None


async def _sync(program: Program, config: Config, token: str, **options: Any) -> SyncPlan:
    from bot.bootstrap import build_bot  # noqa: PLC0415
    from bot.client.endpoint import use_endpoint  # noqa: PLC0415

    with use_endpoint(config.endpoint):
        async with program.open_knowledge(config) as knowledge:
            bot = build_bot(
                knowledge, SystemRandom(), endpoint=config.endpoint, shards=config.shards
            )
            return await bot.publish_once(token, **options)
