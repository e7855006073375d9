"""Endpoints that register commands, globally and for single guilds."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Request, Response, Route
from bot.sandbox.interactions.command_definitions import without_localizations

CREATED = 201
OK = 200
_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


async def list_commands(request: Request) -> Response:
    """List the registered commands, with their translations if they are asked for."""
    commands = request.container.commands.registered(_scope(request))
    if request.query.get("with_localizations") in {"true", "1"}:
        return Response(commands)
    return Response([without_localizations(command) for command in commands])


async def create_command(request: Request) -> Response:
    """Register a command, in place of the one of its name."""
    command, is_new = request.container.commands.create(_scope(request), request.body.reader())
    return Response(command, CREATED if is_new else OK)


async def replace_commands(request: Request) -> Response:
    """Register exactly these commands."""
    return Response(
        request.container.commands.replace_all(_scope(request), request.body.reader(kind=list))
    )


async def get_command(request: Request) -> Response:
    """Tell about one command."""
    return Response(request.container.commands.get(_scope(request), request.id("command_id")))


async def edit_command(request: Request) -> Response:
    """Change a command."""
    scope = _scope(request)
    return Response(
        request.container.commands.edit(scope, request.id("command_id"), request.body.reader())
    )


async def delete_command(request: Request) -> Response:
    """Forget a command."""
    request.container.commands.delete(_scope(request), request.id("command_id"))
    return NOTHING


async def list_permissions(request: Request) -> Response:
    """List the commands' permission overwrites, of which there are none."""
    _scope(request)
    return Response([])


def _scope(request: Request) -> int | None:
    if request.id("application_id") != request.container.world.application.id:
        raise errors.unknown_application()
    if "guild_id" not in request.path:
        return None
    guild = request.container.world.guild(request.id("guild_id"))
    if guild is None or request.container.world.bot_member(guild) is None:
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
