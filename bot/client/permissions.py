"""Permission checks of admins' commands, from each interaction's own permissions.

`default_permissions` only decides where Discord shows a command, and a server may change that;
so every use is checked again here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.client import errors
from bot.client.persistent import MATCHES_NOTHING, ItemT, PersistentItem
from bot.client.responding import update
from bot.client.services import services_of
from bot.errors import UserFacingError
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from discord import ui

    from bot.client.services import AdminServices

NEEDED = "manage_guild"
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
BY_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
SERVERS_ONLY = sentence("This works only in a server that the bot was added to.")


class AdminGroup(app_commands.Group):
    """A group of commands for managers of the server."""

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
        try:
            require_manager(interaction)
        except UserFacingError as error:
            # discord.py gives `CommandTree.on_error` nothing of this method but its own errors.
            raise app_commands.CheckFailure(str(error)) from error
        return True


class AdminItem(PersistentItem[ItemT], template=MATCHES_NOTHING):
    """A button or menu for managers of the server."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press, or report the failure."""
        try:
            guild_id = require_manager(interaction)
            await update(interaction, self.perform(interaction, guild_id))
        except Exception as error:  # noqa: BLE001  # errors.report is where every failure ends
            await errors.report(interaction, error)

    async def perform(self, interaction: discord.Interaction[Any], guild_id: int) -> ui.LayoutView:
        """Carry out the press, and render its result."""
        raise NotImplementedError


def require_manager(interaction: discord.Interaction[Any]) -> int:
    """Return the server's id, if the person may manage it.

    Raises:
        UserFacingError: It is not in a server, or the bot is not.
        MissingPermissions: The person may not manage the server.
    """
    guild_id = interaction.guild_id
    if guild_id is None or not interaction.is_guild_integration():
        raise UserFacingError(SERVERS_ONLY)
    if not getattr(interaction.permissions, NEEDED):
        raise app_commands.MissingPermissions([NEEDED])
    return guild_id


async def require_admin(interaction: discord.Interaction[Any]) -> tuple[int, AdminServices]:
    """Return the server's id and the admins' services, for managers alone.

    Raises:
        UserFacingError, MissingPermissions: See `require_manager`.
        StateError: There is no state database, or it cannot be used.
    """
    guild_id, admin = require_manager(interaction), services_of(interaction).require_admin()
    # The interaction shows that the bot is in that server, whatever was found before.
    await admin.guilds.confirm_membership(guild_id, admin.clock.now())
    return guild_id, admin
