"""Every endpoint of the sandbox, its requests and answers held against Discord's description."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox.http.api import ROUTES
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from bot.sandbox.world.permissions import Permission
from tests.support.openapi import Description
from tests.support.shared import DESCRIPTION, is_described

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.interactions.interactions import Interaction

pytestmark = [pytest.mark.shared, is_described]


@dataclass(frozen=True)
class Ask:
    """A request of a case; `ids` stand in for those that the stage has ready."""

    json: Any = None
    status: int = 200
    query: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    act: str = "command"
    is_wrong: bool = False


EMBED = {
    "title": "A title",
    "description": "Words",
    "url": "https://example.com/a",
    "color": 0x123456,
    "timestamp": "2026-01-01T00:00:00+00:00",
    "author": {"name": "Somebody", "icon_url": "https://example.com/i.png"},
    "footer": {"text": "below"},
    "image": {"url": "https://example.com/i.png"},
    "thumbnail": {"url": "https://example.com/i.png"},
    "fields": [{"name": "one", "value": "1", "inline": True}, {"name": "two", "value": "2"}],
}
BUTTONS = {
    "type": 1,
    "components": [
        {"type": 2, "style": 1, "label": "Press", "custom_id": "press"},
        {"type": 2, "style": 5, "label": "Look", "url": "https://example.com"},
        {"type": 2, "style": 2, "emoji": {"name": "🎵"}, "custom_id": "note", "disabled": True},
    ],
}
SELECT = {
    "type": 3,
    "custom_id": "album",
    "placeholder": "Which?",
    "options": [{"label": "One", "value": "1", "description": "the first", "default": True}],
}
SELECTS = [
    {"type": 1, "components": [SELECT]},
    *(
        {"type": 1, "components": [{"type": kind, "custom_id": f"select{kind}"}]}
        for kind in (5, 6, 7, 8)
    ),
]
LAYOUT = [
    {"type": 10, "content": "# Heading"},
    {
        "type": 17,
        "accent_color": 0x123456,
        "components": [
            {
                "type": 9,
                "components": [{"type": 10, "content": "Words"}],
                "accessory": {
                    "type": 11,
                    "media": {"url": "https://example.com/i.png"},
                    "description": "A cover",
                },
            },
            {
                "type": 9,
                "components": [{"type": 10, "content": "More"}],
                "accessory": {"type": 2, "style": 2, "label": "Go", "custom_id": "go"},
            },
            {"type": 14, "divider": True, "spacing": 2},
            {"type": 12, "items": [{"media": {"url": "https://example.com/i.png"}}]},
            BUTTONS,
        ],
    },
]
MESSAGE = {"content": "hello", "embeds": [EMBED], "components": [BUTTONS]}
LAID_OUT = {"flags": 1 << 15, "components": LAYOUT}
TICKS = [{"label": "A", "value": "a", "default": True}, {"label": "B", "value": "b"}]
MODAL = {
    "custom_id": "form",
    "title": "A form",
    "components": [
        {"type": 10, "content": "Please"},
        {
            "type": 18,
            "label": "Words",
            "component": {"type": 4, "custom_id": "words", "style": 2, "required": False},
        },
        {"type": 18, "label": "Which", "component": SELECT | {"required": False}},
        {
            "type": 18,
            "label": "One",
            "component": {"type": 21, "custom_id": "one", "options": TICKS, "required": False},
        },
        {
            "type": 18,
            "label": "Some",
            "component": {"type": 22, "custom_id": "some", "options": TICKS, "max_values": 2},
        },
    ],
}
COMMAND = {
    "name": "ask",
    "description": "Ask something",
    "options": [
        {
            "type": 3,
            "name": "question",
            "description": "What to ask",
            "required": True,
            "autocomplete": True,
            "max_length": 100,
        },
        {
            "type": 4,
            "name": "count",
            "description": "How many",
            "min_value": 1,
            "max_value": 9,
        },
        {
            "type": 3,
            "name": "kind",
            "description": "Which kind",
            "choices": [{"name": "One", "value": "1"}],
        },
        {"type": 7, "name": "where", "description": "In", "channel_types": [0, 5]},
    ],
    "contexts": [0, 1, 2],
    "integration_types": [0, 1],
}
GROUP = {
    "name": "daily",
    "description": "The daily post",
    "default_member_permissions": 32,
    "options": [
        {
            "type": 1,
            "name": "set",
            "description": "Set it",
            "options": [{"type": 5, "name": "on", "description": "Whether"}],
        }
    ],
}
UNKNOWN = Ask(status=404, ids={"channel_id": "1", "message_id": "1", "command_id": "1"})
COMMANDS = [COMMAND, GROUP, {"name": "Look up", "type": 2}]
EMPTY: dict[str, Any] = {"content": ""}

CASES: dict[str, list[Ask]] = {
    "GET /gateway": [Ask()],
    "GET /gateway/bot": [Ask()],
    "GET /users/@me": [Ask()],
    "GET /users/{user_id}": [Ask(), Ask(status=404, ids={"user_id": "1"})],
    "GET /users/@me/guilds": [Ask(), Ask(query={"limit": "1", "after": "0"})],
    "DELETE /users/@me/guilds/{guild_id}": [Ask(status=204), Ask(status=404)],
    "POST /users/@me/channels": [Ask({"recipient_id": "{user_id}"})],
    "GET /applications/@me": [Ask()],
    "GET /oauth2/applications/@me": [Ask()],
    "GET /applications/{application_id}/commands": [
        Ask(),
        Ask(status=404, ids={"application_id": "1"}),
    ],
    "POST /applications/{application_id}/commands": [
        Ask(COMMAND | {"name": "new"}, status=201),
        Ask(COMMAND | {"description": "Changed"}),
    ],
    "PUT /applications/{application_id}/commands": [Ask(COMMANDS), Ask([])],
    "GET /applications/{application_id}/commands/{command_id}": [Ask(), UNKNOWN],
    "PATCH /applications/{application_id}/commands/{command_id}": [Ask({"description": "New"})],
    "DELETE /applications/{application_id}/commands/{command_id}": [Ask(status=204)],
    "GET /applications/{application_id}/guilds/{guild_id}/commands": [Ask()],
    "POST /applications/{application_id}/guilds/{guild_id}/commands": [Ask(GROUP, status=201)],
    "PUT /applications/{application_id}/guilds/{guild_id}/commands": [Ask(COMMANDS)],
    "GET /applications/{application_id}/guilds/{guild_id}/commands/{command_id}": [
        Ask(ids={"command_id": "{own_command_id}"})
    ],
    "PATCH /applications/{application_id}/guilds/{guild_id}/commands/{command_id}": [
        Ask({"name": "other"}, ids={"command_id": "{own_command_id}"})
    ],
    "DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}": [
        Ask(status=204, ids={"command_id": "{own_command_id}"})
    ],
    "GET /applications/{application_id}/guilds/{guild_id}/commands/permissions": [Ask()],
    "POST /interactions/{interaction_id}/{interaction_token}/callback": [
        Ask({"type": 4, "data": MESSAGE}, status=204),
        Ask({"type": 4, "data": MESSAGE}, query={"with_response": "true"}),
        Ask({"type": 4, "data": LAID_OUT}, query={"with_response": "true"}),
        Ask({"type": 4, "data": {"components": SELECTS}}, query={"with_response": "true"}),
        Ask({"type": 5, "data": {"flags": 64}}, query={"with_response": "true"}),
        Ask({"type": 6}, query={"with_response": "true"}, act="component"),
        Ask({"type": 7, "data": {"content": "new"}}, 204, act="component"),
        Ask({"type": 8, "data": {"choices": [{"name": "a", "value": "a"}]}}, 204, act="complete"),
        Ask({"type": 9, "data": MODAL}, query={"with_response": "true"}),
        Ask({"type": 4, "data": {"content": "x"}}, query={"with_response": "true"}, act="modal"),
    ],
    "POST /webhooks/{webhook_id}/{webhook_token}": [
        Ask(MESSAGE, query={"wait": "true"}),
        Ask(LAID_OUT, query={"wait": "true"}),
        Ask(EMPTY, 400),
        Ask(MESSAGE, 404, ids={"webhook_token": "wrong"}),
    ],
    **{
        f"{method} /webhooks/{{webhook_id}}/{{webhook_token}}/messages/{which}": asks
        for which in ("@original", "{message_id}")
        for method, asks in {
            "GET": [Ask(ids={"message_id": "{followup_id}"})],
            "PATCH": [Ask({"content": "new"}, ids={"message_id": "{followup_id}"})],
            "DELETE": [Ask(status=204, ids={"message_id": "{followup_id}"})],
        }.items()
    },
    "GET /guilds/{guild_id}": [
        Ask(),
        Ask(query={"with_counts": "true"}),
        Ask(status=404, ids={"guild_id": "1"}),
    ],
    "GET /guilds/{guild_id}/channels": [Ask()],
    "GET /guilds/{guild_id}/threads/active": [Ask()],
    "GET /guilds/{guild_id}/roles": [Ask()],
    "GET /guilds/{guild_id}/roles/{role_id}": [Ask(), Ask(status=404, ids={"role_id": "1"})],
    "GET /guilds/{guild_id}/members": [Ask(query={"limit": "10"})],
    "GET /guilds/{guild_id}/members/{user_id}": [Ask(), Ask(status=404, ids={"user_id": "1"})],
    "GET /channels/{channel_id}": [
        Ask(),
        Ask(ids={"channel_id": "{news_id}"}),
        Ask(ids={"channel_id": "{forum_id}"}),
        Ask(ids={"channel_id": "{category_id}"}),
        Ask(ids={"channel_id": "{thread_id}"}),
        Ask(ids={"channel_id": "{dm_id}"}),
        UNKNOWN,
    ],
    "PATCH /channels/{channel_id}": [
        Ask({"topic": "New"}),
        Ask({"archived": True}, ids={"channel_id": "{thread_id}"}),
        Ask({"name": ""}, 400, is_wrong=True),
    ],
    "DELETE /channels/{channel_id}": [Ask(), Ask(status=404)],
    "PUT /channels/{channel_id}/permissions/{overwrite_id}": [
        Ask({"type": 0, "allow": 2048, "deny": 0}, 204)
    ],
    "DELETE /channels/{channel_id}/permissions/{overwrite_id}": [Ask(status=204)],
    "POST /channels/{channel_id}/typing": [Ask(status=204)],
    "POST /channels/{channel_id}/threads": [
        Ask({"name": "Thread", "type": 11}, 201),
        Ask({"name": "Private", "type": 12, "auto_archive_duration": 60}, 201),
        Ask(
            {"name": "Post", "message": {"content": "First"}},
            201,
            ids={"channel_id": "{forum_id}"},
        ),
    ],
    "POST /channels/{channel_id}/messages/{message_id}/threads": [
        Ask({"name": "On it"}, 201),
        Ask({"name": "Again"}, 400),
    ],
    "PUT /channels/{channel_id}/thread-members/@me": [
        Ask(status=204, ids={"channel_id": "{thread_id}"})
    ],
    "DELETE /channels/{channel_id}/thread-members/@me": [
        Ask(status=204, ids={"channel_id": "{thread_id}"})
    ],
    "GET /channels/{channel_id}/messages": [Ask(), Ask(query={"limit": "1"})],
    "POST /channels/{channel_id}/messages": [
        Ask(MESSAGE | {"nonce": "n1", "enforce_nonce": True}),
        Ask(LAID_OUT),
        Ask({"content": "re", "message_reference": {"message_id": "{message_id}"}}),
        Ask({"content": "<@{user_id}>", "allowed_mentions": {"parse": ["users"]}}),
        Ask({"content": ""}, 400),
        Ask({"content": "x" * 4001}, 400, is_wrong=True),
    ],
    "GET /channels/{channel_id}/messages/{message_id}": [Ask(), UNKNOWN],
    "PATCH /channels/{channel_id}/messages/{message_id}": [Ask({"content": "new"})],
    "DELETE /channels/{channel_id}/messages/{message_id}": [Ask(status=204), Ask(status=404)],
    "POST /channels/{channel_id}/messages/{message_id}/crosspost": [
        Ask(ids={"channel_id": "{news_id}", "message_id": "{news_message_id}"})
    ],
}


class Stage:
    """A sandbox with one of everything, and the ids of it."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session
        guild = sandbox.user("fan", guild="Night Owls").actor_context.guild
        assert guild is not None
        own = next(each for each in guild.roles.values() if each.bot_id)
        guild.roles[own.id] = replace(own, permissions=int(Permission.ADMINISTRATOR))
        named = {each.name: str(each.id) for each in guild.channels.values()}
        application_id = str(sandbox.world.application.id)
        self.ids = {
            "application_id": application_id,
            "webhook_id": application_id,
            "user_id": str(sandbox.user("fan").user.id),
            "guild_id": str(guild.id),
            "role_id": str(own.id),
            "overwrite_id": str(own.id),
            "channel_id": named["general"],
            "news_id": named["news"],
            "forum_id": named["questions"],
            "category_id": named["Front of house"],
            "thread_id": named["B-sides"],
            "dm_id": str(sandbox.user("fan", dm_with="bot").channel.id),
        }

    async def set_up(self) -> None:
        """Send messages, register commands, and have an interaction answered."""
        messages = "/channels/{channel_id}/messages"
        commands = "/applications/{application_id}/commands"
        own_commands = "/applications/{application_id}/guilds/{guild_id}/commands"
        webhook = "/webhooks/{webhook_id}/{webhook_token}"
        news = {"channel_id": self.ids["news_id"]}
        self.ids["message_id"] = (await self.ask("POST", messages, Ask(MESSAGE)))["id"]
        sent = await self.ask("POST", messages, Ask(MESSAGE, ids=news))
        self.ids["news_message_id"] = sent["id"]
        self.ids["command_id"] = (await self.ask("POST", commands, Ask(COMMAND, 201)))["id"]
        own = await self.ask("POST", own_commands, Ask({"name": "Own", "type": 3}, 201))
        self.ids["own_command_id"] = own["id"]
        await self.answer(self.act("command"), {"type": 4, "data": MESSAGE})
        self.ids["followup_id"] = (await self.ask("POST", webhook, Ask(MESSAGE)))["id"]

    def act(self, kind: str) -> Interaction:
        """Have the fan do something, and note the interaction's id and token."""
        fan = self.sandbox.user("fan", channel="general")
        acts = fan._actions
        command_id = int(self.ids["command_id"])
        typed = [{"name": "question", "value": "Why?"}]
        if kind == "complete":
            interaction = acts.complete(fan.actor_context, command_id, typed, "question")
        elif kind == "component":
            message = acts.message(fan.actor_context, int(self.ids["message_id"]))
            interaction = acts.press(fan.actor_context, message, "press")
        elif kind == "modal":
            opened = self.sandbox.container.interactions.get(int(self.ids["opened_id"]))
            assert opened is not None
            interaction = acts.submit(fan.user, opened, {"words": "some"})
        else:
            interaction = acts.use(fan.actor_context, command_id, typed)
        self.ids["interaction_id"] = str(interaction.id)
        self.ids["interaction_token"] = self.ids["webhook_token"] = interaction.token
        return interaction

    async def answer(self, interaction: Interaction, body: Any) -> None:
        """Answer an interaction."""
        path = "/interactions/{interaction_id}/{interaction_token}/callback"
        await self.ask("POST", path, Ask(body, 204))
        self.ids["webhook_token"] = interaction.token

    async def ask(self, method: str, template: str, ask: Ask) -> Any:
        """Send a request and return the answer's JSON."""
        ids = self.ids | {key: value.format(**self.ids) for key, value in ask.ids.items()}
        body = ask.json
        if body is not None:
            body = json.loads(_filled(json.dumps(body), ids))
        url = self.sandbox.api_url + template.format(**ids)
        headers = {"Authorization": f"Bot {self.sandbox.token}"}
        async with self._session.request(
            method, url, json=body, params=ask.query, headers=headers
        ) as response:
            text = await response.text()
            assert response.status == ask.status, text
            return json.loads(text) if text else None


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.fixture(scope="module")
def description() -> Description:
    return Description.load(DESCRIPTION)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    sandbox = Sandbox(small_world())
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        stage = Stage(sandbox, session)
        await stage.set_up()
        yield stage
    await sandbox.close()


def test_every_endpoint_of_the_sandbox_has_a_case() -> None:
    assert set(CASES) == {f"{route.method} {route.path}" for route in ROUTES}


@pytest.mark.parametrize("endpoint", CASES)
async def test_an_endpoint_is_as_discord_describes_it(
    endpoint: str, stage: Stage, description: Description
) -> None:
    method, template = endpoint.split(" ")
    wrong: list[int] = []
    for ask in CASES[endpoint]:
        if "interaction_token" in template:
            if ask.act == "modal":
                opened = stage.act("command")
                await stage.answer(opened, {"type": 9, "data": MODAL})
                stage.ids["opened_id"] = str(opened.id)
            stage.act(ask.act)
        await stage.ask(method, template, ask)
        if ask.is_wrong:
            wrong.append(stage.sandbox.log.entries[-1]["id"])
    for entry in stage.sandbox.log.requests():
        if entry["id"] not in wrong:
            description.check_request(
                entry["method"], entry["path"], entry["request"], entry["query"]
            )
        description.check_response(
            entry["method"], entry["path"], entry["status"], entry["response"]
        )
