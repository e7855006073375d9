"""Options typed by a member, checked as a Discord client checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import PageError
from bot.sandbox.interactions.actor_context import stand
from bot.sandbox.interactions.command_definitions import BRANCHES, NUMERIC, SAFE_INTEGER, OptionType
from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.payloads import member_json, role_json, user_json
from bot.sandbox.world.snowflakes import made_at

if TYPE_CHECKING:
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import World

MOST_CHARACTERS = 6000
_REFERENCES = frozenset(
    {OptionType.USER, OptionType.CHANNEL, OptionType.ROLE, OptionType.MENTIONABLE}
)


@dataclass(frozen=True, slots=True)
class TypedOptions:
    """Options as an interaction carries them.

    Attributes:
        path: The command's full name, subcommands too: `("daily", "set")`.
    """

    path: tuple[str, ...]
    options: list[Json]
    resolved: Resolved


class OptionReader:
    """Reads the options of one use of a command."""

    def __init__(
        self, world: World, actor_context: ActorContext, *, focused: str | None = None
    ) -> None:
        self._actor_context = actor_context
        self._resolved = Resolved(world, actor_context)
        self._focused = focused
        self._faults: list[tuple[str, str]] = []
        self._path: list[str] = []

    def read(self, command: Json, given: list[Json]) -> TypedOptions:
        """Check the typed options and return them as the interaction carries them.

        While autocompleting (something is focused) options may be missing or unfinished.

        Raises:
            PageError: What was typed cannot be sent; each fault names its option.
        """
        self._path = [command["name"]]
        options = self._read_options(command.get("options", []), given)
        if self._faults:
            raise PageError("The command was not sent.", faults=tuple(self._faults))
        return TypedOptions(tuple(self._path), options, self._resolved)

    def _read_options(self, known: list[Json], given: list[Json]) -> list[Json]:
        # Discord lets no command have both: subcommands (or groups of them), or options.
        if known and known[0]["type"] in BRANCHES:
            return self._read_subcommand(known, given)
        values = {str(each.get("name")): each.get("value") for each in given}
        for name in values.keys() - {each["name"] for each in known}:
            self._faults.append((name, "This command has no such option."))
        read = [self._read_option(each, values.get(each["name"])) for each in known]
        return [each for each in read if each is not None]

    def _read_subcommand(self, known: list[Json], given: list[Json]) -> list[Json]:
        names = {each["name"]: each for each in known}
        chosen = given[0] if len(given) == 1 else {}
        definition = names.get(str(chosen.get("name")))
        if definition is None:
            listed = ", ".join(names)
            self._faults.append((self._path[-1], f"Choose one of: {listed}."))
            return []
        self._path.append(definition["name"])
        inside = self._read_options(definition.get("options", []), chosen.get("options") or [])
        return [{"type": definition["type"], "name": definition["name"], "options": inside}]

    def _read_option(self, option: Json, value: Any) -> Json | None:
        sent: Json = {"type": option["type"], "name": option["name"]}
        if option["name"] == self._focused:
            text = "" if value is None else str(value)
            return sent | {"value": text, "focused": True}
        if value is None or value == "":
            if option.get("required") and self._focused is None:
                self._faults.append((option["name"], "This option is required."))
            return None
        fault, converted = self._converted(option, value)
        if fault is None:
            return sent | {"value": converted}
        if self._focused is None:  # else the command is still being typed
            self._faults.append((option["name"], fault))
        return None

    def _converted(self, option: Json, value: Any) -> tuple[str | None, Any]:
        """Return a fault, or None and the value as it is sent."""
        kind = OptionType(option["type"])
        if kind in _REFERENCES:
            fault = self._resolved.add(kind, value, option.get("channel_types"))
            return fault, str(value)
        if kind is OptionType.BOOLEAN:
            return (None if isinstance(value, bool) else "Choose true or false."), value
        if kind is OptionType.ATTACHMENT:
            return "The sandbox takes no files in options.", value
        if kind in NUMERIC:
            return _number(option, kind, value)
        return _text(option, str(value)), str(value)


def _text(option: Json, value: str) -> str | None:
    if (fault := _not_a_choice(option, value)) is not None:
        return fault
    least = option.get("min_length", 0)
    most = option.get("max_length", MOST_CHARACTERS)
    if len(value) < least:
        return f"Must be {least} or more characters long."
    if len(value) > most:
        return f"Must be {most} or fewer characters long."
    return None


def _number(option: Json, kind: OptionType, value: Any) -> tuple[str | None, Any]:
    try:
        number = int(str(value)) if kind is OptionType.INTEGER else float(str(value))
    except ValueError:
        return "This is not a number.", value
    if (fault := _not_a_choice(option, number)) is not None:
        return fault, number
    least = option.get("min_value", -SAFE_INTEGER)
    most = option.get("max_value", SAFE_INTEGER)
    if not least <= number <= most:
        return f"Must be between {least} and {most}.", number
    return None, number


def _not_a_choice(option: Json, value: object) -> str | None:
    choices = option.get("choices")
    if not choices or value in [each["value"] for each in choices]:
        return None
    listed = ", ".join(str(each["name"]) for each in choices)
    return f"Choose one of: {listed}."


_GONE = "There is no such {kind} here."


class Resolved:
    """The entities that an interaction's values refer to."""

    def __init__(self, world: World, actor_context: ActorContext) -> None:
        self._world = world
        self._actor_context = actor_context
        self._found: dict[str, Json] = {}

    def json(self) -> Json:
        """Return the `resolved` field; empty when nothing is pointed at."""
        return self._found

    def add(
        self, kind: OptionType, value: Any, channel_types: list[int] | None = None
    ) -> str | None:
        """Gather the entity of an id; return a fault where there is none."""
        if not str(value).isdecimal():
            return _GONE.format(kind=kind.name.lower())
        target = int(value)
        if kind is OptionType.CHANNEL:
            return self._add_channel(target, channel_types)
        if kind in (OptionType.USER, OptionType.MENTIONABLE) and self._add_user(target):
            return None
        if kind in (OptionType.ROLE, OptionType.MENTIONABLE) and self._add_role(target):
            return None
        return _GONE.format(kind=kind.name.lower())

    def add_message(self, message: Json) -> None:
        """Gather a message (of a message's menu)."""
        self._put("messages", message["id"], message)

    def _add_user(self, user_id: int) -> bool:
        user = self._world.users.get(user_id)
        if user is None:
            return False
        self._put("users", str(user_id), user_json(user))
        guild = self._actor_context.guild
        if guild is not None and (member := guild.members.get(user_id)) is not None:
            shown = member_json(member)
            for absent in ("user", "mute", "deaf"):  # as the reference has it for resolved members
                del shown[absent]
            shown["permissions"] = str(permissions.in_guild(guild, member))
            self._put("members", str(user_id), shown)
        return True

    def _add_role(self, role_id: int) -> bool:
        guild = self._actor_context.guild
        if guild is None or role_id not in guild.roles:
            return False
        self._put("roles", str(role_id), role_json(guild.roles[role_id]))
        return True

    def _add_channel(self, channel_id: int, channel_types: list[int] | None) -> str | None:
        channel = self._world.channel(channel_id)
        here = self._actor_context.guild
        if channel is None or here is None or channel.guild_id != here.id:
            return _GONE.format(kind="channel")
        if channel_types and channel.type not in channel_types:
            return "Choose another kind of channel."
        seen = stand(self._world, self._actor_context.user, channel, now=0)
        shown: Json = {
            "id": str(channel.id),
            "type": int(channel.type),
            "name": channel.name,
            "permissions": str(seen.granted),
            "parent_id": None if channel.parent_id is None else str(channel.parent_id),
            "flags": 0,
            "guild_id": str(channel.guild_id),
            "last_message_id": None,
            "last_pin_timestamp": None,
            "nsfw": channel.nsfw,
            "position": channel.position,
            "rate_limit_per_user": channel.slowmode,
            "topic": channel.topic,
        }
        if channel.thread is not None:
            # Not in the reference, but Discord sends them and discord.py counts on them.
            shown |= {
                "owner_id": str(channel.thread.owner_id),
                "member_count": len(channel.thread.members),
                "message_count": 0,
                "total_message_sent": 0,
            }
            shown["thread_metadata"] = {
                "archived": channel.thread.archived,
                "auto_archive_duration": channel.thread.auto_archive_duration,
                "locked": channel.thread.locked,
                "archive_timestamp": timestamp(made_at(channel.id)),
            }
        self._put("channels", str(channel_id), shown)
        return None

    def _put(self, kind: str, target: str, value: Json) -> None:
        self._found.setdefault(kind, {})[target] = value
