"""What every command is given: the notes in force, who may be answered from what, and chance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.observability.meter import NoMeter

if TYPE_CHECKING:
    from random import Random

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.index.scope import Scope
    from bot.observability.meter import Meter

Scopes = Callable[[int | None], Awaitable["Scope"]]
"""The packs that may answer in a server, by its id; None is a direct message."""

PostedQuote = Callable[[str], Awaitable[str | None]]
"""The quote (`PACK:QUOTE`) of a daily post, by its claim; None where that is not known."""


async def _nothing_posted(_delivery_id: str) -> str | None:
    return None


@dataclass(slots=True)
class Services:
    """Shared by all commands; a reload replaces `knowledge` whole.

    Two look-ups that belong together read `services.knowledge` once, so both see the same packs.
    """

    knowledge: KnowledgeBase
    scope_for: Scopes
    chance: Random
    posted_quote: PostedQuote = _nothing_posted
    meter: Meter = field(default_factory=NoMeter)

    @classmethod
    def for_host(cls, knowledge: KnowledgeBase, chance: Random) -> Services:
        """Let every pack of the host answer everywhere."""

        async def scope_for(_guild_id: int | None) -> Scope:
            return services.knowledge.packs

        services = cls(knowledge, scope_for, chance)
        return services
