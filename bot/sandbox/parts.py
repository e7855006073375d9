"""All parts of a sandbox, put together in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.callbacks import Callbacks
from bot.sandbox.commands import Commands
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.gateway import Gateway
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Journal
from bot.sandbox.message_payloads import MessagePayloads
from bot.sandbox.messages import Messages
from bot.sandbox.ratelimits import RateLimits
from bot.sandbox.snowflakes import Snowflakes

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Parts:
    """What endpoints, page and people work with."""

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


def put_together(world: World, clock: Clock, token: str) -> Parts:
    """Make the parts, each given those it needs."""
    ids = Snowflakes(clock)
    journal = Journal(clock)
    messages = Messages(clock, ids)
    gateway = Gateway(world, journal, token)
    interactions = Interactions(world, gateway, clock, ids)
    faults = Faults(clock)
    ratelimits = RateLimits(clock)
    gateway.is_out = lambda: faults.is_out
    gateway.may_identify = ratelimits.may_identify
    return Parts(
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
