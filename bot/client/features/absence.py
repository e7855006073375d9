"""What is said where the packs that answer hold nothing of what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.formatting import none_held
from bot.client.responding import UserFacingError

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.services import Services
    from bot.index.scope import EntryKind, Scope

GONE = "That note is no longer kept here. Ask again with `/ask`, or look through `/topics`."
NO_PACKS = "This bot has no packs yet; whoever runs it can add some."
_CHANGED_BY = "Whoever may manage the server can change that with `/packs`."
ALL_SILENT = f"No pack answers in this server. {_CHANGED_BY}"
SILENT = f"The pack that this is from does not answer in this server. {_CHANGED_BY}"


def explain_absence(knowledge: KnowledgeBase, scope: Scope, kind: EntryKind) -> str | None:
    """Return why nothing of a kind can be shown in this scope; None where something can."""
    if not knowledge.packs:
        return NO_PACKS
    if not scope:
        return ALL_SILENT
    return None if knowledge.holds(kind, scope) else none_held(kind)


async def require_pack(services: Services, guild_id: int | None, pack: str) -> None:
    """Raise GoneError unless the pack may answer in this place."""
    if pack not in await services.scope_for(guild_id):
        raise UserFacingError(SILENT if pack in services.knowledge.packs else GONE)
