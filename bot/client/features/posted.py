"""The button under a daily post: what the quote is about, and where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from discord import ui

from bot.client.custom_ids import ENTRY, PACK, key, unpair
from bot.client.features.absence import GONE, must_answer_here
from bot.client.persistent import Pressed
from bot.client.responding import GoneError
from bot.client.views.post import POSTED, about_quote_card

if TYPE_CHECKING:
    from bot.client.services import Desk

CLAIM = r"(?P<claim>[a-z0-9]{1,25})"


class PostedButton(
    Pressed[ui.Button[Any]], template=re.compile(f"{key(POSTED, CLAIM)}(?::{PACK}:{ENTRY})?")
):
    """Tells about the quote, to the presser alone."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the quote in its context."""
        pack, entry = await self._quote(desk)
        await must_answer_here(desk, guild_id, pack)
        cited = await desk.knowledge.quote_by_id(pack, entry)
        if cited is None:
            raise GoneError(GONE)
        return about_quote_card(cited)

    async def _quote(self, desk: Desk) -> tuple[str, str]:
        if self.match["pack"]:
            return self.match["pack"], self.match["entry"]
        posted = await desk.posted_quote(self.match["claim"])
        if posted is None:
            raise GoneError(GONE)
        return unpair(posted)
