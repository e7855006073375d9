"""The commands that speak to Discord: run and sync."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Protocol

import click

from bot import logging as logs
from bot.cli.settings_options import API, FILE, GATEWAY, config_command, read_config
from bot.private_files import private_folder
from bot.scheduling.clock import SystemClock
from bot.scheduling.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.app import App
    from bot.client.forgetting import Forgetting
    from bot.client.identify_gate import IdentifyGate
    from bot.client.sync import SyncPlan
    from bot.client.telemetry import Telemetry
    from bot.config import Config
    from bot.errors import LinerNotesError
    from bot.observability.operations import Monitoring
    from bot.scheduling.storage.database import State

log = logging.getLogger(__name__)


class OpenKnowledge(Protocol):
    """The way in which the notes are opened."""

    def __call__(
        self, config: Config, *, told: Callable[[LinerNotesError], None] | None = None
    ) -> AbstractAsyncContextManager[KnowledgeBase]:
        """Compile the packs that the settings name, and open the store.

        `told` hears of faults that leave the last good store serving; without it a person does,
        on standard error.
        """
        ...


def commands(open_knowledge: OpenKnowledge, limits: Limits | None = None) -> list[click.Command]:
    """Return the commands, given how notes are opened and, where not as usual, posting's limits."""
    return [_run_command(open_knowledge, limits), _sync_command(open_knowledge), config_command]


def _run_command(open_knowledge: OpenKnowledge, limits: Limits | None) -> click.Command:
    @click.command("run")
    @FILE
    @API
    @GATEWAY
    @click.option("--shards", metavar="A-B/N", help="The shards that this process serves.")
    def run(path: Path | None, **given: str | None) -> None:
        """Serve Discord until told to stop (Ctrl-C, or SIGTERM)."""
        config = read_config(os.environ, path, given)
        token = config.need_token()
        logs.configure(config.log_level, style=config.log_format, secrets=[token])
        asyncio.run(_run(config, token, open_knowledge, limits))

    return run


def _sync_command(open_knowledge: OpenKnowledge) -> click.Command:
    @click.command("sync")
    @FILE
    @API
    @GATEWAY
    @click.option(
        "--guild", type=int, metavar="ID", help="Only for one server, where it shows at once."
    )
    @click.option("--force", "is_forced", is_flag=True, help="Write even if nothing differs.")
    @click.option("--dry-run", "is_rehearsal", is_flag=True, help="Show what would be written.")
    def sync(
        path: Path | None,
        guild: int | None,
        is_forced: bool,  # noqa: FBT001  # click gives it by name
        is_rehearsal: bool,  # noqa: FBT001  # click gives it by name
        **given: str | None,
    ) -> None:
        """Publish the slash commands, if Discord has others."""
        config = read_config(os.environ, path, given)
        token = config.need_token()
        logs.configure({"": "warning"}, style=config.log_format, secrets=[token])
        plan = asyncio.run(
            _sync(
                config,
                token,
                open_knowledge,
                guild=guild,
                is_forced=is_forced,
                is_rehearsal=is_rehearsal,
            )
        )
        click.echo(str(plan))
        if is_rehearsal and plan.differences:
            click.echo(plan.differences)

    return sync


async def _run(
    config: Config, token: str, open_knowledge: OpenKnowledge, limits: Limits | None
) -> None:
    from bot.client.signals import handle_hangup, handle_signals, run_until  # noqa: PLC0415
    from bot.observability.operations import start_monitoring  # noqa: PLC0415

    stop = asyncio.Event()
    with handle_signals(stop.set), handle_hangup(lambda: None):  # what is opened is new anyway
        async with start_monitoring(config.metrics_port) as operations, AsyncExitStack() as stack:
            operations.health.tell("gateway", "The bot is starting.")
            opened = await run_until(stop, _opened(stack, config, open_knowledge, operations))
            if opened is None:
                return
            knowledge, state = opened
            operations.health.ask("database", state.check)
            parts = Parts(knowledge, state, operations, _limits(config, limits))
            await _serve(config, token, parts, stop)


async def _opened(
    stack: AsyncExitStack, config: Config, open_knowledge: OpenKnowledge, operations: Monitoring
) -> tuple[KnowledgeBase, State]:
    """Open the notes and the state, to be closed with the stack."""
    told = partial(_last_good, operations)
    knowledge = await stack.enter_async_context(open_knowledge(config, told=told))
    return knowledge, await stack.enter_async_context(await _open_state(config.state_url))


def _limits(config: Config, limits: Limits | None) -> Limits | None:
    if config.requests_per_second is None:
        return limits
    return replace(limits or Limits(), per_second=config.requests_per_second)


