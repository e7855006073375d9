"""Buttons and menus that work after a restart and in any process: found by custom id alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import discord
from discord import ui

from bot.client import errors
from bot.client.features.absence import GONE
from bot.client.responding import UserFacingError, update

if TYPE_CHECKING:
    from typing import Self

    from bot.client.app import App
    from bot.client.services import Services

ItemT = TypeVar("ItemT", bound=ui.Item[Any])

NEVER = re.compile(r"(?!)")
"""What matches no custom id: the template of a class that only others are made from."""


class PersistentItem(ui.DynamicItem[ItemT], template=NEVER):
    """A press on something with a custom id; a subclass says by `card` what is shown then."""

    pattern: ClassVar[re.Pattern[str]]

    def __init_subclass__(cls, *, template: re.Pattern[str]) -> None:
        """Keep the pattern where `owns` can see it."""
        super().__init_subclass__(template=template)
        cls.pattern = template

    def __init__(self, item: ItemT, match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    def owns(cls, custom_id: str) -> bool:
        """Whether a press with this custom id comes here."""
        return cls.pattern.fullmatch(custom_id) is not None

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  # discord.py's signature
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Build it from the press; discord.py calls this, and swallows what it raises."""
        return cls(item, match)  # type: ignore[arg-type]  # the item that Discord sent is what it is

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press, or report why not."""
        try:
            app: App = interaction.client
            await update(interaction, self.card(app.services, interaction.guild_id))
        except Exception as error:  # noqa: BLE001  # errors.report is where every failure ends
            await errors.report(interaction, error)

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Return what is shown; raise GoneError if what it points at is not there any more."""
        raise NotImplementedError

    @property
    def chosen(self) -> str:
        """The value chosen from a menu."""
        values = self.item.values if isinstance(self.item, ui.Select) else []
        if not values:
            raise UserFacingError(GONE)
        return values[0]
