"""Permissions, computed in Discord's order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.world.model import (
    Channel,
    ChannelType,
    Guild,
    Member,
    Overwrite,
    Role,
    ThreadDetails,
    User,
)
from bot.sandbox.world.permissions import ALL, USUAL, Permission, in_channel, in_guild

VIEW, SEND = int(Permission.VIEW_CHANNEL), int(Permission.SEND_MESSAGES)
OWNER, FAN = User(1, "owner"), User(2, "fan")
EVERYONE, RED, BLUE = 100, 101, 102


def guild() -> Guild:
    roles = {each: Role(each, str(each)) for each in (RED, BLUE)}
    made = Guild(
        EVERYONE, "Guild", OWNER.id, roles={EVERYONE: Role(EVERYONE, "all", USUAL)} | roles
    )
    made.members = {OWNER.id: Member(OWNER, 0), FAN.id: Member(FAN, 0, (RED, BLUE))}
    return made


def granted(*overwrites: Overwrite, **changes: object) -> int:
    made = guild()
    channel = Channel(200, ChannelType.TEXT, "text", EVERYONE, overwrites=overwrites)
    member = replace(made.members[FAN.id], **changes)  # type: ignore[arg-type]  # fields by name
    return in_channel(made, channel, member, now=1_000)


def test_an_owner_may_do_everything_everywhere() -> None:
    made = guild()
    hidden = Channel(200, ChannelType.TEXT, overwrites=(Overwrite(EVERYONE, deny=VIEW),))
    assert in_channel(made, hidden, made.members[OWNER.id], now=0) == ALL


def test_an_administrators_role_overrules_every_overwrite() -> None:
    made = guild()
    made.roles[RED] = Role(RED, "red", int(Permission.ADMINISTRATOR))
    assert in_guild(made, made.members[FAN.id]) == ALL


@pytest.mark.parametrize(
    ("overwrites", "may_send"),
    [
        ((), True),
        ((Overwrite(EVERYONE, deny=SEND),), False),
        ((Overwrite(EVERYONE, deny=SEND), Overwrite(RED, allow=SEND)), True),
        ((Overwrite(RED, deny=SEND), Overwrite(BLUE, allow=SEND)), True),
        ((Overwrite(RED, allow=SEND), Overwrite(FAN.id, is_member=True, deny=SEND)), False),
        ((Overwrite(FAN.id, is_member=True, allow=SEND), Overwrite(RED, deny=SEND)), True),
        ((Overwrite(103, deny=SEND),), True),
    ],
)
def test_overwrites_apply_from_everyone_over_roles_to_the_member(
    overwrites: tuple[Overwrite, ...],
    may_send: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert bool(granted(*overwrites) & SEND) is may_send


def test_who_cannot_look_can_do_nothing() -> None:
    assert granted(Overwrite(EVERYONE, deny=VIEW)) == 0


def test_who_cannot_send_cannot_embed_either() -> None:
    left = granted(Overwrite(EVERYONE, deny=SEND))
    assert not left & Permission.EMBED_LINKS
    assert left & Permission.READ_MESSAGE_HISTORY


def test_who_is_timed_out_may_only_look() -> None:
    only_look = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
    assert granted(timed_out_until=2_000.0) == only_look
    assert granted(timed_out_until=500.0) == USUAL


def _thread(kind: ChannelType, *members: int) -> Channel:
    details = ThreadDetails(owner_id=OWNER.id, members=frozenset(members))
    return Channel(201, kind, "thread", EVERYONE, parent_id=200, thread=details)


def test_a_thread_has_the_permissions_of_its_parent() -> None:
    made = guild()
    made.channels[200] = Channel(
        200, ChannelType.TEXT, "text", EVERYONE, overwrites=(Overwrite(EVERYONE, deny=SEND),)
    )
    left = in_channel(made, _thread(ChannelType.PUBLIC_THREAD), made.members[FAN.id], now=0)
    assert not left & SEND
    assert left & Permission.SEND_MESSAGES_IN_THREADS
    assert left & Permission.EMBED_LINKS


def test_a_private_thread_is_for_its_members() -> None:
    made = guild()
    made.channels[200] = Channel(200, ChannelType.TEXT, "text", EVERYONE)
    fan = made.members[FAN.id]
    assert in_channel(made, _thread(ChannelType.PRIVATE_THREAD), fan, now=0) == 0
    assert in_channel(made, _thread(ChannelType.PRIVATE_THREAD, FAN.id), fan, now=0) & VIEW
