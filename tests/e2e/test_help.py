"""/help, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.http.faults import Fault
from tests.support.serving import serving

if TYPE_CHECKING:
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory


async def test_help_names_commands_that_can_be_pressed_and_questions_to_try(
    fan: Person, sandbox: Sandbox
) -> None:
    reply = await fan.command("help")
    assert reply.is_ephemeral
    known = {each["name"]: each["id"] for each in sandbox.container.commands.registered(None)}
    for name in ("ask", "quote", "release", "topics", "about", "privacy show"):
        assert f"</{name}:{known[name.split()[0]]}>" in reply.text
    assert "Ask about **The Night Owls**" in reply.text
    assert "*Answer from the notes*" in reply.text
    assert "daily" not in reply.text
    assert "ask whoever runs it" in reply.text
    application = sandbox.world.application.id
    assert f"https://discord.com/oauth2/authorize?client_id={application}" in str(reply.json)
    answer = await reply.press("Where was it recorded?")
    assert answer.is_ephemeral
    assert "They recorded it in a barn." in answer.text


async def test_whoever_manages_the_server_is_shown_the_commands_for_that(admin: Person) -> None:
    assert "</daily set:" in (await admin.command("help")).text


async def test_the_ids_of_the_commands_are_asked_for_once(fan: Person, sandbox: Sandbox) -> None:
    before = len(sandbox.log.requests("GET", "/commands"))
    await fan.command("help")
    await fan.command("help")
    assert len(sandbox.log.requests("GET", "/commands")) == before + 1


async def test_commands_have_plain_names_while_discord_does_not_tell_their_ids(
    fan: Person, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("error", status=403, path="/applications/*/commands"))
    assert "`/ask` answers a question" in (await fan.command("help")).text


async def test_the_host_says_where_people_get_help(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    page = "https://discord.gg/owls"
    async with serving(sandbox, knowledge, endpoint, help_page=page):
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        reply = await fan.command("help")
        assert "Ask for help" in reply.buttons
        assert page in str(reply.json)
        assert "ask whoever runs it" not in reply.text


async def test_help_without_packs_says_so(fan: Person, knowledge: KnowledgeInMemory) -> None:
    knowledge.titles = {}
    assert "This bot has no packs yet" in (await fan.command("help")).text
