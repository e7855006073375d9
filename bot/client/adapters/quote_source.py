"""The quotes of the daily post, each rendered as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client.custom_ids import join_ids, split_ids
from bot.client.discord_internals import components_of
from bot.client.views.quote import render_post

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.knowledge import KnowledgeHolder
    from bot.index.scope import Scope
    from bot.scheduling.models import Payload

COMPONENTS_V2 = 1 << 15
"""Discord's flag of a message that is all layout."""


class QuoteSource:
    """The port `QuoteProvider` of the daily post, over the knowledge base in force."""

    def __init__(self, holder: KnowledgeHolder) -> None:
        self._holder = holder

    async def eligible(self, packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        """Return the ids of the packs' quotes for daily posts."""
        knowledge = self._holder.current
        found = await knowledge.list_quote_ids(
            _scope(knowledge, packs), by=speaker, only_daily=True
        )
        return [join_ids(*each) for each in found]

    async def withheld(self, packs: frozenset[str] | None, speaker: str | None) -> int:
        """Count the packs' other quotes by a speaker."""
        knowledge = self._holder.current
        every = await knowledge.list_quote_ids(_scope(knowledge, packs), by=speaker)
        return len(every) - len(await self.eligible(packs, speaker))

    async def payload(self, quote_id: str, delivery_id: str, role_id: int | None) -> Payload | None:
        """Render a quote, with the delivery in its button, or None if it is gone or withheld."""
        cited = await self._holder.current.find_quote(*split_ids(quote_id))
        if cited is None or not cited.quote.daily:  # its pack may have changed since it was chosen
            return None
        view = render_post(cited, delivery_id, role_id)
        return {"components": components_of(view), "flags": COMPONENTS_V2}


def _scope(knowledge: KnowledgeBase, packs: frozenset[str] | None) -> Scope:
    return knowledge.packs if packs is None else packs & knowledge.packs
