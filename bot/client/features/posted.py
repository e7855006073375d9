"""The button under a daily post: what the quote is about, and where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from discord import ui

from bot.client.custom_ids import ENTRY, PACK, custom_id, split_ids
from bot.client.features.absence import GONE, require_pack
from bot.client.persistent import PersistentItem
from bot.client.responding import UserFacingError
from bot.client.views.post import POSTED, render_quote_details

if TYPE_CHECKING:
    from bot.client.services import Services

DELIVERY = r"(?P<delivery>[a-z0-9]{1,25})"


class PostedButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(f"{custom_id(POSTED, DELIVERY)}(?::{PACK}:{ENTRY})?"),
):
    """Tells about the quote, to the presser alone."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the quote in its context."""
        pack, entry = await self._quote(services)
        await require_pack(services, guild_id, pack)
        cited = await services.knowledge.quote_by_id(pack, entry)
        if cited is None:
            raise UserFacingError(GONE)
        return render_quote_details(cited)

    async def _quote(self, services: Services) -> tuple[str, str]:
        if self.match["pack"]:
            return self.match["pack"], self.match["entry"]
        posted = await services.posted_quote(self.match["delivery"])
        if posted is None:
            raise UserFacingError(GONE)
        return split_ids(posted)
