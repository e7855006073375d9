"""Guilds, channels, threads and direct messages over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from tests.support.caller import Caller


def _grant(caller: Caller, permission: Permission) -> None:
    """Give the bot's role in Night Owls a permission."""
    guild = caller.sandbox.user("fan", guild="Night Owls").actor_context.guild
    assert guild is not None
    own = next(each for each in guild.roles.values() if each.bot_id)
    guild.roles[own.id] = replace(own, permissions=int(permission))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"topic": "x"}),
        ("DELETE", "", None),
        ("PUT", "/permissions/1", {"type": 0}),
        ("POST", "/threads", {"name": "Private", "type": 12}),
    ],
)
async def test_changing_a_channel_takes_a_permission(
    caller: Caller, method: str, path: str, body: object
) -> None:
    answer = await caller.call(method, caller.channel("general") + path, body, status=403)
    assert answer["code"] == 50013


async def test_a_deleted_channel_takes_its_threads_along(caller: Caller) -> None:
    _grant(caller, Permission.MANAGE_CHANNELS)
    general, thread = caller.channel("general"), caller.channel("B-sides")
    await caller.call("DELETE", general)
    for gone in (general, thread):
        assert (await caller.call("GET", gone, status=404))["code"] == 10003


async def test_a_topic_is_changed_and_the_page_is_told(caller: Caller) -> None:
    _grant(caller, Permission.MANAGE_CHANNELS)
    before = caller.sandbox.container.feed.last_id
    changed = await caller.call("PATCH", caller.channel("general"), {"topic": "New"})
    assert changed["topic"] == "New"
    assert changed["name"] == "general"
    assert caller.sandbox.container.feed.last_id > before


async def test_denying_the_bot_a_channel_shuts_it_out(caller: Caller) -> None:
    _grant(caller, Permission.MANAGE_ROLES)
    bot_id = caller.sandbox.world.application.bot.id
    path = caller.channel("general")
    overwrite = {"type": 1, "deny": str(int(Permission.VIEW_CHANNEL))}
    await caller.call("PUT", f"{path}/permissions/{bot_id}", overwrite, status=204)
    assert (await caller.call("GET", path, status=403))["code"] == 50001


async def test_a_thread_on_a_message_has_its_id_and_there_is_one_only(caller: Caller) -> None:
    path = f"{caller.channel('general')}/messages"
    sent = await caller.call("POST", path, {"content": "hello"})
    threads = f"{path}/{sent['id']}/threads"
    thread = await caller.call("POST", threads, {"name": "On it"}, status=201)
    assert thread["id"] == sent["id"]
    assert (await caller.call("POST", threads, {"name": "Again"}, status=400))["code"] == 160004
    shown = await caller.call("GET", f"{path}/{sent['id']}")
    assert shown["thread"]["name"] == "On it"


async def test_a_post_of_a_forum_holds_its_first_message(caller: Caller) -> None:
    body = {"name": "Post", "message": {"content": "first"}}
    post = await caller.call("POST", f"{caller.channel('questions')}/threads", body, status=201)
    assert post["message"]["content"] == "first"
    history = await caller.call("GET", f"/channels/{post['id']}/messages")
    assert [each["id"] for each in history] == [post["message"]["id"]]


async def test_a_direct_message_is_opened_once(caller: Caller) -> None:
    bystander = caller.sandbox.user("mika", guild="Quiet Room").user
    body = {"recipient_id": str(bystander.id)}
    first = await caller.call("POST", "/users/@me/channels", body)
    assert await caller.call("POST", "/users/@me/channels", body) == first
    assert [each["username"] for each in first["recipients"]] == ["mika"]
    await caller.call("POST", f"/channels/{first['id']}/messages", {"content": "hello"})


async def test_who_is_no_user_cannot_be_written_to(caller: Caller) -> None:
    body = {"recipient_id": "1"}
    assert (await caller.call("POST", "/users/@me/channels", body, status=404))["code"] == 10013


async def test_guilds_are_listed_in_pages(caller: Caller) -> None:
    ids = [each["id"] for each in await caller.call("GET", "/users/@me/guilds")]
    assert len(ids) == 3
    query = {"after": ids[0], "limit": "1"}
    assert [each["id"] for each in await caller.call("GET", "/users/@me/guilds", query=query)] == [
        ids[1]
    ]


async def test_a_guild_that_was_left_is_unknown(caller: Caller) -> None:
    (guild, *_) = await caller.call("GET", "/users/@me/guilds")
    await caller.call("DELETE", f"/users/@me/guilds/{guild['id']}", status=204)
    assert (await caller.call("GET", f"/guilds/{guild['id']}", status=404))["code"] == 10004


async def test_a_path_that_is_not_there_is_discords_404(caller: Caller) -> None:
    body = await caller.call("GET", "/nowhere", status=404)
    assert body == {"message": "404: Not Found", "code": 0}


async def test_a_method_that_a_path_does_not_take_is_discords_405(caller: Caller) -> None:
    body = await caller.call("PUT", "/users/@me", status=405)
    assert body == {"message": "405: Method Not Allowed", "code": 0}
