"""The page's API keeps the contract in docs/sandbox.md."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox.clock import WallClock
from bot.sandbox.interactions.command_definitions import names_given
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.caller import Caller
    from tests.support.plain_bot import PlainBot


class Page:
    """A page's requests and the events it was sent."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.events: list[dict[str, Any]] = []
        self.general = str(sandbox.user("fan", channel="general").channel.id)

    async def get(
        self, path: str, status: int = 200, /, *, who: str = "admin", **query: str
    ) -> Any:
        url = f"{self.sandbox.page_url}api/{path}"
        async with self.session.get(url, params=query | {"as": who}) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def send(self, path: str, body: Any, status: int = 200, method: str = "POST") -> Any:
        url = f"{self.sandbox.page_url}api/{path}"
        async with self.session.request(method, url, json=body) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def command_id(self, name: str, who: str = "fan") -> str:
        offered = await self.get("commands", channel=self.general, who=who)
        return next(str(each["id"]) for each in offered["commands"] if each["name"] == name)

    async def use(self, name: str, *options: Any, nonce: str = "n") -> str:
        command_id = await self.command_id(name)
        body = {"as": "fan", "channel": self.general, "command": command_id}
        answer = await self.send("command", body | {"options": list(options), "nonce": nonce})
        return str(answer["interaction_id"])

    async def listen(self, after: str = "") -> None:
        """Gather events until cancelled."""
        url = f"{self.sandbox.page_url}api/events"
        async with self.session.get(url, params={"after": after}) as stream:
            assert stream.content_type == "text/event-stream"
            async for line in stream.content:
                if line.startswith(b"data: "):
                    self.events.append(json.loads(line[6:]))

    async def event(self, kind: str, /, **wanted: Any) -> dict[str, Any]:
        """Return the first event of a kind with these fields, waiting for it."""

        def found() -> list[dict[str, Any]]:
            return [
                each
                for each in self.events
                if each["type"] == kind and wanted.items() <= each.items()
            ]

        await until(found)
        return found()[0]


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session)
        listening = asyncio.create_task(page.listen())
        await until(lambda: sandbox.container.feed._listeners)
        yield page
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


ASK = ({"name": "question", "value": "Why?"},)


async def test_the_state_is_the_world_as_a_person_sees_it(page: Page) -> None:
    fan = await page.get("state", who="fan")
    admin = await page.get("state")
    assert admin["actor"]["key"] == "admin"
    assert [each["key"] for each in fan["actors"]] == ["admin", "fan", "stranger"]
    assert [each["name"] for each in fan["guilds"]] == ["Night Owls", "Vinyl Corner", "Elsewhere"]
    seen = [{each["name"] for each in state["guilds"][0]["channels"]} for state in (fan, admin)]
    assert "backstage" not in seen[0]
    assert "backstage" in seen[1]
    assert [each["can_manage"] for each in fan["guilds"]] == [False, False, False]
    assert [each["bot_present"] for each in fan["guilds"]] == [True, True, False]
    assert fan["online"] is False
    assert fan["clock"] == {"movable": False}


async def test_commands_are_named_in_the_language_of_a_persons_discord(
    page: Page, caller: Caller
) -> None:
    option: dict[str, Any] = {
        "type": 3,
        "name": "question",
        "description": "What?",
        "autocomplete": True,
    }
    option |= {"name_localizations": {"de": "frage"}, "description_localizations": {"de": "Was?"}}
    ask: dict[str, Any] = {"name": "ask", "description": "Ask.", "options": [option]}
    ask |= {"name_localizations": {"de": "fragen"}}
    application = caller.sandbox.world.application.id
    await caller.call("PUT", f"/applications/{application}/commands", [ask])
    state = await page.get("state", who="fan")
    channel = state["guilds"][0]["channels"][0]["id"]
    assert state["actor"]["locale"] == "en-US"
    await page.send("language", {"as": "fan", "locale": "de"}, method="PUT")
    assert (await page.get("state", who="fan"))["actor"]["locale"] == "de"
    (shown,) = (await page.get("commands", who="fan", channel=channel))["commands"]
    assert (shown["name"], shown["options"][0]["name"]) == ("fragen", "frage")
    assert shown["options"][0]["description"] == "Was?"
    assert "name_localizations" not in shown
    assert names_given(ask, "de") == {"frage": "question"}


