"""Everything about the daily post, put together around a client and an open state."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.client.posting.channels import DiscordChannels
from bot.client.posting.quotes import NotedQuotes
from bot.client.posting.scopes import Scopes
from bot.daily.guilds import Guilds
from bot.daily.on_the_spot import OnTheSpot
from bot.daily.poster import Edges, Poster
from bot.daily.records import Records
from bot.daily.schedules import Schedules
from bot.ops.posts import post_counter

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client.app import App
    from bot.client.desk import PostedQuote
    from bot.daily.limits import Limits
    from bot.daily.ports import Clock
    from bot.daily.state.database import State


@dataclass(frozen=True, slots=True)
class Office:
    """What the commands of admins are given."""

    schedules: Schedules
    on_the_spot: OnTheSpot
    guilds: Guilds
    records: Records
    scopes: Scopes
    clock: Clock
    poster: Poster


def equip(
    app: App,
    state: State,
    clock: Clock,
    chance: Callable[[], float],
    limits: Limits | None = None,
) -> Office:
    """Give a client, before it starts, its office; it posts from then on while it runs."""
    quotes = NotedQuotes(app.desk)
    channels = DiscordChannels(app, app.wire)
    edges = Edges(channels, channels, channels, quotes, clock, chance, post_counter(app.desk.meter))
    poster = Poster(state, edges, owner=secrets.token_hex(8), limits=limits)
    guilds, records = Guilds(state), Records(state, quotes, clock)
    schedules = Schedules(state, quotes, clock, lambda: secrets.token_hex(8), poster.nudge)
    on_the_spot = OnTheSpot(state, quotes, clock, poster.nudge)
    scopes = Scopes(app.desk, guilds)
    app.office = Office(schedules, on_the_spot, guilds, records, scopes, clock, poster)
    app.desk.scope_for = scopes.scope_for
    app.desk.posted_quote = _posted_quote(records)
    return app.office


def _posted_quote(records: Records) -> PostedQuote:
    async def posted_quote(claim_id: str) -> str | None:
        claim = await records.claim(claim_id)
        return None if claim is None else claim.quote

    return posted_quote
