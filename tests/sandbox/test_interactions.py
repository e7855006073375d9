"""Interactions answered by hand: what fits, what is too late, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.support.caller import Caller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.clock import ManualClock
    from bot.sandbox.interactions.interactions import Interaction
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person

COMMAND = {
    "name": "ask",
    "description": "Ask",
    "options": [{"type": 3, "name": "word", "description": "Word", "autocomplete": True}],
}
BUTTON = {"type": 2, "style": 1, "label": "A", "custom_id": "a"}
SAID = {"content": "words", "components": [{"type": 1, "components": [BUTTON]}]}


class Answers:
    """A fan's acts, and a bot that answers them by hand."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    @property
    def fan(self) -> Person:
        return self.caller.sandbox.user("fan")

    async def ask(self) -> Interaction:
        application_id = self.caller.sandbox.world.application.id
        await self.caller.call("PUT", f"/applications/{application_id}/commands", [COMMAND])
        return self.fan.begin("ask")

    async def callback(
        self, to: Interaction, kind: int, data: Any = None, *, status: int = 204
    ) -> Any:
        body = {"type": kind, "data": data}
        path = f"/interactions/{to.id}/{to.token}/callback"
        return await self.caller.call("POST", path, body, status=status)

    def webhook(self, to: Interaction) -> str:
        return f"/webhooks/{self.caller.sandbox.world.application.id}/{to.token}"


@pytest.fixture
async def answers(still: Sandbox) -> AsyncIterator[Answers]:
    async with aiohttp.ClientSession() as session:
        yield Answers(Caller(still, session))


async def test_an_answer_in_time_is_taken_and_a_second_is_not(answers: Answers) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 4, SAID)
    body = await answers.callback(asked, 4, SAID, status=400)
    assert body == {"code": 40060, "message": "Interaction has already been acknowledged."}


async def test_three_seconds_are_the_limit(answers: Answers, clock: ManualClock) -> None:
    late, in_time = await answers.ask(), await answers.ask()
    clock.advance(2.99)
    await answers.callback(in_time, 4, SAID)
    clock.advance(0.02)
    body = await answers.callback(late, 4, SAID, status=404)
    assert body == {"code": 10062, "message": "Unknown interaction"}
    assert (late.state, in_time.state) == ("failed", "answered")


async def test_a_wrong_token_is_of_no_interaction(answers: Answers) -> None:
    asked = await answers.ask()
    body = {"type": 4, "data": SAID}
    path = f"/interactions/{asked.id}/wrong/callback"
    assert (await answers.caller.call("POST", path, body, status=404))["code"] == 10062
    assert asked.state == "sent"


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 99])
async def test_a_command_cannot_be_answered_so(answers: Answers, kind: int) -> None:
    body = await answers.callback(await answers.ask(), kind, SAID, status=400)
    assert body["errors"]["type"]["_errors"][0]["code"] == "BASE_TYPE_CHOICES"


async def test_a_wrong_answer_leaves_the_interaction_open(answers: Answers) -> None:
    asked = await answers.ask()
    body = await answers.callback(asked, 4, {"content": "x" * 2001}, status=400)
    assert body["errors"]["data"]["content"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"
    assert (await answers.callback(asked, 4, {}, status=400))["code"] == 50006
    await answers.callback(asked, 4, SAID)


async def test_more_than_25_choices_are_refused(answers: Answers) -> None:
    asked = await answers.ask()
    fan = answers.fan
    choices = [{"name": str(number), "value": str(number)} for number in range(26)]
    command_id = int(asked.action.data["id"])
    typed = fan._actions.complete(fan.actor_context, command_id, [], "word")
    body = await answers.callback(typed, 8, {"choices": choices}, status=400)
    assert body["errors"]["data"]["choices"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"
    await answers.callback(typed, 8, {"choices": choices[:25]})
    assert typed.choices == choices[:25]


async def test_before_the_first_answer_there_is_no_webhook(answers: Answers) -> None:
    asked = await answers.ask()
    body = await answers.caller.call("POST", answers.webhook(asked), SAID, status=404)
    assert body["code"] == 10015


async def test_the_token_counts_for_fifteen_minutes(answers: Answers, clock: ManualClock) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 4, SAID)
    clock.advance(15 * 60 - 1)
    await answers.caller.call("POST", answers.webhook(asked), SAID)
    clock.advance(2)
    body = await answers.caller.call("POST", answers.webhook(asked), SAID, status=401)
    assert body["code"] == 50027


async def test_the_first_follow_up_of_a_thinking_answer_is_that_answer(answers: Answers) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 5, {"flags": 64})
    original = answers.webhook(asked) + "/messages/@original"
    assert (await answers.caller.call("GET", original))["flags"] == 64 | 128
    sent = await answers.caller.call("POST", answers.webhook(asked), SAID)
    assert (await answers.caller.call("GET", original)) == sent
    assert sent["flags"] == 64
    assert sent["edited_timestamp"] is None
    another = await answers.caller.call("POST", answers.webhook(asked), SAID)
    assert another["id"] != sent["id"]


async def test_a_follow_up_is_changed_and_deleted(answers: Answers) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 4, SAID)
    sent = await answers.caller.call("POST", answers.webhook(asked), SAID | {"flags": 64})
    assert sent["flags"] == 64
    one = f"{answers.webhook(asked)}/messages/{sent['id']}"
    assert (await answers.caller.call("PATCH", one, {"content": "new"}))["content"] == "new"
    await answers.caller.call("DELETE", one, status=204)
    assert (await answers.caller.call("GET", one, status=404))["code"] == 10008


async def test_messages_of_others_are_out_of_a_webhooks_reach(answers: Answers) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 4, SAID)
    said = answers.fan.say("mine")
    one = f"{answers.webhook(asked)}/messages/{said.id}"
    assert (await answers.caller.call("PATCH", one, SAID, status=404))["code"] == 10008


async def test_a_message_may_become_a_layout_only_when_it_lays_its_text_down(
    answers: Answers,
) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 5)
    original = answers.webhook(asked) + "/messages/@original"
    layout = {"flags": 1 << 15, "components": [{"type": 10, "content": "words"}]}
    edited = await answers.caller.call("PATCH", original, layout)
    assert edited["flags"] == 1 << 15
    body = await answers.caller.call("PATCH", original, {"content": "x"}, status=400)
    assert "content" in body["errors"]


async def test_an_ephemeral_answer_is_not_in_the_channel(answers: Answers) -> None:
    asked = await answers.ask()
    await answers.callback(asked, 4, SAID | {"flags": 64})
    path = f"/channels/{answers.fan.channel.id}/messages"
    assert await answers.caller.call("GET", path) == []
    one = f"{path}/{asked.original_id}"
    assert (await answers.caller.call("GET", one, status=404))["code"] == 10008