def _last_good(operations: Monitoring, faults: LinerNotesError) -> None:
    """Let the log and readiness tell that the packs have faults; those in force go on."""
    log.error("The last good notes go on serving, the packs have faults:\n%s", faults)
    operations.health.tell("facts", faults)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is open while the bot serves."""

    knowledge: KnowledgeBase
    state: State
    operations: Monitoring
    limits: Limits | None
    """Those of posting; None for the usual ones."""


async def _serve(config: Config, token: str, parts: Parts, stop: asyncio.Event) -> None:
    # discord.py takes half a second to import: only who needs it waits for it.
    from bot.answering.pack_reloader import PackReloader  # noqa: PLC0415
    from bot.answering.pack_set import PackSet  # noqa: PLC0415
    from bot.client.adapters.wiring import equip  # noqa: PLC0415
    from bot.client.endpoint import use_endpoint  # noqa: PLC0415
    from bot.client.forgetting import Forgetting  # noqa: PLC0415
    from bot.client.serve import serve_until  # noqa: PLC0415
    from bot.client.signals import handle_hangup  # noqa: PLC0415
    from bot.client.telemetry import Telemetry  # noqa: PLC0415
    from bot.index.keyed_hash import KEY_BYTES, KeyedHash  # noqa: PLC0415

    pack_set, health = PackSet.choose(config.data_dir, config.packs), parts.operations.health
    watch = Telemetry(parts.operations.meter) if parts.operations.port else None
    if watch:
        health.ask("gateway", watch.check_gateway)
    chance = SystemRandom().random
    with use_endpoint(config.endpoint):
        app = _app(
            config,
            parts.knowledge,
            watch=watch,
            identifying=_identifying(config, parts.state),
            forgetting=Forgetting(),
        )
        office = equip(app, parts.state, SystemClock(), chance, parts.limits)
        health.ask("posting", office.worker.check)
        hide = KeyedHash(secrets.token_bytes(KEY_BYTES))
        told = partial(health.tell, "facts")
        async with PackReloader(pack_set, app.use, told, hide=hide) as reloading:
            with handle_hangup(reloading.ask):
                await serve_until(stop, app, token)


def _identifying(config: Config, state: State) -> IdentifyGate | None:
    """Return the place among the processes on one PostgreSQL; SQLite is for a single one."""
    from bot.client.identify_gate import IdentifyGate  # noqa: PLC0415
    from bot.scheduling.storage.advisory_lock import AdvisoryLock  # noqa: PLC0415

    turns = AdvisoryLock.for_state(state)
    if turns is not None:
        return IdentifyGate(turns, SystemRandom().random)
    if config.shards is not None and len(config.shards.ids) < config.shards.count:
        log.warning(
            "Shards %s of several processes, but the state is in SQLite: they cannot wait for "
            "each other before they identify. Set LINERNOTES_STATE_URL to one PostgreSQL for all.",
            config.shards,
        )
    return None


async def _sync(config: Config, token: str, open_knowledge: OpenKnowledge, **how: Any) -> SyncPlan:
    from bot.client.endpoint import use_endpoint  # noqa: PLC0415
    from bot.client.serve import publish_once  # noqa: PLC0415

    with use_endpoint(config.endpoint):
        async with open_knowledge(config) as knowledge:
            return await publish_once(_app(config, knowledge, is_publishing=False), token, **how)


async def _open_state(url: str) -> State:
    """Open the state, in a folder that is made where it is missing.

    Raises:
        StateError: it cannot be used.
    """
    # SQLAlchemy takes a third of a second and 15 MB: only who needs a state imports it.
    from bot.scheduling.storage.database import State, sentences, sqlite_file, state_url  # noqa: PLC0415

    file = sqlite_file(state_url(url))
    if file is not None:
        with sentences(str(file)):
            private_folder(file.parent)
    return await State.open(url)


def _app(  # noqa: PLR0913  # each is given by name, as the client has this many edges
    config: Config,
    knowledge: KnowledgeBase,
    *,
    is_publishing: bool = True,
    watch: Telemetry | None = None,
    identifying: IdentifyGate | None = None,
    forgetting: Forgetting | None = None,
) -> App:
    from bot.client.app import App  # noqa: PLC0415
    from bot.client.services import Services  # noqa: PLC0415

    services = Services.for_host(knowledge, SystemRandom())
    if watch:
        services.meter = watch.meter
    return App(
        services,
        shards=config.shards,
        endpoint=config.endpoint,
        is_publishing=is_publishing,
        watch=watch,
        identifying=identifying,
        forgetting=forgetting,
    )
