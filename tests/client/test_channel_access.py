"""What keeps a daily post from working in a channel, each fault with its remedy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from discord import ChannelType, Permissions

from bot.client.adapters.channel_access import ChannelAccess, PostNeeds

if TYPE_CHECKING:
    import discord

GRANTED = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
)


class Named:
    """A role, as far as it matters here."""

    def __init__(self, *, mentionable: bool) -> None:
        self.name = "Fans*"
        self.mentionable = mentionable


def place(
    kind: ChannelType = ChannelType.text,
    granted: Permissions = GRANTED,
    *,
    is_locked: bool = False,
    mentionable: bool = False,
) -> ChannelAccess:
    fans: Any = Named(mentionable=mentionable)
    roles: dict[int, discord.Role] = {5: fans}
    return ChannelAccess(1, 7, kind, granted, roles, is_locked)


def without(**denied: bool) -> Permissions:
    granted = Permissions(GRANTED.value)
    granted.update(**denied)
    return granted


@pytest.mark.parametrize(
    "kind",
    [ChannelType.forum, ChannelType.category, ChannelType.voice, ChannelType.stage_voice],
)
def test_only_places_for_text_will_do(kind: ChannelType) -> None:
    (problem,) = map(str, place(kind).problems(PostNeeds()))
    assert problem.startswith("<#7> is another kind of channel")
    assert "text channels, announcement channels and threads" in problem


@pytest.mark.parametrize(
    ("kind", "denied", "missing"),
    [
        (ChannelType.text, {"send_messages": False}, ["Send Messages"]),
        (ChannelType.text, {"send_messages_in_threads": False}, []),
        (ChannelType.news, {"read_message_history": False}, ["Read Message History"]),
        (ChannelType.public_thread, {"send_messages": False}, []),
        (
            ChannelType.public_thread,
            {"send_messages_in_threads": False},
            ["Send Messages in Threads"],
        ),
        (
            ChannelType.text,
            {"view_channel": False, "send_messages": False},
            ["View Channel", "Send Messages"],
        ),
    ],
)
def test_every_permission_that_is_missing_is_named(
    kind: ChannelType, denied: dict[str, bool], missing: list[str]
) -> None:
    assert place(kind, without(**denied)).missing() == missing


def test_a_locked_thread_takes_more() -> None:
    thread = ChannelType.public_thread
    assert "Manage Threads" in str(place(thread, is_locked=True).problems(PostNeeds())[0])
    assert not place(thread, without(manage_threads=True), is_locked=True).problems(PostNeeds())


def test_a_role_must_be_one_that_the_bot_may_ping() -> None:
    (problem,) = map(str, place().problems(PostNeeds(5)))
    assert problem.startswith("The bot cannot ping the role **Fans\\***: let anyone mention it")
    assert not place(mentionable=True).problems(PostNeeds(5))
    assert not place(granted=without(mention_everyone=True)).problems(PostNeeds(5))


def test_everyone_is_no_role_to_ping_whatever_is_allowed() -> None:
    assert list(map(str, place(granted=Permissions.all()).problems(PostNeeds(1)))) == [
        "`@everyone` is never pinged; choose a role, or none."
    ]


def test_a_role_that_is_gone_is_said_to_be_gone() -> None:
    (problem,) = map(str, place().problems(PostNeeds(6)))
    assert problem == "The role to ping is gone; choose another, or none."


def test_a_thread_needs_its_permission_and_a_channel_that_is_none_itself() -> None:
    needs = PostNeeds(opens_thread=True)
    assert not place(granted=without(create_public_threads=True)).problems(needs)
    assert not place(ChannelType.news, without(create_public_threads=True)).problems(needs)
    (problem,) = map(str, place().problems(needs))
    assert "allow it **Create Public Threads** there" in problem
    (problem,) = map(str, place(ChannelType.public_thread, Permissions.all()).problems(needs))
    assert problem.startswith("<#7> is a thread, and no thread opens below its posts")


def test_only_posts_of_an_announcement_channel_are_published() -> None:
    needs = PostNeeds(publishes=True)
    assert not place(ChannelType.news).problems(needs)
    (problem,) = map(str, place(ChannelType.text).problems(needs))
    assert problem.startswith("<#7> is no announcement channel")


def test_a_time_out_is_told_and_not_the_permissions_that_it_takes_away() -> None:
    until = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    access = replace(place(granted=without(send_messages=False)), timed_out_until=until)
    (problem,) = map(str, access.problems(PostNeeds()))
    assert problem.startswith("The bot is in a time-out until 2026-06-01, 09:30 UTC: ")
