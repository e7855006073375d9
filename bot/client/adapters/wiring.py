"""Everything about the daily post, put together around a client and an open state."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.client.adapters.messenger import DiscordMessenger
from bot.client.adapters.quotes import QuoteSource
from bot.client.adapters.scopes import ScopeCache
from bot.observability.posts import post_recorder
from bot.scheduling.guilds import GuildService
from bot.scheduling.records import Records
from bot.scheduling.service import ScheduleService
from bot.scheduling.worker.loop import Ports, WorkerLoop

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client.app import App
    from bot.client.services import PostedQuote
    from bot.scheduling.limits import Limits
    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State


@dataclass(frozen=True, slots=True)
class AdminServices:
    """What the commands of admins are given."""

    schedules: ScheduleService
    guilds: GuildService
    records: Records
    scopes: ScopeCache
    clock: Clock
    worker: WorkerLoop


def equip(
    app: App,
    state: State,
    clock: Clock,
    chance: Callable[[], float],
    limits: Limits | None = None,
) -> AdminServices:
    """Give a client, before it starts, its office; it posts from then on while it runs."""
    quotes = QuoteSource(app.services)
    channels = DiscordMessenger(app, app.wire)
    ports = Ports(
        channels, channels, channels, quotes, clock, chance, post_recorder(app.services.meter)
    )
    worker = WorkerLoop(state, ports, owner=secrets.token_hex(8), limits=limits)
    guilds, records = GuildService(state), Records(state, quotes, clock)
    schedules = ScheduleService(state, quotes, clock, lambda: secrets.token_hex(8), worker.wake)
    scopes = ScopeCache(app.services, guilds)
    app.office = AdminServices(schedules, guilds, records, scopes, clock, worker)
    app.services.scope_for = scopes.scope_for
    app.services.posted_quote = _posted_quote(records)
    return app.office


def _posted_quote(records: Records) -> PostedQuote:
    async def posted_quote(delivery_id: str) -> str | None:
        delivery = await records.get_delivery(delivery_id)
        return None if delivery is None else delivery.quote_id

    return posted_quote
