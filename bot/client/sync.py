"""Publishing the commands: written to Discord only where it has others."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.client.discord_internals import fetch_commands
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discord import app_commands

log = structlog.stdlib.get_logger("bot.client.sync")

Definition = dict[str, Any]

# Fields that Discord adds, or has derived from a newer field (contexts).
_ADDED_BY_DISCORD = frozenset({"id", "application_id", "guild_id", "version", "dm_permission"})
_ONLY_GLOBAL = frozenset({"contexts", "integration_types"})
_UNORDERED = frozenset({"contexts", "integration_types", "channel_types"})
_DEFAULTS: Mapping[str, Any] = {"type": 1, "nsfw": False, "required": False, "autocomplete": False}


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The changes that publishing the commands would make."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    differences: str
    """Line by line, as `diff` writes it."""

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
    theirs, ours = _by_name(remote, ignored), _by_name(local, ignored)
    return SyncPlan(
        added=tuple(sorted(ours.keys() - theirs.keys())),
        removed=tuple(sorted(theirs.keys() - ours.keys())),
        changed=tuple(sorted(n for n in ours.keys() & theirs.keys() if ours[n] != theirs[n])),
        differences=_diff(theirs, ours),
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
        DiscordError: Discord refused them; the message names the command and field.
    """
    local = [command.to_dict(tree) for command in tree.get_commands()]
    try:
        remote = await fetch_commands(client, guild)
    except discord.HTTPException as error:
        question = " Is the bot in that server?" if guild else ""
        raise DiscordError(f"Discord does not show its commands: {error}.{question}") from error
    plan = compare(remote, local, is_global=guild is None)
    if is_rehearsal or (plan.is_empty and not is_forced):
        return plan
    place = discord.Object(guild) if guild else None
    if place:
        tree.copy_global_to(guild=place)
    try:
        await tree.sync(guild=place)
    except discord.HTTPException as error:
        raise DiscordError(f"Discord refused the commands: {error}") from error
    log.info("commands published", guild=guild, plan=str(plan))
    return plan


def normalise(value: Any) -> Any:
    """Strip a definition of defaults, of Discord's additions, and of meaningless order."""
    if isinstance(value, list):
        return [normalise(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, part in value.items():
        plain = sorted(part) if name in _UNORDERED and part else normalise(part)
        is_default = name in _DEFAULTS and plain == _DEFAULTS[name]
        if name in _ADDED_BY_DISCORD or plain in (None, [], {}) or is_default:
            continue
        kept[name] = str(plain) if name == "default_member_permissions" else plain
    return kept


def _by_name(definitions: Iterable[Definition], ignored: frozenset[str]) -> dict[str, Any]:
    return {
        str(definition["name"]): {
            name: part for name, part in normalise(definition).items() if name not in ignored
        }
        for definition in definitions
    }


def _diff(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    def lines(side: Mapping[str, Any]) -> list[str]:
        return json.dumps(side, indent=2, sort_keys=True, ensure_ascii=False).splitlines()

    return "\n".join(
        difflib.unified_diff(lines(theirs), lines(ours), "Discord", "ours", lineterm="")
    )
