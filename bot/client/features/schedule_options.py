"""What an admin typed, as settings: every option read, and Discord asked before it is saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.client.adapters.channel_access import find_problems
from bot.client.features.admin_options import ANY
from bot.client.markdown import one_line
from bot.client.responding import UserFacingError
from bot.errors import ScheduleError
from bot.scheduling.models import DEFAULT_WINDOW, ScheduleSettings
from bot.scheduling.parsing import parse_days, parse_time
from bot.scheduling.recurrence import EVERY_DAY, Timetable
from bot.scheduling.timezones import parse_zone

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.index.scope import Scope

NOT_ASKED = "Discord could not be asked what the bot may do there; nothing was changed. Try again."


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """The options as they were typed; None is what was left out."""

    channel: int | None = None
    time: str | None = None
    zone: str | None = None
    pack: str | None = None
    by: str | None = None
    days: str | None = None
    role: int | None = None
    window: int | None = None
    no_ping: bool = False

    def settings(self, knowledge: KnowledgeBase, scope: Scope) -> ScheduleSettings:
        """Read them as a new schedule's settings; channel, time and zone were given.

        Raises:
            ScheduleError: an option cannot be read; the message gives examples.
        """
        timetable = Timetable(
            parse_time(self.time or ""),
            parse_zone(self.zone or ""),
            EVERY_DAY if self.days is None else parse_days(self.days),
        )
        return ScheduleSettings(
            channel_id=self.channel or 0,
            timetable=timetable,
            pack=_read_pack(self.pack, knowledge, scope),
            speaker=_read_speaker(self.by),
            role_id=self.role,
            window=DEFAULT_WINDOW if self.window is None else timedelta(hours=self.window),
        )

    def changes(
        self, old: ScheduleSettings, knowledge: KnowledgeBase, scope: Scope
    ) -> ScheduleSettings:
        """Read them as changes: what was left out stays as it was.

        Raises:
            ScheduleError: an option cannot be read; the message gives examples.
        """
        timetable = Timetable(
            old.timetable.time if self.time is None else parse_time(self.time),
            old.timetable.zone if self.zone is None else parse_zone(self.zone),
            old.timetable.days if self.days is None else parse_days(self.days),
        )
        role_id = old.role_id if self.role is None else self.role
        return replace(
            old,
            channel_id=self.channel or old.channel_id,
            timetable=timetable,
            pack=old.pack if self.pack is None else _read_pack(self.pack, knowledge, scope),
            speaker=old.speaker if self.by is None else _read_speaker(self.by),
            role_id=None if self.no_ping else role_id,
            window=old.window if self.window is None else timedelta(hours=self.window),
        )


async def require_postable(
    client: discord.Client, guild_id: int, channel_id: int, role_id: int | None
) -> None:
    """Ask Discord, now, whether posting there will work.

    Raises:
        GoneError: it will not, or that cannot be asked; the message says what is missing.
    """
    faults = await fetch_problems(client, guild_id, channel_id, role_id)
    if faults:
        raise UserFacingError("\n".join([*faults, "Nothing was changed."]))


async def fetch_problems(
    client: discord.Client, guild_id: int, channel_id: int, role_id: int | None
) -> list[str]:
    """Say what keeps posting there from working, as Discord has it at this moment."""
    try:
        return await find_problems(client, guild_id, channel_id, role_id)
    except (discord.HTTPException, OSError) as error:
        raise UserFacingError(NOT_ASKED) from error


def _read_pack(typed: str | None, knowledge: KnowledgeBase, scope: Scope) -> str | None:
    """Find a pack by its id or title."""
    wanted = one_line(typed or "").casefold()
    if wanted in {"", ANY, "any pack"}:
        return None
    for pack in sorted(scope):
        if wanted in {pack.casefold(), knowledge.pack_title(pack).casefold()}:
            return pack
    shown = one_line(typed or "")[:40]
    raise ScheduleError(f"No pack called '{shown}' answers in this server; /packs lists them.")


def _read_speaker(typed: str | None) -> str | None:
    name = one_line(typed or "")
    return None if name.casefold() in {"", ANY, "anyone", "anybody"} else name