async def test_channels_say_what_can_be_done_in_them(page: Page) -> None:
    state = await page.get("state", who="admin")
    channels = {each["name"]: each for guild in state["guilds"] for each in guild["channels"]}
    assert channels["general"]["can_send"]
    assert channels["general"]["bot_can_see"]
    assert not channels["backstage"]["bot_can_see"]
    assert not channels["Front of house"]["can_send"]
    assert channels["news"]["type"] == 5
    assert channels["B-sides"]["parent_id"] == channels["general"]["id"]


async def test_direct_messages_say_whether_the_bot_is_in_them(page: Page) -> None:
    state = await page.get("state", who="stranger")
    dms = {each["recipients"][0]["username"]: each for each in state["dms"]}
    assert dms["Liner Notes"]["with_bot"]
    assert dms["Liner Notes"]["can_use_commands"]
    assert not dms["robin"]["with_bot"]
    assert dms["robin"]["can_use_commands"]


async def test_nobody_of_that_name_is_a_404(page: Page) -> None:
    assert "nobody" in (await page.get("state", 404, who="noone"))["message"]


async def test_a_hidden_channel_is_refused(page: Page) -> None:
    hidden = str(page.sandbox.user("admin", channel="backstage").channel.id)
    await page.get(f"channels/{hidden}/messages", 403, who="fan")
    await page.get(f"channels/{hidden}/messages", 200, who="admin")
    await page.get("channels/1/messages", 404)


async def test_a_command_is_sent_answered_and_read_back(page: Page, bot: PlainBot) -> None:
    interaction_id = await page.use("ping", nonce="c1")
    sent = await page.event("interaction", nonce="c1", state="sent")
    answered = await page.event("interaction", nonce="c1", state="answered")
    created = await page.event("message_create")
    assert sent["interaction_id"] == answered["interaction_id"] == interaction_id
    assert sent["kind"] == "command"
    assert sent["name"] == "ping"
    assert created["message"]["content"] == "pong"
    assert created["message"]["type"] == 20
    assert created["message"]["interaction_metadata"]["name"] == "ping"
    assert created["visible_to"] is None
    assert answered["message_id"] == created["message"]["id"]
    listed = await page.get(f"channels/{page.general}/messages", who="fan")
    assert listed["messages"] == [created["message"]]


async def test_faults_of_options_name_their_field(page: Page, bot: PlainBot) -> None:
    body = {"as": "fan", "channel": page.general, "command": await page.command_id("ask")}
    answer = await page.send("command", body | {"options": []}, 400)
    assert answer["faults"] == [{"field": "question", "message": "This option is required."}]
    long = [{"name": "question", "value": "x" * 51}, {"name": "count", "value": 9}]
    answer = await page.send("command", body | {"options": long}, 400)
    assert {each["field"] for each in answer["faults"]} == {"question", "count"}


async def test_a_command_that_is_not_offered_is_refused(page: Page, bot: PlainBot) -> None:
    command_id = await page.command_id("manage", "admin")
    body = {"as": "fan", "channel": page.general, "command": command_id}
    await page.send("command", body, 403)


async def test_autocomplete_answers_with_choices(page: Page, bot: PlainBot) -> None:
    body = {
        "as": "fan",
        "channel": page.general,
        "command": await page.command_id("ask"),
        "options": [{"name": "question", "value": "he"}],
        "focused": "question",
    }
    answer = await page.send("autocomplete", body)
    assert answer == {"choices": [{"name": "he!", "value": "he"}], "failed": False}


async def test_a_button_updates_its_message(page: Page, bot: PlainBot) -> None:
    await page.use("ask", *ASK)
    message = (await page.event("message_create"))["message"]
    body = {"as": "fan", "channel": page.general, "message": message["id"]}
    await page.send("component", body | {"custom_id": "change", "nonce": "c2"})
    sent = await page.event("interaction", kind="component", state="sent")
    assert sent["message_id"] == message["id"]
    updated = await page.event("message_update")
    assert updated["message"]["content"] == "changed"
    assert updated["message"]["id"] == message["id"]
    await page.send("component", body | {"custom_id": "none"}, 409)


async def test_a_select_takes_values(page: Page, bot: PlainBot) -> None:
    await page.use("ask", *ASK)
    message = (await page.event("message_create"))["message"]
    body = {"as": "fan", "channel": page.general, "message": message["id"], "custom_id": "album"}
    await page.send("component", body | {"values": ["9"]}, 400)
    await page.send("component", body | {"values": ["1"]})
    await until(lambda: any("chose 1" in str(each) for each in page.events))


