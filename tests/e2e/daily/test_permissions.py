"""Admins' commands, used by somebody who may not: refused by the bot itself, whatever is offered.

A server's settings may show a command to everybody, and Discord is not what keeps anybody out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.client.permissions import SERVERS_ONLY
from bot.scheduling.models import ScheduleSettings
from bot.scheduling.recurrence import Timetable
from tests.support.knowledge import PACK

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from bot.scheduling.models import Guild, Schedule
    from tests.support.admins import Days

COMMANDS: dict[str, dict[str, Any]] = {
    "packs": {"pack": PACK, "answers": False},
    "daily set": {"name": "other", "channel": "", "time": "9am", "zone": "UTC"},
    "daily list": {},
    "daily edit": {"name": "morning", "time": "10am"},
    "daily pause": {"name": "morning"},
    "daily resume": {"name": "morning"},
    "daily skip": {"name": "morning"},
    "daily preview": {"name": "morning"},
    "daily now": {"name": "morning"},
    "daily remove": {"name": "morning"},
    "daily history": {},
    "daily doctor": {"name": "morning"},
    "daily alerts": {"channel": ""},
    "privacy erase": {},
    "gaps on": {"suggest": True},
    "gaps off": {},
    "gaps list": {},
    "gaps clear": {},
}
COMPLETED = [("daily edit", "name"), ("daily set", "pack"), ("packs", "pack")]


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody who may not, and what they are told."""

    person: Person
    told: str


@pytest.fixture(params=["a member without the right", "an owner whose server the bot is not in"])
async def outsider(
    request: pytest.FixtureRequest, sandbox: Sandbox, admin: Person, days: Days
) -> Outsider:
    """Give somebody to whom every command is offered, in a server with a schedule."""
    for command in sandbox.container.commands.registered(None):
        command["default_member_permissions"] = None
        command["integration_types"] = [0, 1]
    if request.param == "a member without the right":
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        outsider = Outsider(fan, "You need the permission Manage Server for this.")
    else:
        stranger = sandbox.user("stranger", guild="Elsewhere")
        stranger.speak("en-US")
        outsider = Outsider(stranger, SERVERS_ONLY)
    channel = outsider.person.channel
    wanted = ScheduleSettings(channel.id, Timetable(time(9), "UTC"))
    await days.admin.schedules.add(channel.guild_id or 0, "morning", wanted, admin.user.id)
    return outsider


async def what_admins_set(days: Days, guild_id: int) -> tuple[Guild, tuple[Schedule, ...]]:
    """Return a server's settings, without when the worker noticed that the bot is not in it."""
    stored = await days.admin.guilds.stored(guild_id)
    return replace(stored.guild, left_at=None), stored.schedules


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_is_refused_and_does_nothing(
    outsider: Outsider, days: Days, command: str
) -> None:
    guild_id = outsider.person.channel.guild_id or 0
    before = await what_admins_set(days, guild_id)
    options = COMMANDS[command]
    if "channel" in options:
        options = options | {"channel": str(outsider.person.channel.id)}
    reply = await outsider.person.command(command, **options)
    assert reply.text == outsider.told
    assert reply.is_ephemeral
    assert await what_admins_set(days, guild_id) == before


@pytest.mark.parametrize(("command", "option"), COMPLETED)
async def test_nothing_of_a_server_is_offered_while_it_is_typed(
    outsider: Outsider, admin: Person, days: Days, command: str, option: str
) -> None:
    wanted = ScheduleSettings(admin.channel.id, Timetable(time(9), "UTC"))
    if not await days.admin.schedules.list(admin.channel.guild_id or 0):
        await days.admin.schedules.add(admin.channel.guild_id or 0, "x", wanted, admin.user.id)
    assert await outsider.person.autocomplete(command, option) == []
    assert await admin.autocomplete(command, option) != []


async def test_a_direct_message_is_told_that_it_works_only_in_servers(
    sandbox: Sandbox, admin: Person, days: Days
) -> None:
    for command in sandbox.container.commands.registered(None):
        command["contexts"] = command["default_member_permissions"] = None
        command["integration_types"] = [0, 1]
    person = sandbox.user("admin", dm_with="bot")
    for name in ("daily list", "packs"):
        assert (await person.command(name)).text == SERVERS_ONLY
    assert await person.autocomplete("daily edit", "name") == []
