"""What people are told when something fails, and what stands in the log."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
import structlog

from bot.client import errors
from bot.client.knowledge import GONE, NO_PACKS
from bot.client.responding import ALREADY_ACKNOWLEDGED
from bot.config import Endpoint
from bot.sandbox.errors import InteractionFailed
from bot.sandbox.http.faults import Fault
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.knowledge import BROKEN, PACK, KnowledgeInMemory
from tests.support.serving import serving
from tests.support.waiting import patience, until

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.client.serve import Bot
    from bot.sandbox.testing import Person


async def test_a_failure_is_one_calm_sentence_with_the_logs_reference(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.fail = BROKEN
    with structlog.testing.capture_logs() as logged:
        reply = await fan.command("ask", question="secret words")
    assert reply.is_ephemeral
    told = re.fullmatch(r"Sorry, that didn’t work\..* reference `([0-9a-f]{8})`\.", reply.text)
    assert told
    (entry,) = [entry for entry in logged if entry["event"] == "answer failed"]
    assert entry["reference"] == told[1]
    assert entry["exc_info"] is BROKEN
    assert "secret words" not in str(logged)


async def test_a_failed_press_leaves_the_message_as_it_was(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    reply = await fan.command("ask", question="maybe")
    before = reply.text
    knowledge.fail = BROKEN
    told = await reply.press("Who plays the drums?")
    assert told.is_ephemeral
    assert "Sorry, that didn’t work." in told.text
    assert reply.text == before


async def test_a_failure_after_a_deferral_takes_the_place_of_thinking(
    fan: Person, knowledge: KnowledgeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold, knowledge.fail = 0.1, BROKEN
    reply = await fan.command("ask", question="maybe")
    assert "Sorry, that didn’t work." in reply.text


@pytest.mark.parametrize(
    ("fail", "told"), [(None, "I’m not sure"), (BROKEN, "Sorry, that didn’t work.")]
)
async def test_what_is_ready_while_its_deferral_is_on_the_way_comes_after_it(  # noqa: PLR0913, PLR0917  # each is a part of it
    fan: Person,
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    monkeypatch: pytest.MonkeyPatch,
    fail: Exception | None,
    told: str,
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold, knowledge.fail = 0.05, fail
    sandbox.faults.add(Fault("slow", seconds=0.5, times=1, method="POST", path="/interactions/*"))
    reply = await fan.command("ask", question="maybe", private=True)
    assert told in reply.text


async def test_a_button_whose_fact_is_gone_says_so_kindly(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    reply = await fan.command("ask", question="maybe")
    del knowledge.facts["drummer"]
    with structlog.testing.capture_logs() as logged:
        told = await reply.press("Who plays the drums?")
    assert told.text == GONE
    assert told.is_ephemeral
    assert logged == []


async def test_a_quote_that_is_gone_says_so_kindly(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    reply = await fan.command("quote")
    del knowledge.quotes["barn-words"]
    assert (await reply.press("Another")).text == GONE


async def test_a_bot_without_any_pack_says_so(fan: Person, knowledge: KnowledgeInMemory) -> None:
    knowledge.titles.clear()
    for command, options in (("ask", {"question": "why?"}), ("quote", {}), ("about", {})):
        assert NO_PACKS in (await fan.command(command, **options)).text


async def test_buttons_of_an_earlier_process_work(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    fan = sandbox.user("fan", guild="Night Owls", channel="general")
    async with serving(sandbox, knowledge, endpoint):
        asked = await fan.command("ask", question="maybe")
        quoted = await fan.command("quote")
        browsed = await fan.command("topics")
    async with serving(sandbox, knowledge, endpoint):
        answer = await asked.press("Where was it recorded?")
        await quoted.press("Another")
        await browsed.choose("The Night Owls")
    assert "They recorded it in a barn." in answer.text
    assert "without them it is only noise" in quoted.text
    assert browsed.text.startswith("## The Night Owls")


async def test_a_button_that_nobody_owns_is_answered(
    fan: Person, app: App, sandbox: Sandbox
) -> None:
    reply = await fan.command("ask", question="maybe")
    _rename(reply.message.components, f"ln1:public:{PACK}:drummer", "ln0:something-older")
    told = await reply.press("ln0:something-older")
    assert told.text == errors.UNOWNED
    assert told.is_ephemeral


async def test_a_button_that_was_replaced_a_moment_before_says_so_immediately(
    fan: Person, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = await fan.command("ask", question="maybe")
    dispatch = sandbox.gateway.dispatch

    def replace_components(name: str, data: Any, **to: Any) -> None:
        dispatch(name, data | {"message": data["message"] | {"components": []}}, **to)

    monkeypatch.setattr(sandbox.gateway, "dispatch", replace_components)
    told = await reply.press("Who plays the drums?")
    assert told.text == errors.REPLACED
    assert told.is_ephemeral


@pytest.mark.parametrize("kind", ["lost_reply", "outage"])
async def test_a_callback_whose_connection_is_lost_is_sent_once_more(
    fan: Person, sandbox: Sandbox, kind: Any
) -> None:
    sandbox.faults.add(Fault(kind, times=1, method="POST", path="/interactions/*"))
    with structlog.testing.capture_logs() as logged:
        reply = await fan.command("ask", question="where was it recorded?")
    assert "barn" in reply.text
    assert not reply.is_ephemeral
    assert logged == []


async def test_a_deferral_whose_reply_is_lost_is_followed_by_the_answer(
    fan: Person,
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold = 0.1
    sandbox.faults.add(Fault("lost_reply", times=1, method="POST", path="/interactions/*"))
    reply = await fan.command("ask", question="where was it recorded?")
    assert "barn" in reply.text
    knowledge.fail = BROKEN
    sandbox.faults.add(Fault("lost_reply", times=1, method="POST", path="/interactions/*"))
    assert "Sorry, that didn’t work." in (await fan.command("ask", question="maybe")).text


async def test_a_sentence_that_cannot_be_sent_is_logged_and_raises_nothing(
    fan: Person, sandbox: Sandbox, knowledge: KnowledgeInMemory
) -> None:
    knowledge.fail = BROKEN
    sandbox.faults.add(Fault("lost_reply", times=None, method="POST", path="/interactions/*"))
    sandbox.faults.add(Fault("lost_reply", times=None, method="POST", path="/webhooks/*"))
    with structlog.testing.capture_logs() as logged:
        fan.begin("ask", question="maybe")
        await until(lambda: len(logged) == 2)
    assert [entry["event"] for entry in logged] == ["answer failed", "could not tell"]


async def test_a_form_that_nobody_owns_is_answered(
    fan: Person, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.app.GUARD_SECONDS", 0.05)
    form = discord.ui.Modal(title="Old", custom_id="of-another-process", timeout=None)
    form.add_item(discord.ui.TextInput(label="Name", custom_id="name"))

    @app.tree.command(name="form", description="Open a form and forget it.")
    async def open_form(interaction: discord.Interaction) -> None:
        form.stop()
        await interaction.response.send_modal(form)

    await app.tree.sync()
    opened = (await fan.command("form")).form
    assert opened is not None
    with structlog.testing.capture_logs() as logged:
        told = await opened.submit({"name": "x"})
    assert told.text == errors.UNOWNED
    assert [entry["event"] for entry in logged] == ["nobody answered"]


async def test_a_command_that_answers_nothing_is_answered_by_the_guard(
    fan: Person, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.app.GUARD_SECONDS", 0.05)

    @app.tree.command(name="mute", description="Say nothing.")
    async def mute(interaction: discord.Interaction) -> None:
        """Say nothing."""

    await app.tree.sync()
    assert (await fan.command("mute")).text == errors.UNOWNED


async def test_a_command_that_is_no_longer_ours_is_answered(fan: Person, app: App) -> None:
    app.tree.remove_command("about")
    assert (await fan.command("about")).text == errors.OLD_COMMAND


async def test_an_answer_that_is_too_late_is_logged_and_nothing_else(
    knowledge: KnowledgeInMemory,
) -> None:
    knowledge.hold = 0.2
    async with Sandbox(small_world(), answer_seconds=0.05) as sandbox:
        endpoint = Endpoint(sandbox.api_url, sandbox.gateway_url)
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        async with serving(sandbox, knowledge, endpoint) as bot:
            with structlog.testing.capture_logs() as logged:
                with pytest.raises(InteractionFailed):
                    await fan.command("ask", question="maybe")
                await bot.app.services.in_flight.wait_until_idle()
        await asyncio.sleep(0)
    assert [(entry["event"], entry.get("code")) for entry in logged] == [
        ("answered too late or twice", errors.UNKNOWN_INTERACTION)
    ]


async def test_an_answer_that_another_process_gave_first_is_logged_and_nothing_else(
    fan: Person,
    bot: Bot,
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = asyncio.Event()
    monkeypatch.setattr(knowledge, "_pause", given.wait)
    asked = fan.begin("ask", question="maybe")
    await until(lambda: bot.services.in_flight.count)
    callback = f"{sandbox.api_url}/interactions/{asked.id}/{asked.token}/callback"
    answer = {"type": 4, "data": {"content": "From another process."}}
    async with aiohttp.ClientSession() as session, session.post(callback, json=answer) as response:
        assert response.status < 300
    with structlog.testing.capture_logs() as logged:
        given.set()
        await until(lambda: not bot.services.in_flight.count)
        await until(lambda: logged)
    assert [(entry["event"], entry.get("code")) for entry in logged] == [
        ("answered too late or twice", ALREADY_ACKNOWLEDGED)
    ]
    assert [each.text for each in fan.read()][-1:] == ["From another process."]
    assert asked.followups == []


async def test_after_a_dropped_gateway_it_answers_again(
    fan: Person, app: App, sandbox: Sandbox
) -> None:
    resumed = asyncio.create_task(app.wait_for("shard_resumed"))
    await asyncio.sleep(0)
    assert sandbox.gateway.drop("close") == 1
    async with patience():
        await resumed
    assert "barn" in (await fan.command("ask", question="where was it recorded?")).text


async def test_a_reload_changes_the_answers_at_once(fan: Person, bot: Bot) -> None:
    reply = await fan.command("ask", question="maybe")
    newer = KnowledgeInMemory()
    newer.facts["drummer"] = replace(newer.facts["drummer"], statement="Nobody does any more.")
    await bot.services.holder.replace(newer)
    answer = await reply.press("Who plays the drums?")
    assert "Nobody does any more." in answer.text


def _rename(part: object, old: str, new: str) -> None:
    if isinstance(part, list):
        for each in part:
            _rename(each, old, new)
    elif isinstance(part, dict):
        if part.get("custom_id") == old:
            part["custom_id"] = new
        for each in part.values():
            _rename(each, old, new)


async def test_typing_into_a_command_that_is_gone_offers_nothing(
    fan: Person, app: App, sandbox: Sandbox
) -> None:
    app.tree.remove_command("ask")
    assert await fan.autocomplete("ask", "question", "where") == []
    assert [each["status"] for each in sandbox.log.requests("POST", "/callback")] == [204]
