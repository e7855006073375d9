"""A server's own settings, and everything that is stored about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.scheduling.storage import deliveries, gaps, guilds, schedules
from bot.scheduling.worker.housekeeping import restore_guild

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.scheduling.models import Guild, Schedule
    from bot.scheduling.storage.database import State


@dataclass(frozen=True, slots=True)
class StoredData:
    """Everything that is stored about a server, as `/privacy` shows it."""

    guild: Guild
    schedules: tuple[Schedule, ...]
    delivery_count: int
    gap_count: int = 0


class GuildService:
    """The settings of every server, for the commands of admins."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def get(self, guild_id: int) -> Guild:
        """Return a server's settings."""
        async with self._state.read() as transaction:
            return await guilds.get_guild(transaction, guild_id)

    async def list_choices(self) -> dict[int, frozenset[str]]:
        """Return the packs that answer in each server that chose some."""
        async with self._state.read() as transaction:
            found = await guilds.list_guilds(transaction)
        return {kept.id: kept.packs for kept in found if kept.packs is not None}

    async def confirm_membership(self, guild_id: int, now: datetime) -> None:
        """Note that the bot is in a server."""
        if (await self.get(guild_id)).left_at is None:
            return
        async with self._state.write() as transaction:
            await restore_guild(transaction, guild_id, now)

    async def set_alerts(self, guild_id: int, channel_id: int | None) -> None:
        """Choose the alerts channel, or None for direct messages.

        These go to the creator of each schedule.
        """
        await self._change_guild(guild_id, lambda kept: replace(kept, alerts_channel_id=channel_id))

    async def set_packs(self, guild_id: int, packs: frozenset[str] | None) -> None:
        """Choose the packs that answer in a server, or None for all."""
        await self.change_packs(guild_id, lambda _: packs)

    async def change_packs(
        self, guild_id: int, change: Callable[[frozenset[str] | None], frozenset[str] | None]
    ) -> frozenset[str] | None:
        """Change the packs that answer in a server."""
        changed = await self._change_guild(
            guild_id, lambda kept: replace(kept, packs=change(kept.packs))
        )
        return changed.packs

    async def stored(self, guild_id: int) -> StoredData:
        """Collect everything that is stored about a server."""
        async with self._state.read() as transaction:
            found = await schedules.list_schedules(transaction, guild_id)
            found += await schedules.list_removed_schedules(transaction, guild_id)
            count = await deliveries.count_deliveries(transaction, guild_id)
            guild = await guilds.get_guild(transaction, guild_id)
            gap_count = await gaps.count_gaps(transaction, guild_id)
            return StoredData(guild, found, count, gap_count)

    async def erase(self, guild_id: int) -> int:
        """Erase everything about a server; return how many schedules that was."""
        async with self._state.write() as transaction:
            return await guilds.delete_guild(transaction, guild_id)

    async def _change_guild(self, guild_id: int, change: Callable[[Guild], Guild]) -> Guild:
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            changed = change(await guilds.get_guild(transaction, guild_id))
            await guilds.put_guild(transaction, changed)
            await guilds.delete_bare_guild(transaction, guild_id)
            return changed
