"""The commands as Discord has them, held against ours; written only where they differ."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discord import app_commands

log = structlog.stdlib.get_logger("bot.client.sync")

Definition = dict[str, Any]

# What Discord adds of its own, and what it has derived from something newer (contexts).
_DISCORDS_OWN = frozenset({"id", "application_id", "guild_id", "version", "dm_permission"})
_ONLY_GLOBAL = frozenset({"contexts", "integration_types"})
_SETS = {"contexts", "integration_types", "channel_types"}  # sets, in any order
_DEFAULTS: Mapping[str, Any] = {"type": 1, "nsfw": False, "required": False, "autocomplete": False}


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What publishing would change."""

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
        """Say it in one line."""
        if self.is_empty:
            return "The commands are up to date."
        parts = {"new": self.added, "changed": self.changed, "removed": self.removed}
        return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts.items() if names)


def compare(
    remote: Iterable[Definition], local: Iterable[Definition], *, is_global: bool = True
) -> SyncPlan:
    """Compare definitions, whatever defaults either side spells out.

    Where a command works is settled only for those published everywhere; for one server's,
    Discord keeps neither contexts nor kinds of install.
    """
    left_out = frozenset() if is_global else _ONLY_GLOBAL
    theirs, ours = _by_name(remote, left_out), _by_name(local, left_out)
    return SyncPlan(
        added=tuple(sorted(ours.keys() - theirs.keys())),
        removed=tuple(sorted(theirs.keys() - ours.keys())),
        changed=tuple(sorted(n for n in ours.keys() & theirs.keys() if ours[n] != theirs[n])),
        differences=_differences(theirs, ours),
    )


async def sync_commands(
    client: discord.Client,
    tree: app_commands.CommandTree[Any],
    *,
    guild: int | None = None,
    is_forced: bool = False,
    is_rehearsal: bool = False,
) -> SyncPlan:
    """Give Discord our commands, everywhere or in one server, if it has others.

    Raises:
        DiscordError: Discord refused them; the message names the command and field.
    """
    local = [command.to_dict(tree) for command in tree.get_commands()]
    found = compare(await _fetch(client, guild), local, is_global=guild is None)
    if is_rehearsal or (found.is_empty and not is_forced):
        return found
    place = discord.Object(guild) if guild else None
    if place:
        tree.copy_global_to(guild=place)
    try:
        await tree.sync(guild=place)
    except discord.HTTPException as error:
        raise DiscordError(f"Discord refused the commands: {error}") from error
    log.info("commands published", guild=guild, plan=str(found))
    return found


async def _fetch(client: discord.Client, guild: int | None) -> list[Definition]:
    # The models of `tree.fetch_commands` leave out what a comparison needs, such as permissions.
    application_id = client.application_id or 0
    try:
        if guild is None:
            return list(map(dict, await client.http.get_global_commands(application_id)))
        return list(map(dict, await client.http.get_guild_commands(application_id, guild)))
    except discord.HTTPException as error:
        raise DiscordError(
            f"Discord does not show its commands: {error}. Is the bot in that server?"
            if guild
            else f"Discord does not show its commands: {error}."
        ) from error


def _by_name(definitions: Iterable[Definition], left_out: frozenset[str]) -> dict[str, Any]:
    return {
        str(definition["name"]): {
            name: part for name, part in normalise(definition).items() if name not in left_out
        }
        for definition in definitions
    }


def normalise(value: Any) -> Any:
    """Strip a definition of defaults, of what Discord adds, and of meaningless order."""
    if isinstance(value, list):
        return [normalise(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, part in value.items():
        plain = sorted(part) if name in _SETS and part else normalise(part)
        if name in _DISCORDS_OWN or plain in (None, [], {}) or _is_default(name, plain):
            continue
        kept[name] = str(plain) if name == "default_member_permissions" else plain
    return kept


def _is_default(name: str, value: Any) -> bool:
    return name in _DEFAULTS and value == _DEFAULTS[name]


def _differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    def lines(side: Mapping[str, Any]) -> list[str]:
        return json.dumps(side, indent=2, sort_keys=True, ensure_ascii=False).splitlines()

    return "\n".join(
        difflib.unified_diff(lines(theirs), lines(ours), "Discord", "ours", lineterm="")
    )
