"""The registered commands, global ones and those of single guilds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.interactions.command_definitions import CHAT_INPUT, read_command
from bot.sandbox.watchers import Watchers

if TYPE_CHECKING:
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json
    from bot.sandbox.world.snowflakes import Snowflakes

MOST_OF_TYPE = {CHAT_INPUT: 100, 2: 5, 3: 5}
"""Commands of each type that Discord takes, globally and again for each guild."""

MOST_IN_BULK = 130
_BOTH_INSTALLS = [0, 1]


class Commands:
    """All registered commands; a scope is a guild's id, or None for the global ones."""

    def __init__(self, application_id: int, ids: Snowflakes) -> None:
        self._application_id = application_id
        self._ids = ids
        self._scopes: dict[int | None, dict[int, Json]] = {}
        self.watchers = Watchers[[int | None]]()

    def registered(self, scope: int | None) -> list[Json]:
        """Return the commands of a scope."""
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: int | None, command_id: int) -> Json:
        """Return one command.

        Raises:
            DiscordError: 10063, there is none.
        """
        command = self._scopes.get(scope, {}).get(command_id)
        if command is None:
            raise errors.unknown_command()
        return command

    def find(self, command_id: int) -> Json | None:
        """Return the command of that id in whichever scope."""
        for commands in self._scopes.values():
            if command_id in commands:
                return commands[command_id]
        return None

    def offered(self, actor_context: ActorContext) -> list[Json]:
        """Return the commands that a person may use where they stand."""
        guild_id = actor_context.guild.id if actor_context.guild else None
        scopes = [None] if guild_id is None else [None, guild_id]
        known = (command for scope in scopes for command in self.registered(scope))
        return [command for command in known if actor_context.offers(command)]

    def create(self, scope: int | None, reader: FieldReader) -> tuple[Json, bool]:
        """Register a command; say also whether it is new, or replaced one of its name."""
        definition = read_command(reader)
        reader.faults.raise_if_any()
        earlier = self._named(scope, definition)
        command = self._registered(scope, definition, earlier)
        commands = self._scopes.setdefault(scope, {})
        _check_count([*(each for each in commands.values() if each is not earlier), command])
        commands[int(command["id"])] = command
        self.watchers.notify(scope)
        return command, earlier is None

    def replace_all(self, scope: int | None, reader: FieldReader) -> list[Json]:
        """Register these commands and forget all others; known names keep their ids."""
        readers = list(reader.items(most=MOST_IN_BULK))
        definitions = [read_command(each) for each in readers]
        seen: set[tuple[int, str]] = set()
        for each, definition in zip(readers, definitions, strict=True):
            key = (definition["type"], definition["name"])
            if key in seen:
                each.fault(
                    "APPLICATION_COMMANDS_DUPLICATE_NAME",
                    "Application command names must be unique",
                )
            seen.add(key)
        reader.faults.raise_if_any()
        _check_count(definitions)
        commands = [self._registered(scope, each, self._named(scope, each)) for each in definitions]
        self._scopes[scope] = {int(each["id"]): each for each in commands}
        self.watchers.notify(scope)
        return commands

    def edit(self, scope: int | None, command_id: int, reader: FieldReader) -> Json:
        """Change the given fields of a command."""
        earlier = self.get(scope, command_id)
        reader.value = earlier | reader.value  # validated whole, as if all of it were sent
        definition = read_command(reader)
        reader.faults.raise_if_any()
        command = self._registered(scope, definition, earlier)
        self._scopes[scope][command_id] = command
        self.watchers.notify(scope)
        return command

    def delete(self, scope: int | None, command_id: int) -> None:
        """Forget a command."""
        self.get(scope, command_id)
        del self._scopes[scope][command_id]
        self.watchers.notify(scope)

    def _named(self, scope: int | None, definition: Json) -> Json | None:
        wanted = (definition["type"], definition["name"])
        known = self._scopes.get(scope, {}).values()
        return next((each for each in known if (each["type"], each["name"]) == wanted), None)

    def _registered(self, scope: int | None, definition: Json, earlier: Json | None) -> Json:
        fresh = str(self._ids.make())
        command = {
            "id": earlier["id"] if earlier else fresh,
            "application_id": str(self._application_id),
            "version": fresh,
        } | definition
        if scope is not None:
            # A guild's command is used there alone, and by nobody's own installation.
            command.pop("contexts", None)
            return command | {"guild_id": str(scope), "integration_types": [0]}
        command.setdefault("contexts", None)
        command.setdefault("integration_types", _BOTH_INSTALLS)
        return command


def _check_count(commands: list[Json]) -> None:
    for kind, limit in MOST_OF_TYPE.items():
        if sum(each["type"] == kind for each in commands) > limit:
            raise errors.too_many_commands(limit)
