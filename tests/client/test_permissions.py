"""Permission checks of admins' commands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.client.permissions import SERVERS_ONLY, require_manager
from bot.errors import UserFacingError


def interaction(*, is_bot_there: bool) -> discord.Interaction[Any]:
    """Return a command used by an owner in a server, which need not have the bot."""
    used = SimpleNamespace(
        guild_id=7,
        is_guild_integration=lambda: is_bot_there,
        permissions=discord.Permissions.all(),
    )
    return cast("discord.Interaction[Any]", used)


def test_a_command_used_in_a_server_that_has_not_the_bot_is_refused() -> None:
    assert require_manager(interaction(is_bot_there=True)) == 7
    with pytest.raises(UserFacingError) as refusal:
        require_manager(interaction(is_bot_there=False))
    assert str(refusal.value) == SERVERS_ONLY
