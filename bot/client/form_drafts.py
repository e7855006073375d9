"""Forms that were refused, kept for some minutes to be corrected."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client.features.daily_options import ScheduleOptions

KEPT_SECONDS = 600.0
"""How long somebody is given to press *Try again*."""
MAX_DRAFTS = 1_000
"""Drafts at the same time, a kilobyte each; beyond it the oldest goes."""


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """A form of /daily set as it was filled in."""

    guild_id: int
    name: str
    options: ScheduleOptions


class FormDrafts:
    """Keeps forms as they were filled in, in memory alone.

    A draft is found by a random id, which stands in the custom id of the button beside the refusal.
    """

    def __init__(self) -> None:
        self._drafts: dict[str, ScheduleDraft] = {}

    def keep(self, draft: ScheduleDraft) -> str:
        """Keep a draft for some minutes, and return its id."""
        if len(self._drafts) >= MAX_DRAFTS:
            del self._drafts[next(iter(self._drafts))]
        draft_id = secrets.token_hex(8)
        self._drafts[draft_id] = draft
        # A cache that forgets when it is next used would keep it for as long as nobody uses it.
        asyncio.get_running_loop().call_later(KEPT_SECONDS, self.drop, draft_id)
        return draft_id

    def find(self, guild_id: int, draft_id: str) -> ScheduleDraft | None:
        """Return a server's draft, if it is still kept."""
        draft = self._drafts.get(draft_id)
        return draft if draft is not None and draft.guild_id == guild_id else None

    def drop(self, draft_id: str) -> None:
        """Forget a draft."""
        self._drafts.pop(draft_id, None)