async def test_an_ephemeral_message_is_for_one_and_can_be_dismissed(
    page: Page, bot: PlainBot
) -> None:
    await page.use("slowly")
    created = await page.event("message_create")
    fan_id = str(page.sandbox.user("fan").user.id)
    assert created["visible_to"] == fan_id
    assert created["message"]["flags"] == 64 | 128
    thinking = await page.event("interaction", state="thinking")
    assert thinking["message_id"] == created["message"]["id"]
    updated = await page.event("message_update")
    assert updated["message"]["flags"] == 64
    assert updated["message"]["content"] == "at last"
    body = {"channel": page.general, "message": created["message"]["id"]}
    await page.send("dismiss", body | {"as": "admin"}, 409)
    await page.send("dismiss", body | {"as": "fan"})
    deleted = await page.event("message_delete")
    assert (deleted["message_id"], deleted["visible_to"]) == (body["message"], fan_id)
    listed = await page.get(f"channels/{page.general}/messages", who="admin")
    assert listed["messages"] == []


async def test_a_form_opens_and_is_sent(page: Page, bot: PlainBot) -> None:
    opened_id = await page.use("suggest", nonce="c3")
    opened = await page.event("modal", nonce="c3")
    assert opened["interaction_id"] == opened_id
    assert opened["modal"]["title"] == "Suggest a question"
    body = {"as": "fan", "interaction": opened_id, "nonce": "c4"}
    answer = await page.send("modal", body | {"values": {}}, 400)
    assert answer["faults"] == [{"field": "words", "message": "This field is required."}]
    await page.send("modal", body | {"values": {"words": "Why?"}})
    await page.event("interaction", kind="modal", state="answered", nonce="c4")
    assert (await page.event("message_create"))["message"]["content"] == "thank you for Why?"


async def test_a_bot_that_is_away_fails_the_interaction(
    still: Sandbox, still_bot: PlainBot, clock: Any
) -> None:
    async with aiohttp.ClientSession() as session:
        page = Page(still, session)
        still_bot.hold.clear()
        listening = asyncio.create_task(page.listen("0"))
        await page.use("ping")
        clock.advance(3)
        failed = await page.event("interaction", state="failed")
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert failed["reason"] == "The application did not respond"
    still_bot.hold.set()
    await until(lambda: still_bot.failures)


async def test_a_plain_message_is_written(page: Page) -> None:
    body = {"as": "fan", "channel": page.general, "content": " hello ", "nonce": "c5"}
    message = (await page.send("message", body))["message"]
    assert (message["content"], message["nonce"]) == ("hello", "c5")
    await page.send("message", body | {"content": " "}, 400)
    news = str(page.sandbox.user("fan", channel="news").channel.id)
    await page.send("message", body | {"channel": news}, 403)


async def test_one_s_own_message_is_answered_edited_and_deleted(page: Page) -> None:
    body = {"as": "fan", "channel": page.general}
    first = (await page.send("message", body | {"content": "hello"}))["message"]
    reply = await page.send("message", body | {"content": "and?", "reply_to": first["id"]})
    assert reply["message"]["type"] == 19
    assert reply["message"]["referenced_message"]["content"] == "hello"
    body |= {"message": first["id"]}
    await page.send("edit", body | {"as": "admin", "content": "bye"}, 403)
    await page.send("edit", body | {"content": " "}, 400)
    edited = (await page.send("edit", body | {"content": "hello, all"}))["message"]
    assert edited["edited_timestamp"]
    assert (await page.event("message_update"))["message"]["content"] == "hello, all"
    await page.send("delete", body | {"as": "admin"}, 403)
    await page.send("delete", body)
    assert (await page.event("message_delete"))["message_id"] == first["id"]
    await page.send("message", body | {"content": "and?", "reply_to": first["id"]}, 409)


async def test_the_host_program_welcomes_whoever_opens_the_page(page: Page) -> None:
    assert (await page.get("state"))["welcome"] == {"text": "", "lines": []}
    page.sandbox.welcome.put("It answers from one pack.", ["/ask Why?"])
    told = await page.event("welcome")
    assert (told["text"], told["lines"]) == ("It answers from one pack.", ["/ask Why?"])
    assert (await page.get("state"))["welcome"]["lines"] == ["/ask Why?"]


async def test_events_missed_are_sent_again(page: Page) -> None:
    last = str((await page.get("state"))["last_event"])
    body = {"as": "fan", "channel": page.general, "content": "hello"}
    await page.send("message", body)
    other = Page(page.sandbox, page.session)
    listening = asyncio.create_task(other.listen(last))
    assert (await other.event("message_create"))["message"]["content"] == "hello"
    listening.cancel()
    late = Page(page.sandbox, page.session)
    listening = asyncio.create_task(late.listen("999999"))
    await late.event("reset")
    listening.cancel()


