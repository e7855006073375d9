"""All parts of a sandbox, put together in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.gateway.gateway import Gateway
from bot.sandbox.http.faults import Faults
from bot.sandbox.http.journal import Journal
from bot.sandbox.http.rate_limits import RateLimits
from bot.sandbox.interactions.callbacks import Callbacks
from bot.sandbox.interactions.commands import Commands
from bot.sandbox.interactions.interactions import ANSWER_SECONDS, Interactions
from bot.sandbox.page_server.feed import Feed
from bot.sandbox.world.message_payloads import MessagePayloads
from bot.sandbox.world.messages import Messages
from bot.sandbox.world.snowflakes import Snowflakes

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.world.model import World


@dataclass(frozen=True, slots=True)
class Container:
    """The parts that endpoints, the page and test members work with."""

    world: World
    clock: Clock
    token: str
    ids: Snowflakes
    journal: Journal
    feed: Feed
    faults: Faults
    ratelimits: RateLimits
    messages: Messages
    payloads: MessagePayloads
    commands: Commands
    gateway: Gateway
    interactions: Interactions
    callbacks: Callbacks


def build_container(
    world: World, clock: Clock, token: str, answer_seconds: float = ANSWER_SECONDS
) -> Container:
    """Make the parts, each given those it needs."""
    ids = Snowflakes(clock)
    journal = Journal(clock)
    messages = Messages(clock, ids)
    gateway = Gateway(world, journal, token)
    interactions = Interactions(world, gateway, clock, ids, answer_seconds)
    faults = Faults(clock)
    ratelimits = RateLimits(clock)
    gateway.is_out = lambda: faults.is_out
    gateway.may_identify = ratelimits.may_identify
    return Container(
        world=world,
        clock=clock,
        token=token,
        ids=ids,
        journal=journal,
        feed=Feed(),
        faults=faults,
        ratelimits=ratelimits,
        messages=messages,
        payloads=MessagePayloads(world, messages),
        commands=Commands(world.application.id, ids),
        gateway=gateway,
        interactions=interactions,
        callbacks=Callbacks(world, interactions, messages, ids),
    )
