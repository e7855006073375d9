"""Who may use what admins use: checked at every use, from the interaction's own permissions.

`default_permissions` only decides where Discord shows a command, and a server may change that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.client import errors
from bot.client.persistent import NEVER, ItemT, PersistentItem
from bot.client.responding import UserFacingError, update
from bot.errors import StateError

if TYPE_CHECKING:
    from discord import ui

    from bot.client.adapters.wiring import AdminServices

NEEDED = "manage_guild"
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
BY_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
SERVERS_ONLY = "This works only in a server that the bot was added to."


class AdminGroup(app_commands.Group):
    """Commands that only those who may manage the server can use."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            name=name,
            description=description,
            default_permissions=discord.Permissions(manage_guild=True),
            allowed_contexts=IN_SERVERS,
            allowed_installs=BY_SERVERS,
        )

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Raise unless the person may manage the server."""
        require_manager(interaction)
        return True


class AdminItem(PersistentItem[ItemT], template=NEVER):
    """A press that only those who may manage the server can make."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press, or report why not."""
        try:
            guild_id = require_manager(interaction)
            await update(interaction, self.done(admin_services_of(interaction), guild_id))
        except Exception as error:  # noqa: BLE001  # errors.report is where every failure ends
            await errors.report(interaction, error)

    async def done(self, office: AdminServices, guild_id: int) -> ui.LayoutView:
        """Do what the press asks for, and return what is shown then."""
        raise NotImplementedError


def require_manager(interaction: discord.Interaction[Any]) -> int:
    """Return the server's id.

    Raises:
        GoneError: it is not in a server, or the bot is not.
        MissingPermissions: the person may not manage the server.
    """
    guild_id = interaction.guild_id
    if guild_id is None or not interaction.is_guild_integration():
        raise UserFacingError(SERVERS_ONLY)
    if not getattr(interaction.permissions, NEEDED):
        raise app_commands.MissingPermissions([NEEDED])
    return guild_id


async def require_admin(interaction: discord.Interaction[Any]) -> tuple[int, AdminServices]:
    """Return the server's id and the office; the interaction shows that the bot is in that server.

    Raises:
        GoneError, MissingPermissions: see `server_managed`.
        StateError: there is no state database, or it cannot be used.
    """
    guild_id, office = require_manager(interaction), admin_services_of(interaction)
    await office.guilds.confirm_membership(guild_id, office.clock.now())
    return guild_id, office


def admin_services_of(interaction: discord.Interaction[Any]) -> AdminServices:
    """Return the office of the client.

    Raises:
        StateError: it was started without a state database.
    """
    office: AdminServices | None = interaction.client.office
    if office is None:
        raise StateError("This process was started without its state database.")
    return office