async def test_the_log_tells_requests_and_events(page: Page, bot: PlainBot) -> None:
    await page.use("ping")
    await page.event("interaction", state="answered")
    entries = (await page.get("log", limit="1000"))["entries"]
    assert {each["kind"] for each in entries} == {"request", "gateway"}
    event = next(each for each in entries if each.get("name") == "INTERACTION_CREATE")
    assert event["direction"] == "to_bot"
    assert event["data"]["data"]["name"] == "ping"
    callback = next(each for each in entries if each.get("path", "").endswith("/callback"))
    assert callback["method"] == "POST"
    assert callback["request"]["data"]["content"] == "pong"
    later = (await page.get("log", after=str(entries[-2]["id"])))["entries"]
    assert later[0] == entries[-1]
    assert (await page.event("log"))["entry"]["id"] > 0


async def test_faults_are_set_shown_and_used_up(page: Page) -> None:
    fault = {"kind": "error", "status": 502, "times": 1, "path": "/gateway"}
    answer = await page.send("faults", {"faults": [fault]}, method="PUT")
    assert answer["faults"][0]["status"] == 502
    assert (await page.get("state"))["faults"] == answer["faults"]
    async with page.session.get(f"{page.sandbox.api_url}/gateway") as response:
        assert response.status == 502
    await page.event("faults", faults=[])
    await page.send("faults", {"faults": [{"kind": "x"}]}, 400, method="PUT")
    await page.send("faults", {}, 400, method="PUT")


async def test_rate_limits_are_switched(page: Page) -> None:
    assert await page.send("ratelimits", {"enabled": True}, method="PUT") == {"enabled": True}
    assert (await page.get("state"))["ratelimits"] == {"enabled": True}
    await page.event("ratelimits", enabled=True)


async def test_the_gateway_is_dropped(page: Page, bot: PlainBot) -> None:
    await page.event("connection", online=True)
    assert await page.send("gateway/drop", {"how": "close"}) == {"dropped": 1}
    await page.event("connection", online=False)
    await page.send("gateway/drop", {"how": "gently"}, 400)


async def test_notices_of_the_host_program_are_shown_until_taken_back(page: Page) -> None:
    page.sandbox.notices.put("kendall.yaml", "error", "kendall.yaml", "line 4: no such source")
    shown = await page.event("notice")
    assert (shown["level"], shown["text"]) == ("error", "line 4: no such source")
    assert [each["id"] for each in (await page.get("state"))["notices"]] == ["kendall.yaml"]
    page.sandbox.notices.clear("kendall.yaml")
    await page.event("notice_clear", id="kendall.yaml")
    assert (await page.get("state"))["notices"] == []


async def test_commands_that_change_are_told(page: Page, bot: PlainBot) -> None:
    await bot.tree.sync()
    await page.event("commands", guild_id=None)


async def test_the_clock_stands_where_the_host_does_not_move_it(page: Page) -> None:
    await page.send("clock", {"advance": 60}, 400)


async def test_the_clock_is_moved_by_the_host() -> None:
    clock = WallClock()

    async def move(seconds: float) -> None:
        clock.advance(seconds)

    sandbox = Sandbox(small_world(), clock=clock, move_clock=move)
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session)
        before = clock.time()
        await page.send("clock", {"advance": 86_400})
        assert clock.time() - before >= 86_400
        answer = await page.send("clock", {"to": "2100-01-01T09:00:00+00:00"})
        assert answer["now"].startswith("2100-01-01T09:00:0")
        await page.send("clock", {"to": "2001-01-01T00:00:00+00:00"}, 400)
        await page.send("clock", {"to": "soon"}, 400)
        assert (await page.get("state"))["clock"] == {"movable": True}
    await sandbox.close()


@pytest.mark.parametrize("body", ["[]", "{", "5"])
async def test_a_body_that_is_no_object_is_refused(page: Page, body: str) -> None:
    url = f"{page.sandbox.page_url}api/command"
    headers = {"Content-Type": "application/json"}
    async with page.session.post(url, data=body, headers=headers) as response:
        assert response.status == 400


async def test_a_form_of_another_site_is_not_taken(page: Page) -> None:
    url = f"{page.sandbox.page_url}api/command"
    async with page.session.post(url, data={"command": "1"}) as response:
        assert response.status == 400


async def test_what_is_not_there_is_a_404(page: Page) -> None:
    await page.get("nothing", 404)
