"""Publishing the commands: written to Discord only where it has others."""

from __future__ import annotations

import difflib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.client.discord_internals import fetch_commands
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from discord import app_commands

    Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

log = structlog.stdlib.get_logger("bot.client.sync")

Definition = dict[str, Any]
CommandKey = tuple[str, int]
"""A command's name and type; only both together are its own."""

# The fields that an application may set. A server answers with others of its own, which say
# nothing about whether the commands are ours.
_TEXTS = frozenset({"name", "name_localizations", "description", "description_localizations"})
_COMMAND_FIELDS = _TEXTS | {
    *("type", "nsfw", "options", "default_member_permissions"),
    *("contexts", "integration_types"),
}
_OPTION_FIELDS = _TEXTS | {
    *("type", "required", "autocomplete", "options", "choices", "channel_types"),
    *("min_value", "max_value", "min_length", "max_length"),
}
_CHOICE_FIELDS = frozenset({"name", "name_localizations", "value"})
_ONLY_GLOBAL = frozenset({"contexts", "integration_types"})
_UNORDERED = frozenset({"contexts", "integration_types", "channel_types"})
_DEFAULTS: Mapping[str, Any] = {
    "type": 1,
    "nsfw": False,
    "required": False,
    "autocomplete": False,
    "contexts": [0, 1, 2],  # all there are
}


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The changes that publishing the commands would make."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    theirs: Mapping[CommandKey, Definition]
    ours: Mapping[CommandKey, Definition]

    @property
    def differences(self) -> str:
        """Return the changes line by line, as `diff` writes them."""

        def lines(side: Mapping[CommandKey, Definition]) -> list[str]:
            named = {
                name if kind == 1 else f"{name} (type {kind})": definition
                for (name, kind), definition in side.items()
            }
            return json.dumps(named, indent=2, sort_keys=True, ensure_ascii=False).splitlines()

        theirs, ours = lines(self.theirs), lines(self.ours)
        return "\n".join(difflib.unified_diff(theirs, ours, "Discord", "ours", lineterm=""))

    @property
    def is_empty(self) -> bool:
        """Whether Discord has exactly our commands."""
        return not (self.added or self.removed or self.changed)

    def __str__(self) -> str:
        """Describe the changes on one line."""
        if self.is_empty:
            return "The commands are up to date."
        parts = {"new": self.added, "changed": self.changed, "removed": self.removed}
        return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in parts.items() if names)


def compare(
    remote: Iterable[Definition], local: Iterable[Definition], *, is_global: bool = True
) -> SyncPlan:
    """Compare Discord's command definitions with ours, apart from defaults.

    For the commands of one server, Discord keeps neither contexts nor kinds of install; so these
    count only for commands published everywhere.
    """
    ignored = frozenset() if is_global else _ONLY_GLOBAL
    theirs, ours = _by_name_and_type(remote, ignored), _by_name_and_type(local, ignored)
    changed = [key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]]
    return SyncPlan(
        added=tuple(name for name, _ in sorted(ours.keys() - theirs.keys())),
        removed=tuple(name for name, _ in sorted(theirs.keys() - ours.keys())),
        changed=tuple(name for name, _ in sorted(changed)),
        theirs=theirs,
        ours=ours,
    )


async def sync_commands(
    client: discord.Client,
    tree: app_commands.CommandTree[Any],
    *,
    guild: int | None = None,
    is_forced: bool = False,
    is_rehearsal: bool = False,
) -> SyncPlan:
    """Publish our commands, everywhere or in one server, where Discord has others.

    Raises:
        DiscordError: Discord refused them, where the message names the command and field, or
            answered without sense.
    """
    local = [await define(command, tree) for command in tree.get_commands()]
    try:
        with _explain_senseless("a request for its commands"):
            remote = await fetch_commands(client, guild)
            plan = compare(remote, local, is_global=guild is None)
    except discord.HTTPException as error:
        question = " Is the bot in that server?" if guild else ""
        raise DiscordError(f"Discord does not show its commands: {error}.{question}") from error
    if is_rehearsal or (plan.is_empty and not is_forced):
        return plan
    place = discord.Object(guild) if guild else None
    if place:
        tree.copy_global_to(guild=place)
    try:
        with _explain_senseless("the commands it was sent"):
            await tree.sync(guild=place)
    except discord.HTTPException as error:
        raise DiscordError(f"Discord refused the commands: {error}") from error
    log.info("commands published", guild=guild, plan=str(plan))
    return plan


async def define(command: Command, tree: app_commands.CommandTree[Any]) -> Definition:
    """Return a command's definition as it is published, with its translations."""
    if tree.translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, tree.translator)


def normalise(definition: Definition, fields: frozenset[str] = _COMMAND_FIELDS) -> Definition:
    """Strip a definition of defaults, of unknown fields, and of meaningless order."""
    kept = {}
    for name in fields & definition.keys():
        part = definition[name]
        if name == "options":
            part = [normalise(option, _OPTION_FIELDS) for option in part or []]
        elif name == "choices":
            part = [normalise(choice, _CHOICE_FIELDS) for choice in part or []]
        elif name in _UNORDERED and part:
            part = sorted(map(int, part))
        is_default = name in _DEFAULTS and part == _DEFAULTS[name]
        if part in (None, "", [], {}) or is_default:
            continue
        kept[name] = str(part) if name == "default_member_permissions" else part
    return kept


def _by_name_and_type(
    definitions: Iterable[Definition], ignored: frozenset[str]
) -> dict[CommandKey, Definition]:
    # A slash command and a message's menu entry may share their name.
    return {
        (str(definition["name"]), int(definition.get("type") or 1)): normalise(
            definition, _COMMAND_FIELDS - ignored
        )
        for definition in definitions
    }


@contextmanager
def _explain_senseless(asked_for: str) -> Iterator[None]:
    """Raise DiscordError where an answer of Discord's lacks a part, or has it wrong."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DiscordError(
            f"Discord's answer to {asked_for} cannot be read ({type(error).__name__}: {error}). "
            "Try again later; `linernotes sync --dry-run` shows which commands Discord has."
        ) from error
