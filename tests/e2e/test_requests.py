"""What the bot sends, for every command in every outcome, is what Discord's description allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.knowledge import BROKEN, KnowledgeInMemory
from tests.support.openapi import Description
from tests.support.shared import DESCRIPTION, is_described
from tests.support.waiting import until

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person


@pytest.fixture
async def used(fan: Person, knowledge: KnowledgeInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use everything there is, in every outcome."""
    for question in ("where was it recorded?", "maybe", "shoe size", "quarks"):
        await fan.command("ask", question=question)
    await fan.autocomplete("ask", "question", "drums")
    asked = await fan.command("ask", question="maybe", private=True)
    answered = await asked.press("Who plays the drums?")
    await answered.press("Show everyone here")
    message = fan.say("Where was it recorded?")
    answered = await fan.menu("Answer from the notes", message.id)
    await answered.press("Post as a reply")
    quoted = await fan.command("quote", about="noise")
    await quoted.press("Another")
    await fan.command("quote", about="nothing of the kind")
    released = await fan.command("release", title="hoot")
    await released.choose("Early Bird")
    unknown = await fan.command("release", title="nothing of the kind")
    await unknown.choose("Early Bird")
    browsed = await fan.command("topics")
    await browsed.choose("The Night Owls")
    await browsed.choose("When do they tour?")
    await fan.command("about")
    await fan.command("help")
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold = 0.05
    late = await fan.command("ask", question="maybe")
    await until(lambda: bool(late.followups))
    await late.followups[0].press("Who plays the drums?")
    knowledge.fail = BROKEN
    await fan.command("ask", question="maybe")
    await quoted.press("Another")


@pytest.mark.shared
@is_described
async def test_every_request_is_as_discord_describes_it(used: None, sandbox: Sandbox) -> None:
    description = Description.load(DESCRIPTION)
    requests = sandbox.log.requests()
    for sent in requests:
        description.check_request(sent["method"], sent["path"], sent["request"])
        assert sent["status"] < 400, sent
    assert len(requests) > 25


async def test_no_message_may_mention_anyone(used: None, sandbox: Sandbox) -> None:
    bodies = [sent["request"] for sent in sandbox.log.requests() if sent["method"] != "GET"]
    messages = [body.get("data", body) for body in bodies if isinstance(body, dict)]
    shown = [m for m in messages if m.get("components") or m.get("content")]
    assert len(shown) > 15
    assert all(message["allowed_mentions"] == {"parse": []} for message in shown)


async def test_no_message_is_asked_for_in_return(used: None, sandbox: Sandbox) -> None:
    answers = sandbox.log.requests("POST", "/callback")
    assert len(answers) > 15
    assert {answer["status"] for answer in answers} == {204}


async def test_nothing_is_kept_of_what_was_sent(used: None, app: App) -> None:
    assert not app.persistent_views
    assert not list(app.cached_messages)
    assert not app.services.in_flight.count


def test_no_intent_is_asked_for(app: App, sandbox: Sandbox) -> None:
    (identified,) = sandbox.log.frames("IDENTIFY")
    assert identified["data"]["intents"] == 0
