"""Messages over HTTP: permissions, limits, nonces, history, files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox.world.message_input import MessageInput
from bot.sandbox.world.messages import MOST_KEPT, NONCE_SECONDS, Messages
from bot.sandbox.world.model import Channel, ChannelType, User
from bot.sandbox.world.snowflakes import Snowflakes

if TYPE_CHECKING:
    from bot.sandbox.clock import ManualClock
    from bot.sandbox.world.messages import Message
    from tests.support.caller import Caller

HELLO = {"content": "hello"}
EMBED = {"embeds": [{"title": "Title"}]}


def faults_of(body: Any) -> dict[str, str]:
    """Return the first code at each path of error 50035."""
    found: dict[str, str] = {}

    def walk(node: dict[str, Any], path: str) -> None:
        for key, value in node.items():
            if key == "_errors":
                found[path] = value[0]["code"]
            else:
                walk(value, f"{path}.{key}" if path else key)

    assert body["code"] == 50035
    assert body["message"] == "Invalid Form Body"
    walk(body["errors"], "")
    return found


async def test_a_message_is_sent_read_changed_and_deleted(caller: Caller) -> None:
    path = f"{caller.channel('general')}/messages"
    sent = await caller.call("POST", path, HELLO)
    one = f"{path}/{sent['id']}"
    assert await caller.call("GET", one) == sent
    changed = await caller.call("PATCH", one, {"content": "bye"})
    assert changed["content"] == "bye"
    assert changed["edited_timestamp"]
    await caller.call("DELETE", one, status=204)
    assert (await caller.call("GET", one, status=404))["code"] == 10008


@pytest.mark.parametrize(
    ("place", "body", "status", "code"),
    [
        (("backstage", "Night Owls"), HELLO, 403, 50001),
        (("read-only", "Vinyl Corner"), HELLO, 403, 50013),
        (("plain", "Vinyl Corner"), EMBED, 403, 50013),
        (("Front of house", "Night Owls"), HELLO, 400, 50008),
        (("questions", "Night Owls"), HELLO, 400, 50008),
        (("general", "Night Owls"), {"content": " "}, 400, 50006),
        (("general", "Night Owls"), {}, 400, 50006),
    ],
)
async def test_sending_is_refused_with_discords_code(
    caller: Caller, place: tuple[str, str], body: Any, status: int, code: int
) -> None:
    path = f"{caller.channel(*place)}/messages"
    assert (await caller.call("POST", path, body, status=status))["code"] == code


async def test_a_channel_that_is_not_there_is_unknown(caller: Caller) -> None:
    assert (await caller.call("POST", "/channels/1/messages", HELLO, status=404))["code"] == 10003


async def test_a_guild_without_the_bot_is_out_of_reach(caller: Caller) -> None:
    channel = caller.sandbox.user("stranger", guild="Elsewhere").channel
    body = await caller.call("GET", f"/channels/{channel.id}", status=403)
    assert body["code"] == 50001


async def test_direct_messages_of_others_are_unknown(caller: Caller) -> None:
    channel = caller.sandbox.user("fan", dm_with="stranger").channel
    assert (await caller.call("GET", f"/channels/{channel.id}", status=404))["code"] == 10003


async def test_what_may_not_be_embedded_may_still_be_written(caller: Caller) -> None:
    await caller.call("POST", f"{caller.channel('plain', 'Vinyl Corner')}/messages", HELLO)


async def test_history_without_the_permission_is_empty_and_no_error(caller: Caller) -> None:
    path = f"{caller.channel('archive')}/messages"
    sent = await caller.call("POST", path, HELLO)
    assert await caller.call("GET", path) == []
    assert (await caller.call("GET", f"{path}/{sent['id']}", status=403))["code"] == 50013


async def test_history_is_read_in_pages(caller: Caller) -> None:
    path = f"{caller.channel('general')}/messages"
    ids = [(await caller.call("POST", path, HELLO))["id"] for _ in range(5)]

    async def page(**query: str) -> list[int]:
        return [ids.index(each["id"]) for each in await caller.call("GET", path, query=query)]

    assert await page() == [4, 3, 2, 1, 0]
    assert await page(limit="2") == [4, 3]
    assert await page(before=ids[2]) == [1, 0]
    assert await page(after=ids[1], limit="2") == [3, 2]
    assert await page(around=ids[2], limit="3") == [3, 2, 1]
    body = await caller.call("GET", path, status=400, query={"limit": "101"})
    assert faults_of(body) == {"limit": "NUMBER_TYPE_MAX"}


async def test_somebody_elses_message_cannot_be_edited_nor_deleted(caller: Caller) -> None:
    said = caller.sandbox.user("fan", channel="general").say("mine")
    path = f"{caller.channel('general')}/messages/{said.id}"
    assert (await caller.call("PATCH", path, HELLO, status=403))["code"] == 50005
    assert (await caller.call("DELETE", path, status=403))["code"] == 50013


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"content": "x" * 2001}, {"content": "BASE_TYPE_MAX_LENGTH"}),
        ({"content": 5}, {"content": "STRING_TYPE_CONVERT"}),
        ({"embeds": [{}] * 11}, {"embeds": "BASE_TYPE_MAX_LENGTH"}),
        ({"embeds": [{"title": "x" * 257}]}, {"embeds.0.title": "BASE_TYPE_MAX_LENGTH"}),
        (
            {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
            {"embeds": "MAX_EMBED_SIZE_EXCEEDED"},
        ),
        (
            {"embeds": [{"fields": [{"name": "n"}]}]},
            {"embeds.0.fields.0.value": "BASE_TYPE_REQUIRED"},
        ),
        ({"embeds": [{"url": "ftp://x.y"}]}, {"embeds.0.url": "URL_TYPE_INVALID_SCHEME"}),
        ({"embeds": [{"url": "https://"}]}, {"embeds.0.url": "URL_TYPE_INVALID_URL"}),
        ({"embeds": [{"color": 1 << 24}]}, {"embeds.0.color": "NUMBER_TYPE_MAX"}),
        ({"nonce": "x" * 26, "content": "x"}, {"nonce": "BASE_TYPE_MAX_LENGTH"}),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            {"allowed_mentions": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            {"message_reference": "REPLIES_UNKNOWN_MESSAGE"},
        ),
        (
            {"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "y"}]},
            {"content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
        ),
    ],
)
async def test_faults_of_a_body_are_named_by_path(
    caller: Caller, body: Any, faults: dict[str, str]
) -> None:
    path = f"{caller.channel('general')}/messages"
    assert faults_of(await caller.call("POST", path, body, status=400)) == faults


async def test_an_enforced_nonce_is_sent_once(caller: Caller) -> None:
    path = f"{caller.channel('general')}/messages"
    body = HELLO | {"nonce": "daily-1", "enforce_nonce": True}
    first = await caller.call("POST", path, body)
    assert await caller.call("POST", path, body) == first
    other = await caller.call("POST", path, body | {"nonce": "daily-2"})
    assert other["id"] != first["id"]


async def test_a_nonce_that_is_not_enforced_is_only_told_back(caller: Caller) -> None:
    path = f"{caller.channel('general')}/messages"
    body = HELLO | {"nonce": "daily-1"}
    first, second = [await caller.call("POST", path, body) for _ in range(2)]
    assert first["nonce"] == second["nonce"] == "daily-1"
    assert first["id"] != second["id"]


async def test_a_file_is_sent_named_and_served(caller: Caller) -> None:
    form = aiohttp.FormData(quote_fields=False)
    payload = '{"attachments":[{"id":0,"description":"a cover"}],"embeds":[{"image":{"url":"attachment://a.png"}}]}'
    form.add_field("payload_json", payload)
    form.add_field("files[0]", b"bytes", filename="a.png", content_type="image/png")
    sent = await caller.send("POST", f"{caller.channel('general')}/messages", form)
    (attachment,) = sent["attachments"]
    assert attachment["description"] == "a cover"
    assert attachment["size"] == 5
    assert sent["embeds"][0]["image"]["url"] == attachment["url"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        assert await response.read() == b"bytes"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")


async def test_what_is_no_json_is_refused(caller: Caller) -> None:
    url = f"{caller.sandbox.api_url}{caller.channel('general')}/messages"
    headers = {"Authorization": f"Bot {caller.sandbox.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, data=b"{") as response,
    ):
        assert (response.status, (await response.json())["code"]) == (400, 50109)


async def test_only_announcements_are_published_and_once(caller: Caller) -> None:
    for name, expected in (("general", (400, 50024)), ("news", (200, None))):
        path = f"{caller.channel(name)}/messages"
        sent = await caller.call("POST", path, HELLO)
        one = f"{path}/{sent['id']}/crosspost"
        answer = await caller.call("POST", one, status=expected[0])
        assert answer.get("code") == expected[1]
    assert answer["flags"] == 1
    assert (await caller.call("POST", one, status=400))["code"] == 40033


async def test_mentions_reach_whom_the_sender_allows(caller: Caller) -> None:
    path = f"{caller.channel('general')}/messages"
    fan = caller.sandbox.user("fan").user
    body = {"content": f"<@{fan.id}> @everyone"}
    sent = await caller.call("POST", path, body)
    assert [each["id"] for each in sent["mentions"]] == [str(fan.id)]
    silent = await caller.call("POST", path, body | {"allowed_mentions": {"parse": []}})
    assert (silent["mentions"], silent["mention_everyone"]) == ([], False)


async def test_a_locked_thread_takes_no_messages(caller: Caller) -> None:
    thread = caller.sandbox.user("admin", channel="B-sides").channel
    await caller.call("POST", f"/channels/{thread.id}/messages", HELLO)
    assert thread.thread is not None
    locked = replace(thread, thread=replace(thread.thread, archived=True, locked=True))
    caller.sandbox.world.add_channel(locked)
    body = await caller.call("POST", f"/channels/{thread.id}/messages", HELLO, status=400)
    assert body["code"] == 50083


@pytest.fixture
def messages(clock: ManualClock) -> Messages:
    return Messages(clock, Snowflakes(clock))


def _write(messages: Messages, nonce: str | None = None) -> Message:
    author = User(2, "bot", bot=True)
    draft = MessageInput("hi", None, None, None, None, {}, nonce=nonce, enforce_nonce=True)
    return messages.write(Channel(1, ChannelType.TEXT), author, draft)


def test_a_nonce_is_forgotten_after_a_few_minutes(messages: Messages, clock: ManualClock) -> None:
    first = _write(messages, "n")
    clock.advance(NONCE_SECONDS)
    assert _write(messages, "n").id == first.id
    clock.advance(1)
    assert _write(messages, "n").id != first.id


def test_a_channel_remembers_so_many_messages_and_no_more(messages: Messages) -> None:
    written = [_write(messages).id for _ in range(MOST_KEPT + 1)]
    assert messages.find(1, written[0]) is None
    assert messages.find(1, written[1]) is not None
