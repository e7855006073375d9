"""Buttons and menus that survive restarts, found by custom id alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import discord
from discord import ui

from bot.client import errors
from bot.client.knowledge import GONE
from bot.client.responding import update
from bot.errors import UserFacingError

if TYPE_CHECKING:
    from typing import Self


ItemT = TypeVar("ItemT", bound=ui.Item[Any])

MATCHES_NOTHING = re.compile(r"(?!)")
"""The template of a base class, which discord.py demands."""


class PersistentItem(ui.DynamicItem[ItemT], template=MATCHES_NOTHING):
    """A button or menu, built anew from its custom id when pressed."""

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
        """Return whether this class answers presses with a custom id."""
        return cls.pattern.fullmatch(custom_id) is not None

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  # discord.py's signature
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Build the item from a press; discord.py swallows errors raised here."""
        return cls(item, match)  # type: ignore[arg-type]  # the item that Discord sent is of its kind

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press, or report the failure."""
        try:
            await self.respond(interaction)
        except Exception as error:  # noqa: BLE001  # errors.report is where every failure ends
            await errors.report(interaction, error)

    async def respond(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press in place; an item that answers otherwise overrides this."""
        await update(interaction, self.render(interaction))

    async def render(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the answer to a press.

        Raises:
            UserFacingError: The target of the press is gone.
        """
        raise NotImplementedError

    @property
    def chosen(self) -> str:
        """The value chosen from a menu."""
        values = self.item.values if isinstance(self.item, ui.Select) else []
        if not values:
            raise UserFacingError(GONE)
        return values[0]
