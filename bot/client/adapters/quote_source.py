"""The entries of the daily post, each rendered as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client.custom_ids import join_ids, split_ids
from bot.client.discord_internals import components_of
from bot.client.views.post import render_fact_post, render_quote_post, render_release_post
from bot.localization.languages import load_phrases
from bot.scheduling.models import FACT, RELEASE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.knowledge import KnowledgeHolder
    from bot.index.scope import EntryKind, Scope
    from bot.scheduling.models import Delivery, Payload, PostStyle

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

    async def facts(self, packs: frozenset[str] | None) -> Collection[str]:
        """Return the ids of the packs' facts for daily posts."""
        knowledge = self._holder.current
        found = await knowledge.list_daily_facts(_scope(knowledge, packs))
        return [f"{FACT}{join_ids(*each)}" for each in found]

    async def on_this_day(self, packs: frozenset[str] | None, today: date) -> Collection[str]:
        """Return the ids of facts and releases whose day it is."""
        knowledge = self._holder.current
        return [
            f"{FACT if entry.kind == 'fact' else RELEASE}{join_ids(entry.pack, entry.id)}"
            for entry in await knowledge.list_dated(_scope(knowledge, packs))
            if (entry.day.month, entry.day.day) == (today.month, today.day) and entry.day <= today
        ]

    async def withheld(self, packs: frozenset[str] | None, speaker: str | None) -> int:
        """Count the packs' other quotes by a speaker."""
        knowledge = self._holder.current
        every = await knowledge.list_quote_ids(_scope(knowledge, packs), by=speaker)
        return len(every) - len(await self.eligible(packs, speaker))

    async def payload(
        self, entry_id: str, delivery: Delivery, style: PostStyle, today: date | None
    ) -> Payload | None:
        """Render an entry, or None if it is gone or withheld."""
        kind, pack, entry = split_entry_id(entry_id)
        say = load_phrases(style.language)
        knowledge = self._holder.current.in_locale(say.tag)
        match kind:
            case "quote":
                quote = await knowledge.find_quote(pack, entry)
                if quote is None or not quote.quote.daily:
                    return None  # its pack may have changed since it was chosen
                view = render_quote_post(say, quote, delivery, style)
            case "fact":
                fact = await knowledge.find_fact(pack, entry)
                if fact is None or not fact.fact.daily:
                    return None
                view = render_fact_post(say, fact, delivery, style, today)
            case "release":
                release = await knowledge.find_release(pack, entry)
                if release is None or today is None:
                    return None
                view = render_release_post(say, release, delivery, style, today)
        return {"components": components_of(view), "flags": COMPONENTS_V2}


def split_entry_id(entry_id: str) -> tuple[EntryKind, str, str]:
    """Split an entry's id into kind, pack and id."""
    if entry_id.startswith(FACT):
        return "fact", *split_ids(entry_id.removeprefix(FACT))
    if entry_id.startswith(RELEASE):
        return "release", *split_ids(entry_id.removeprefix(RELEASE))
    return "quote", *split_ids(entry_id)


def _scope(knowledge: KnowledgeBase, packs: frozenset[str] | None) -> Scope:
    return knowledge.packs if packs is None else packs & knowledge.packs
