"""Endpoints that register commands, globally and for single guilds."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Answer, Call, Route

CREATED = 201
OK = 200
_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


async def list_commands(call: Call) -> Answer:
    """Tell which commands are registered."""
    return Answer(call.parts.commands.registered(_scope(call)))


async def create_command(call: Call) -> Answer:
    """Register a command, in place of the one of its name."""
    command, is_new = call.parts.commands.create(_scope(call), call.body.spot())
    return Answer(command, CREATED if is_new else OK)


async def replace_commands(call: Call) -> Answer:
    """Register exactly these commands."""
    return Answer(call.parts.commands.replace_all(_scope(call), call.body.spot(kind=list)))


async def get_command(call: Call) -> Answer:
    """Tell about one command."""
    return Answer(call.parts.commands.get(_scope(call), call.id("command_id")))


async def edit_command(call: Call) -> Answer:
    """Change a command."""
    scope = _scope(call)
    return Answer(call.parts.commands.edit(scope, call.id("command_id"), call.body.spot()))


async def delete_command(call: Call) -> Answer:
    """Forget a command."""
    call.parts.commands.delete(_scope(call), call.id("command_id"))
    return NOTHING


async def list_permissions(call: Call) -> Answer:
    """Tell which commands an admin opened or closed by hand: none, nothing here can."""
    _scope(call)
    return Answer([])


def _scope(call: Call) -> int | None:
    if call.id("application_id") != call.parts.world.application.id:
        raise errors.unknown_application()
    if "guild_id" not in call.path:
        return None
    guild = call.parts.world.guild(call.id("guild_id"))
    if guild is None or call.parts.world.bot_member(guild) is None:
        raise errors.missing_access()
    return guild.id


ROUTES = (
    Route("GET", f"{_GUILD}/permissions", list_permissions),  # before {command_id}
    *(
        Route(method, base + rest, handler)
        for base in (_GLOBAL, _GUILD)
        for method, rest, handler in (
            ("GET", "", list_commands),
            ("POST", "", create_command),
            ("PUT", "", replace_commands),
            ("GET", "/{command_id}", get_command),
            ("PATCH", "/{command_id}", edit_command),
            ("DELETE", "/{command_id}", delete_command),
        )
    ),
)
