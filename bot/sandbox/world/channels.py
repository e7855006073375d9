"""Channels, threads and direct messages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ChannelType(IntEnum):
    """Kinds of channel, by Discord's numbers."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP_DM = 3
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15
    MEDIA = 16


THREADS = frozenset(
    {ChannelType.ANNOUNCEMENT_THREAD, ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD}
)
HOLDS_MESSAGES = THREADS | {
    ChannelType.TEXT,
    ChannelType.DM,
    ChannelType.GROUP_DM,
    ChannelType.VOICE,
    ChannelType.STAGE,
    ChannelType.ANNOUNCEMENT,
}
HOLDS_POSTS = frozenset({ChannelType.FORUM, ChannelType.MEDIA})


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's permission overwrite for a role or a member."""

    target: int
    is_member: bool = False
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, slots=True)
class ThreadDetails:
    """The fields that only threads have."""

    owner_id: int
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 1440
    members: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a guild, a thread, or a direct message."""

    id: int
    type: ChannelType
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: tuple[Overwrite, ...] = ()
    slowmode: int = 0
    nsfw: bool = False
    thread: ThreadDetails | None = None
    recipients: tuple[int, ...] = ()

    @property
    def is_thread(self) -> bool:
        """Say whether it hangs under another channel."""
        return self.type in THREADS
