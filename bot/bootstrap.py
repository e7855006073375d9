"""The composition root: builds a whole bot from its parts.

The only place that connects the Discord side with answering and scheduling; `run`, `demo`,
`doctor`, `sync` and the tests build their bots here. Everything is complete before it is passed
on, and nothing is changed afterwards.
"""

from __future__ import annotations

import asyncio
import secrets
from functools import partial
from typing import TYPE_CHECKING

from bot.client.adapters.messenger import DiscordMessenger
from bot.client.adapters.quote_source import QuoteSource
from bot.client.adapters.request_tracer import RequestTracer
from bot.client.app import App
from bot.client.cooldown import MemberCooldown
from bot.client.form_drafts import FormDrafts
from bot.client.gap_recorder import GapRecorder
from bot.client.intake import Intake
from bot.client.knowledge import InFlight, KnowledgeHolder, ScopeCache
from bot.client.serve import Bot
from bot.client.services import AdminServices, Services
from bot.observability.meter import NoMeter, record_delivery
from bot.scheduling.clock import TrustedTime, VerifiedClock
from bot.scheduling.gaps import GapService
from bot.scheduling.guilds import GuildService
from bot.scheduling.ports import Ports
from bot.scheduling.records import Records
from bot.scheduling.service import ScheduleService
from bot.scheduling.worker.loop import WorkerLoop
from bot.settings import NO_COOLDOWN

if TYPE_CHECKING:
    from random import Random

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.identify_gate import IdentifyGate
    from bot.client.memory_cleaner import MemoryCleaner
    from bot.client.telemetry import Telemetry
    from bot.config import Endpoint
    from bot.scheduling.limits import Limits
    from bot.scheduling.ports import Clock, TimeCheck
    from bot.scheduling.storage.database import State
    from bot.settings import Cooldown, Shards


def build_bot(  # noqa: PLR0913  # each is given by name, and a bot has this many edges
    knowledge: KnowledgeBase,
    chance: Random,
    *,
    state: State | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
    wake_event: asyncio.Event | None = None,
    endpoint: Endpoint | None = None,
    shards: Shards | None = None,
    telemetry: Telemetry | None = None,
    identify_gate: IdentifyGate | None = None,
    memory_cleaner: MemoryCleaner | None = None,
    cooldown: Cooldown = NO_COOLDOWN,
    help_page: str | None = None,
    is_publishing: bool = True,
) -> Bot:
    """Build a bot, complete but not started.

    Args:
        knowledge: Answers questions until a reload replaces it.
        chance: Chooses quotes, and spreads retries.
        state: The state database; without it, nothing is posted and admins have no commands.
        clock: The time, as of the daily post; the machine's, held against Discord's, if left
            out.
        limits: The limits of posting; the usual ones if left out.
        wake_event: Set by others to have the worker look for work at once.
        endpoint: A stand-in for Discord; enter `use_endpoint` with it, too.
        shards: The shards of this process; as Discord recommends if left out.
        telemetry: Measures the client.
        identify_gate: Lets shards identify in turn with other processes.
        memory_cleaner: Frees typed text soon after its answer, in a process of the bot alone.
        cooldown: How often a member may have it post in a channel.
        help_page: Where people may ask for help with the bot.
        is_publishing: Whether the commands are published at the start.
    """
    in_flight = InFlight()
    holder = KnowledgeHolder(knowledge, in_flight)
    quotes = QuoteSource(holder)
    tracer = RequestTracer()
    time_check: TimeCheck = TrustedTime()
    clock = clock or VerifiedClock()
    if isinstance(clock, VerifiedClock):  # Discord's answers tell whether it is right
        time_check = clock
        tracer = RequestTracer(clock.note_reference)
    wake_event = wake_event or asyncio.Event()  # admins' commands set it, too
    admin = None
    if state is not None:
        admin = _build_admin_services(state, quotes, clock, time_check, wake_event)
    meter = telemetry.meter if telemetry else NoMeter()
    services = Services(
        holder=holder,
        scopes=ScopeCache(holder, admin.guilds if admin else None),
        in_flight=in_flight,
        intake=Intake(meter),
        chance=chance,
        meter=meter,
        clock=clock,
        cooldown=MemberCooldown(cooldown),
        drafts=FormDrafts(),
        gap_recorder=GapRecorder(admin.gaps if admin else None, in_flight),
        help_page=help_page,
        admin=admin,
    )
    trace = tracer.trace_config()
    if telemetry:
        telemetry.trace_requests(trace)
    app = App(
        services,
        http_trace=trace,
        shards=shards,
        endpoint=endpoint,
        telemetry=telemetry,
        identify_gate=identify_gate,
        memory_cleaner=memory_cleaner,
    )
    worker = None
    if state is not None:
        messenger = DiscordMessenger(app, tracer)
        ended = partial(record_delivery, services.meter)
        ports = Ports(messenger, quotes, clock, chance.random, ended, time_check)
        worker_id = secrets.token_hex(8)
        worker = WorkerLoop(state, ports, worker_id, limits, wake_event)
    return Bot(app, services, worker, is_publishing=is_publishing)


def _build_admin_services(
    state: State,
    quotes: QuoteSource,
    clock: Clock,
    time_check: TimeCheck,
    wake_event: asyncio.Event,
) -> AdminServices:
    return AdminServices(
        schedules=ScheduleService(
            state, quotes, clock, lambda: secrets.token_hex(8), wake_event.set
        ),
        guilds=GuildService(state),
        gaps=GapService(state, clock, lambda: secrets.token_hex(32)),
        records=Records(state, quotes, clock),
        clock=clock,
        time_check=time_check,
    )
