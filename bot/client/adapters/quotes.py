"""The quotes that the daily post may choose from, and one of them as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.client.custom_ids import join_ids, split_ids
from bot.client.views.post import render_post

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.answering.knowledge_base import KnowledgeBase, Scope
    from bot.client.services import Services
    from bot.scheduling.models import Payload

COMPONENTS_V2 = 1 << 15
"""Discord's flag of a message that is all layout."""


class QuoteSource:
    """The edge `Quotes` of the daily post, over the notes in force."""

    def __init__(self, services: Services) -> None:
        self._desk = services

    async def eligible(self, packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        """Give the ids of the quotes of these packs (None: all) by this speaker (None: any)."""
        knowledge = self._desk.knowledge
        found = await knowledge.quote_ids(_scope(knowledge, packs), by=speaker, only_daily=True)
        return [join_ids(*each) for each in found]

    async def withheld(self, packs: frozenset[str] | None, speaker: str | None) -> int:
        """Count the other quotes of these packs by this speaker."""
        knowledge = self._desk.knowledge
        every = await knowledge.quote_ids(_scope(knowledge, packs), by=speaker)
        return len(every) - len(await self.eligible(packs, speaker))

    async def payload(self, quote: str, delivery_id: str, role_id: int | None) -> Payload | None:
        """Render a quote, the claim in its button's `custom_id`; None if it is gone or withheld."""
        cited = await self._desk.knowledge.quote_by_id(*split_ids(quote))
        if cited is None or not cited.quote.daily:  # its pack may have changed since it was chosen
            return None
        view: Any = render_post(cited, delivery_id, role_id)  # discord.py does not type its JSON
        return {"components": view.to_components(), "flags": COMPONENTS_V2}


def _scope(knowledge: KnowledgeBase, packs: frozenset[str] | None) -> Scope:
    return knowledge.packs if packs is None else packs & knowledge.packs
